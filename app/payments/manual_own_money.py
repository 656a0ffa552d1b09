"""Own money that the operator paid into the bank account of transfers or took out of it, and what
the bank charged: an admin books it by its entry in the bank's statement."""

from __future__ import annotations

from enum import StrEnum

from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid, RefusedTransition
from app.core.extensions import db
from app.core.money import Money
from app.payments import inbox, ledger, postings, queries
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.statement_entries import booked_as, check_entry


class OwnMoneyKind(StrEnum):
    """What an entry was: own money in or out, or a charge of the bank."""

    IN = "in"
    OUT = "out"
    CHARGE = "charge"


_FACTS = {
    OwnMoneyKind.IN: FactKind.OWN_MONEY_IN,
    OwnMoneyKind.OUT: FactKind.OWN_MONEY_OUT,
    OwnMoneyKind.CHARGE: FactKind.COST_CHARGED,
}


def book(
    actor: Actor,
    *,
    amount: Money,
    entry_id: str,
    reason: str,
    kind: OwnMoneyKind = OwnMoneyKind.IN,
) -> None:
    """Book it, once for each entry. Stripe tells of its own by itself.

    Raises Invalid for nothing, EntryBooked for an entry that counted for something else, and
    RefusedTransition for one that is booked already, or when the ledger has less cash there.
    Nothing is changed then.
    """
    if amount.amount <= 0:
        raise Invalid(amount="Book more than nothing.")
    booked = booked_as(entry_id)
    fact = GatewayFact(
        event_id=f"own:{booked}",
        kind=_FACTS[kind],
        subject=booked,
        amount=amount.amount,
        currency=amount.currency,
        entry_id=booked,
        reason=reason,
        statement_id=booked,
    )
    # Of two who book one entry at once the second sees the first.
    ledger.lock(postings.cash(manual.NAME, amount.currency))
    check_entry(manual.NAME, fact)
    if db.session.scalar(queries.gateway_entry(manual.NAME, booked)) is not None:
        raise RefusedTransition("This entry is booked already. Nothing was changed.")
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")
    record(
        actor,
        "own_money.booked",
        subject_type="gateway_event",
        subject_id=event.id,
        kind=kind.value,
        amount=amount.amount,
        currency=amount.currency,
        entry_id=booked,
        reason=reason,
    )
