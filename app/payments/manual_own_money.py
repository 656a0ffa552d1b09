"""Own money that the operator paid into the bank account of transfers: an admin books it by its
entry in the bank's statement."""

from __future__ import annotations

from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid, RefusedTransition
from app.core.money import Money
from app.payments import inbox, ledger, postings
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.statement_entries import booked_as, check_entry


def pay_in(actor: Actor, *, amount: Money, entry_id: str, reason: str) -> None:
    """Book it, once for each entry. Stripe tells of its top-ups by itself.

    Raises Invalid for nothing, EntryBooked for an entry that counted for something else, and
    RefusedTransition for one that is booked already. Nothing is changed then.
    """
    if amount.amount <= 0:
        raise Invalid(amount="Pay in more than nothing.")
    booked = booked_as(entry_id)
    fact = GatewayFact(
        event_id=f"own:{booked}",
        kind=FactKind.OWN_MONEY_IN,
        subject=booked,
        amount=amount.amount,
        currency=amount.currency,
        entry_id=booked,
        reason=reason,
        statement_id=booked,
    )
    check_entry(manual.NAME, fact)
    posting = postings.own_money(manual.NAME, amount.currency, amount.amount, booked)
    if ledger.transfer_of(posting.key) is not None:
        raise RefusedTransition("This entry is booked already. Nothing was changed.")
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")
    record(
        actor,
        "own_money.paid_in",
        subject_type="gateway_event",
        subject_id=event.id,
        amount=amount.amount,
        currency=amount.currency,
        entry_id=booked,
        reason=reason,
    )
