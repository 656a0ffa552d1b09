"""Refusals of payments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.core.errors import Conflict, Forbidden
from app.core.money import Money


class InsufficientFunds(Conflict):
    """`missing` and `available` are Money on the wire."""

    type = "insufficient-funds"
    title = "There is not enough money for this"

    def __init__(self, *, wanted: int, available: int, currency: str, advice: str) -> None:
        missing = Money(wanted - available, currency)
        super().__init__(
            f"{Money(available, currency)} is available, {missing} is missing. "
            f"Nothing was changed. {advice}",
            missing=as_json(missing),
            available=as_json(Money(available, currency)),
        )
        self.missing = missing


class PostingConflict(Conflict):
    """The same business key came with another amount or other accounts."""

    type = "posting-conflict"
    title = "This money has already moved in another way"


class EscrowExhausted(Conflict):
    """More was asked of an escrow than it holds."""

    type = "escrow-exhausted"
    title = "Less is held than this needs"


class HoldOver(Conflict):
    type = "hold-over"
    title = "The hold period of this money is over"


class MoreThanReleased(Conflict):
    """`left` is what may still be taken back, in minor units."""

    type = "more-than-released"
    title = "Less is left of this release"


class NoGateway(Conflict):
    type = "no-gateway"
    title = "No payment gateway can do this"


class PayoutDetailsNeeded(Conflict):
    type = "payout-details-needed"
    title = "There are no payout details yet"


class BelowMinimum(Conflict):
    """`minimum` is Money on the wire."""

    type = "below-minimum"
    title = "This is less than the smallest withdrawal"

    def __init__(self, *, minimum: Money) -> None:
        super().__init__(
            f"Withdraw {minimum} or more. Nothing was changed.", minimum=as_json(minimum)
        )


class AnotherAdminNeeded(Conflict):
    type = "another-admin-needed"
    title = "Another admin has to approve this too"


class MoneyOnHold(Forbidden):
    type = "money-on-hold"
    title = "Withdrawals of this account are on hold"


class EntryBooked(Conflict):
    """A line of a gateway's statement counts once; `booked_for` says for what it did."""

    type = "entry-booked"
    title = "This entry of the bank is already booked"


class EntryOfAnotherBatch(Conflict):
    """An entry of the bank already paid another batch, and may stand for both; `batch_ids` says
    which, and `paid` is Money on the wire. The same call with `reuse_entry` is taken."""

    type = "entry-of-another-batch"
    title = "This entry of the bank already paid another batch"

    def __init__(self, *, batch_ids: Sequence[str], paid: Money) -> None:
        super().__init__(
            f"{paid} of other batches ({', '.join(batch_ids)}) were paid by it. Nothing was "
            "changed. If the bank's entry is of all of them together, say so and confirm again.",
            batch_ids=list(batch_ids),
            paid=as_json(paid),
        )


class AmountDiffers(Conflict):
    """Another amount came than the deposit is of; `expected` is Money on the wire."""

    type = "amount-differs"
    title = "This is not the amount of the deposit"


class SponsorClosed(Conflict):
    """Money came for a sponsor whose account is closed."""

    type = "sponsor-closed"
    title = "The account of this sponsor is closed"


class NothingWaits(Conflict):
    type = "nothing-waits"
    title = "No payout waits for a bank transfer"


def as_json(money: Money) -> dict[str, Any]:
    """Money on the wire."""
    return {"amount": money.amount, "currency": money.currency}
