"""What gateways tell us, in any order and any number of times, ends in the same state.

`receive` is the one road for webhooks, answers and look-ups. It keeps the event, locks the
deposit or withdrawal that it is about, and lets `apply` decide; what cannot be applied yet stays
in the inbox with its reason, is tried again, and shows among the ledger's checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.core.batches import ids_in_batches
from app.core.clock import now
from app.core.extensions import db
from app.core.faults import point
from app.core.ids import new_id
from app.core.jobs import enqueue
from app.core.models import Base
from app.core.transaction import part_of_unit
from app.payments import (
    deposits,
    operator_money,
    payout_endings,
    returned_payouts,
    statement_entries,
    wallet_returns,
)
from app.payments.errors import (
    EntryBooked,
    EscrowExhausted,
    InsufficientFunds,
    PostingConflict,
)
from app.payments.gateways.base import FactKind, Gateway, GatewayFact, LookUp
from app.payments.models import GatewayEntry, GatewayEvent

_APPLY = {
    FactKind.DEPOSIT_SETTLED: deposits.settle,
    FactKind.DEPOSIT_DECLINED: deposits.decline,
    FactKind.PAYOUT_PAID: payout_endings.settle,
    FactKind.PAYOUT_FAILED: payout_endings.fail,
    FactKind.PAYOUT_RETURNED: returned_payouts.returned,
    FactKind.COST_CHARGED: operator_money.book,
    FactKind.COST_RETURNED: operator_money.book,
    FactKind.OWN_MONEY_IN: operator_money.book,
    FactKind.OWN_MONEY_OUT: operator_money.book,
    # It waits until an admin has looked, and set it aside.
    FactKind.UNREADABLE: lambda _gateway, fact: fact.reason or "it cannot be read",
    FactKind.WALLET_RETURNED: wallet_returns.settle,
}


def hear(gateway: Gateway, headers: Mapping[str, str], body: bytes) -> None:
    """Take in a webhook (inside a unit of work). Raises BadSignature or MalformedEvent."""
    event = gateway.read_event(headers, body)
    if isinstance(event, LookUp):
        # To ask the gateway is a call, so a job does it.
        enqueue("payments.pay_out", withdrawal_id=event.subject)
    elif event is not None:
        receive(gateway.name, event)


def receive(gateway: str, fact: GatewayFact) -> GatewayEvent:
    """Keep a fact and apply it, once a message (inside a unit of work).

    Webhooks, the payer's return, look-ups and an admin's confirmation all come through here.
    """
    db.session.execute(
        _insert(GatewayEvent)
        .values(
            id=new_id("gev"),
            gateway=gateway,
            external_id=fact.event_id,
            kind=fact.kind.value,
            subject=fact.subject,
            payload=fact.as_json(),
            received_at=now(),
        )
        .on_conflict_do_nothing()
    )
    event = db.session.scalar(
        select(GatewayEvent)
        .where(GatewayEvent.gateway == gateway, GatewayEvent.external_id == fact.event_id)
        .with_for_update()
    )
    assert event is not None
    point("inbox.after_keeping")
    process(event)
    point("inbox.after_applying")
    return event


def process(event: GatewayEvent) -> bool:
    """Apply an event that was not applied before; False when it cannot be applied yet."""
    if event.processed_at is not None:
        return True
    fact = GatewayFact.from_json(event.payload)
    event.error = _booked_elsewhere(event.gateway, fact) or _apply(event.gateway, fact)
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


def _apply(gateway: str, fact: GatewayFact) -> str | None:
    """Let the fact happen. Returns why it cannot yet, if so: it is told whatever the ledger says
    of it, so a refusal of the ledger undoes what it did and leaves the event."""
    try:
        with part_of_unit():
            return _APPLY[fact.kind](gateway, fact)
    except (EscrowExhausted, InsufficientFunds, PostingConflict) as refusal:
        return str(refusal)[:300]


def _booked_elsewhere(gateway: str, fact: GatewayFact) -> str | None:
    """Why the line of the gateway's statement cannot be this fact's, if so."""
    entry = _entry(gateway, fact.entry_id)
    if entry is None or entry.subject == fact.subject:
        return None
    return f"the statement line is that of {entry.subject}"


def _enter(gateway: str, fact: GatewayFact) -> None:
    """Keep the line of the gateway's statement. Raises EntryBooked when another subject took it
    at the same moment."""
    if fact.entry_id is None:
        return
    if _entry(gateway, fact.entry_id) is not None:
        # Another subject may have taken it while this one waited for the locks of the accounts.
        if _booked_elsewhere(gateway, fact) is not None:
            raise EntryBooked("Nothing was changed. Look the entry up in the bank's statement.")
        return
    statement_entries.check_entry(gateway, fact)
    added = db.session.scalar(
        _insert(GatewayEntry)
        .values(
            id=new_id("gen"),
            gateway=gateway,
            external_id=fact.entry_id,
            subject=fact.subject,
            amount=statement_entries.signed_amount(fact),
            currency=fact.currency,
            at=now(),
            statement_id=fact.statement_id,
        )
        .on_conflict_do_nothing()
        .returning(GatewayEntry.id)
    )
    if added is None:
        raise EntryBooked("Nothing was changed. Look the entry up in the bank's statement.")


def _entry(gateway: str, entry_id: str | None) -> GatewayEntry | None:
    return db.session.scalar(
        select(GatewayEntry).where(
            GatewayEntry.gateway == gateway, GatewayEntry.external_id == entry_id
        )
    )


def _insert(model: type[Base]) -> Any:
    if db.session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(model)
    return sqlite.insert(model)
