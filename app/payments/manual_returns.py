"""Bank transfers that were paid out and came back: an admin reads it in the bank's statement."""

from __future__ import annotations

from sqlalchemy import select

from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.extensions import db
from app.payments import inbox, queries
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.lifecycle import WITHDRAWAL, WithdrawalEvent
from app.payments.models import Withdrawal
from app.payments.payout_approvals import get_payout
from app.payments.payout_batch_models import PayoutLine
from app.payments.statement_entries import booked_as, check_entry


def sent_back(actor: Actor, *, withdrawal_id: str, entry_id: str, reason: str) -> Withdrawal:
    """The bank sent a payout back, by an entry of its statement: the money may be withdrawn again.

    Raises NotFound, RefusedTransition for what is not paid or is seen by its gateway itself,
    Invalid for the entry by which it was paid, and EntryBooked for one that counted for something
    else. Nothing is changed then.
    """
    row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
    if row is None:
        raise NotFound
    WITHDRAWAL.target(row.status, WithdrawalEvent.RETURN)
    line = db.session.scalar(select(PayoutLine).where(PayoutLine.withdrawal_id == row.id))
    if row.gateway != manual.NAME or line is None:
        raise RefusedTransition(
            f"Payouts of {row.gateway} are looked up there. Nothing was changed.",
            state=row.status.value,
            event="return",
        )
    if line.entry_id is not None and booked_as(entry_id) == booked_as(line.entry_id):
        raise Invalid(entry_id="By this entry it was paid. Give the one by which it came back.")
    fact = GatewayFact(
        event_id=f"returned:{line.id}",
        kind=FactKind.PAYOUT_RETURNED,
        subject=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        # One entry of the bank may stand for several; each payout is a line of its own.
        entry_id=f"{booked_as(entry_id)}:{line.reference}:back",
        reason=reason,
        statement_id=booked_as(entry_id),
    )
    check_entry(manual.NAME, fact)
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")
    record(
        actor,
        "payout_batch.line_returned",
        subject_type="payout_batch",
        subject_id=line.batch_id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        withdrawal_id=row.id,
        entry_id=entry_id,
    )
    return get_payout(row.id)
