"""What gateways tell us, in any order and any number of times, ends in the same state.

`receive` is the one road for webhooks, answers and look-ups. It keeps the event, locks the
deposit or withdrawal that it is about, and lets `apply` decide; what cannot be applied yet stays
in the inbox with its reason, is tried again, and shows among the ledger's checks.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.batches import ids_in_batches
from app.core.clock import now
from app.core.extensions import db
from app.core.ids import new_id
from app.payments import deposits, withdrawals
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import GatewayEntry, GatewayEvent

_APPLY = {
    FactKind.DEPOSIT_SETTLED: deposits.settle,
    FactKind.DEPOSIT_DECLINED: deposits.decline,
    FactKind.PAYOUT_PAID: withdrawals.settle,
    FactKind.PAYOUT_FAILED: withdrawals.fail,
}


def receive(gateway: str, fact: GatewayFact) -> GatewayEvent:
    """Keep a fact and apply it, once a message (inside a unit of work)."""
    insert = (
        postgresql.insert(GatewayEvent)
        if db.session.get_bind().dialect.name == "postgresql"
        else sqlite.insert(GatewayEvent)
    )
    db.session.execute(
        insert.values(
            id=new_id("gev"),
            gateway=gateway,
            external_id=fact.event_id,
            kind=fact.kind.value,
            subject=fact.subject,
            payload=fact.as_json(),
            received_at=now(),
        ).on_conflict_do_nothing()
    )
    event = db.session.scalar(
        select(GatewayEvent)
        .where(GatewayEvent.gateway == gateway, GatewayEvent.external_id == fact.event_id)
        .with_for_update()
    )
    assert event is not None
    process(event)
    return event


def process(event: GatewayEvent) -> bool:
    """Apply an event that was not applied before; False when it cannot be applied yet."""
    if event.processed_at is not None:
        return True
    fact = GatewayFact.from_json(event.payload)
    event.error = _APPLY[fact.kind](event.gateway, fact)
    if event.error is None:
        _enter(event.gateway, fact)
        event.processed_at = now()
    db.session.flush()
    return event.error is None


def waiting_events(batch: int) -> Iterator[str]:
    """Ids of all events that could not be applied yet, the oldest first, read in batches: those
    that can never be applied hide none behind them."""
    return ids_in_batches(
        GatewayEvent.received_at, GatewayEvent.id, GatewayEvent.processed_at.is_(None), batch=batch
    )


def retry(event_id: str) -> bool:
    """Try an event of the inbox again (inside a unit of work)."""
    event = db.session.scalar(
        select(GatewayEvent).where(GatewayEvent.id == event_id).with_for_update()
    )
    return event is not None and process(event)


def _enter(gateway: str, fact: GatewayFact) -> None:
    """Keep the line of the gateway's statement; the subject's lock makes the look-up safe."""
    if fact.entry_id is None:
        return
    known = db.session.scalar(
        select(GatewayEntry.id).where(
            GatewayEntry.gateway == gateway, GatewayEntry.external_id == fact.entry_id
        )
    )
    if known is None:
        sign = 1 if fact.kind is FactKind.DEPOSIT_SETTLED else -1
        db.session.add(
            GatewayEntry(
                gateway=gateway,
                external_id=fact.entry_id,
                subject=fact.subject,
                amount=sign * fact.amount,
                currency=fact.currency,
            )
        )
