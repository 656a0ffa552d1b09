"""The posting rules: which two accounts a movement of money touches, and in which direction.

Pure: no database, no clock. Every account's balance is kept in its normal direction (cash and
claims grow by debits, what we owe grows by credits), so that no balance may fall below zero and,
for each currency, the balances of the first kind sum to those of the second.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class AccountKind(StrEnum):
    """What an account holds. `cash` is kept per gateway, `escrow` per ad request.

    What is taken back after an influencer has withdrawn it is owed by them (`clawback_receivable`)
    and due to the sponsor once it is earned again (`clawback_due`); the two are always equal.
    `operator_money` is what of a gateway's cash is the operator's own: what they paid in less what
    the gateway charged. It alone may fall below zero: the operator then owes the difference.
    """

    CASH = "cash"
    SPONSOR_WALLET = "sponsor_wallet"
    ESCROW = "escrow"
    INFLUENCER_HELD = "influencer_held"
    INFLUENCER_AVAILABLE = "influencer_available"
    WITHDRAWAL_IN_FLIGHT = "withdrawal_in_flight"
    PLATFORM_FEES = "platform_fees"
    CLAWBACK_RECEIVABLE = "clawback_receivable"
    CLAWBACK_DUE = "clawback_due"
    OPERATOR_MONEY = "operator_money"


class TransferKind(StrEnum):
    """Why money moved. Nothing posts `reversal` yet: it is for what an admin sets right."""

    DEPOSIT = "deposit"
    HOLD = "hold"
    RELEASE = "release"
    COMMISSION = "commission"
    MATURE = "mature"
    REFUND = "refund"
    PLATFORM_FEE = "platform_fee"
    WITHDRAW = "withdraw"
    PAYOUT = "payout"
    PAYOUT_FAILED = "payout_failed"
    CLAWBACK = "clawback"
    CLAWBACK_OWED = "clawback_owed"
    CLAWBACK_REPAID = "clawback_repaid"
    REVERSAL = "reversal"
    OWN_MONEY = "own_money"
    GATEWAY_COST = "gateway_cost"
    WALLET_RETURN = "wallet_return"


# A gateway takes its fee whether or not the operator has paid in: refusing to book it would only
# make the cash wrong.
WITHOUT_FLOOR = frozenset({AccountKind.OPERATOR_MONEY})
# What others hold for us or owe to us; every other kind is what we owe or have earned.
DEBIT_NORMAL = frozenset({AccountKind.CASH, AccountKind.CLAWBACK_RECEIVABLE})
SPONSOR_OWNED = frozenset(
    {AccountKind.SPONSOR_WALLET, AccountKind.ESCROW, AccountKind.CLAWBACK_DUE}
)
INFLUENCER_OWNED = frozenset(
    {
        AccountKind.INFLUENCER_HELD,
        AccountKind.INFLUENCER_AVAILABLE,
        AccountKind.WITHDRAWAL_IN_FLIGHT,
        AccountKind.CLAWBACK_RECEIVABLE,
    }
)


@dataclass(frozen=True, order=True)
class AccountKey:
    """What makes an account the one that it is. `reference` is the ad request of an escrow, the
    gateway of cash and of money in flight, and empty elsewhere."""

    kind: AccountKind
    currency: str
    owner_id: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Posting:
    """One movement of `amount` minor units; `key` lets it happen once.

    `reference` is the ad request (or empty), `subject` the milestone, deposit or withdrawal.
    """

    kind: TransferKind
    debit: AccountKey
    credit: AccountKey
    amount: int
    key: str
    reference: str = ""
    subject: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.amount, int) or isinstance(self.amount, bool) or self.amount <= 0:
            raise ValueError("a posting moves a whole, positive amount")
        if self.debit == self.credit:
            raise ValueError("a posting needs two accounts")
        if self.debit.currency != self.credit.currency:
            raise ValueError("a posting stays in one currency")


def effects(posting: Posting) -> dict[AccountKey, int]:
    """By how much each of the two balances changes, in its normal direction."""
    debit = 1 if posting.debit.kind in DEBIT_NORMAL else -1
    credit = -1 if posting.credit.kind in DEBIT_NORMAL else 1
    return {posting.debit: debit * posting.amount, posting.credit: credit * posting.amount}


# --- accounts -----------------------------------------------------------------------------------


def cash(gateway: str, currency: str) -> AccountKey:
    """What lies at a gateway."""
    return AccountKey(AccountKind.CASH, currency, reference=gateway)


def wallet(sponsor_id: str, currency: str) -> AccountKey:
    """What a sponsor may commit."""
    return AccountKey(AccountKind.SPONSOR_WALLET, currency, sponsor_id)


def escrow(sponsor_id: str, currency: str, reference: str) -> AccountKey:
    """What is held for one ad request."""
    return AccountKey(AccountKind.ESCROW, currency, sponsor_id, reference)


def held(influencer_id: str, currency: str) -> AccountKey:
    """What an influencer has earned and may not withdraw yet."""
    return AccountKey(AccountKind.INFLUENCER_HELD, currency, influencer_id)


def available(influencer_id: str, currency: str) -> AccountKey:
    """What an influencer may withdraw."""
    return AccountKey(AccountKind.INFLUENCER_AVAILABLE, currency, influencer_id)


def in_flight(influencer_id: str, currency: str, gateway: str) -> AccountKey:
    """What is on its way to an influencer through a gateway."""
    return AccountKey(AccountKind.WITHDRAWAL_IN_FLIGHT, currency, influencer_id, gateway)


def owed_by(influencer_id: str, currency: str) -> AccountKey:
    """What an influencer owes, since it was taken back after they withdrew it."""
    return AccountKey(AccountKind.CLAWBACK_RECEIVABLE, currency, influencer_id)


def due_to(sponsor_id: str, currency: str) -> AccountKey:
    """What a sponsor gets back once influencers have earned it again."""
    return AccountKey(AccountKind.CLAWBACK_DUE, currency, sponsor_id)


def operator_money(gateway: str, currency: str) -> AccountKey:
    """What of a gateway's cash is the operator's own."""
    return AccountKey(AccountKind.OPERATOR_MONEY, currency, reference=gateway)


def platform_fees(currency: str) -> AccountKey:
    """What the platform has earned."""
    return AccountKey(AccountKind.PLATFORM_FEES, currency)


# --- movements ----------------------------------------------------------------------------------


def deposit(deposit_id: str, sponsor_id: str, gateway: str, currency: str, amount: int) -> Posting:
    """Money came in through a gateway for a sponsor."""
    return Posting(
        TransferKind.DEPOSIT,
        debit=cash(gateway, currency),
        credit=wallet(sponsor_id, currency),
        amount=amount,
        key=f"deposit:{deposit_id}",
        subject=deposit_id,
    )


def wallet_return(sponsor_id: str, gateway: str, currency: str, amount: int, name: str) -> Posting:
    """Money of a wallet was sent back to its sponsor. `name` is the gateway's own of the
    movement: the entry of a bank's statement counts once."""
    return Posting(
        TransferKind.WALLET_RETURN,
        debit=wallet(sponsor_id, currency),
        credit=cash(gateway, currency),
        amount=amount,
        key=f"{gateway}:returned:{name}",
        subject=name,
    )


def hold(reference: str, sponsor_id: str, currency: str, amount: int) -> Posting:
    """A sponsor's money is set aside for an ad request."""
    return Posting(
        TransferKind.HOLD,
        debit=wallet(sponsor_id, currency),
        credit=escrow(sponsor_id, currency, reference),
        amount=amount,
        key=f"hold:{reference}",
        reference=reference,
    )


def release(
    escrow_account: AccountKey,
    milestone: str,
    influencer_id: str,
    amount: int,
    kind: TransferKind = TransferKind.RELEASE,
) -> Posting:
    """A milestone is earned; the money stays in its hold period. `kind` may be COMMISSION."""
    return Posting(
        kind,
        debit=escrow_account,
        credit=held(influencer_id, escrow_account.currency),
        amount=amount,
        key=f"release:{escrow_account.reference}:{milestone}",
        reference=escrow_account.reference,
        subject=milestone,
    )


def mature(
    maturity_id: str, influencer_id: str, currency: str, amount: int, reference: str
) -> Posting:
    """The hold period of a release is over."""
    return Posting(
        TransferKind.MATURE,
        debit=held(influencer_id, currency),
        credit=available(influencer_id, currency),
        amount=amount,
        key=f"mature:{maturity_id}",
        reference=reference,
        subject=maturity_id,
    )


def take_back(
    source: AccountKey, sponsor_id: str, amount: int, reference: str, milestone: str, key: str = ""
) -> Posting:
    """What was released goes back to the sponsor, from its hold period or from what is available
    (`source`). `key` names it among several of one milestone."""
    return Posting(
        TransferKind.CLAWBACK,
        debit=source,
        credit=wallet(sponsor_id, source.currency),
        amount=amount,
        key=f"clawback:{key or f'{reference}:{milestone}'}",
        reference=reference,
        subject=milestone,
    )


def owe(
    clawback_id: str, influencer_id: str, sponsor_id: str, currency: str, amount: int,
    reference: str,
) -> Posting:  # fmt: skip
    """What is taken back and was withdrawn before is owed: a claim, no money."""
    return Posting(
        TransferKind.CLAWBACK_OWED,
        debit=owed_by(influencer_id, currency),
        credit=due_to(sponsor_id, currency),
        amount=amount,
        key=f"owed:{clawback_id}",
        reference=reference,
        subject=clawback_id,
    )


def repaid(
    clawback_id: str, influencer_id: str, sponsor_id: str, currency: str, amount: int,
    reference: str, before: int,
) -> Posting:  # fmt: skip
    """A part of a claim is met: it goes with `take_back` of the same amount. `before` is what was
    owed before it, which falls with every part and so names this one."""
    return Posting(
        TransferKind.CLAWBACK_REPAID,
        debit=due_to(sponsor_id, currency),
        credit=owed_by(influencer_id, currency),
        amount=amount,
        key=f"repaid:{clawback_id}:{before}",
        reference=reference,
        subject=clawback_id,
    )


def refund(escrow_account: AccountKey, milestone: str, amount: int) -> Posting:
    """Held money goes back to the sponsor."""
    return Posting(
        TransferKind.REFUND,
        debit=escrow_account,
        credit=wallet(escrow_account.owner_id, escrow_account.currency),
        amount=amount,
        key=f"refund:{escrow_account.reference}:{milestone}",
        reference=escrow_account.reference,
        subject=milestone,
    )


def platform_fee(escrow_account: AccountKey, milestone: str, amount: int) -> Posting:
    """The platform's share of a milestone."""
    return Posting(
        TransferKind.PLATFORM_FEE,
        debit=escrow_account,
        credit=platform_fees(escrow_account.currency),
        amount=amount,
        key=f"fee:{escrow_account.reference}:{milestone}",
        reference=escrow_account.reference,
        subject=milestone,
    )


def withdraw(
    withdrawal_id: str, influencer_id: str, gateway: str, currency: str, amount: int
) -> Posting:
    """An influencer asked to be paid out; the money can no longer be spent otherwise."""
    return Posting(
        TransferKind.WITHDRAW,
        debit=available(influencer_id, currency),
        credit=in_flight(influencer_id, currency, gateway),
        amount=amount,
        key=f"withdraw:{withdrawal_id}",
        subject=withdrawal_id,
    )


def payout(
    withdrawal_id: str, influencer_id: str, gateway: str, currency: str, amount: int
) -> Posting:
    """The gateway says that a withdrawal was paid."""
    return Posting(
        TransferKind.PAYOUT,
        debit=in_flight(influencer_id, currency, gateway),
        credit=cash(gateway, currency),
        amount=amount,
        key=f"payout:{withdrawal_id}",
        subject=withdrawal_id,
    )


def payout_failed(
    withdrawal_id: str, influencer_id: str, gateway: str, currency: str, amount: int
) -> Posting:
    """The gateway says that a withdrawal was not paid; it reverses `withdraw`."""
    return Posting(
        TransferKind.PAYOUT_FAILED,
        debit=in_flight(influencer_id, currency, gateway),
        credit=available(influencer_id, currency),
        amount=amount,
        # One key for both ends of a withdrawal: it is paid or comes back, never both.
        key=f"payout:{withdrawal_id}",
        subject=withdrawal_id,
    )


def payout_returned(
    withdrawal_id: str, influencer_id: str, gateway: str, currency: str, amount: int
) -> Posting:
    """A withdrawal that was paid came back to the gateway; it reverses `payout`."""
    return Posting(
        TransferKind.PAYOUT_FAILED,
        debit=cash(gateway, currency),
        credit=available(influencer_id, currency),
        amount=amount,
        key=f"returned:{withdrawal_id}",
        subject=withdrawal_id,
    )


def own_money(gateway: str, currency: str, amount: int, name: str) -> Posting:
    """The operator paid own money in at a gateway, or (below zero) took it out. `name` is the
    gateway's own of the movement."""
    return _of_operator(TransferKind.OWN_MONEY, gateway, currency, amount, f"own:{name}", name)


def gateway_cost(gateway: str, currency: str, amount: int, name: str) -> Posting:
    """A gateway charged `amount` for its work, or (below zero) gave it back."""
    return _of_operator(TransferKind.GATEWAY_COST, gateway, currency, -amount, f"cost:{name}", name)


def _of_operator(
    kind: TransferKind, gateway: str, currency: str, change: int, key: str, name: str
) -> Posting:
    own, there = operator_money(gateway, currency), cash(gateway, currency)
    return Posting(
        kind,
        debit=there if change > 0 else own,
        credit=own if change > 0 else there,
        amount=abs(change),
        key=f"{gateway}:{key}",
        subject=name,
    )
