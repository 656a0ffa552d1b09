"""Facts of payments. Ids, and what is kept nowhere else; whoever hears one reads the rest."""

from dataclasses import dataclass


@dataclass(frozen=True)
class FundsHeld:
    """A sponsor's money was set aside for an ad request."""

    payment_id: str
    reference: str


@dataclass(frozen=True)
class FundsReleased:
    """An influencer earned a milestone (or a commission); it may be in its hold period."""

    payment_id: str
    reference: str


@dataclass(frozen=True)
class FundsMatured:
    """A release may be withdrawn now."""

    payment_id: str


@dataclass(frozen=True)
class FundsRefunded:
    """Held money went back to the sponsor's wallet."""

    payment_id: str
    reference: str


@dataclass(frozen=True)
class FundsTakenBack:
    """What an influencer had earned goes back to the sponsor; part of it may be owed."""

    clawback_id: str
    influencer_id: str


@dataclass(frozen=True)
class DepositSettled:
    deposit_id: str
    sponsor_id: str


@dataclass(frozen=True)
class DepositDeclined:
    deposit_id: str
    sponsor_id: str


@dataclass(frozen=True)
class WalletReturned:
    """Money of a sponsor's wallet was sent back to them; `reason` is an admin's."""

    payment_id: str
    sponsor_id: str
    reason: str


@dataclass(frozen=True)
class WithdrawalPaid:
    withdrawal_id: str
    influencer_id: str


@dataclass(frozen=True)
class WithdrawalFailed:
    withdrawal_id: str
    influencer_id: str


@dataclass(frozen=True)
class WithdrawalRefused:
    withdrawal_id: str
    influencer_id: str


@dataclass(frozen=True)
class WithdrawalAwaitsApproval:
    withdrawal_id: str
    influencer_id: str


@dataclass(frozen=True)
class WithdrawalOverdue:
    """A withdrawal was not approved, or not paid, until its deadline."""

    withdrawal_id: str
    influencer_id: str


@dataclass(frozen=True)
class PayoutDetailsChanged:
    """`label` names the new ones without saying them; None when they were removed."""

    influencer_id: str
    label: str | None
