"""How the payouts of a batch ended, as an admin reads it in the bank's statement.

Whatever an admin confirms becomes a fact of the gateway and goes through the inbox like every
other one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import func, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid, RefusedTransition
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import inbox, ledger, postings
from app.payments.errors import EntryOfAnotherBatch
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.lifecycle import (
    PAYOUT_BATCH,
    PAYOUT_LINE,
    PayoutBatchEvent,
    PayoutLineEvent,
    PayoutLineStatus,
)
from app.payments.models import GatewayEntry
from app.payments.payout_batch_models import PayoutBatch, PayoutLine
from app.payments.payout_batches import check_open, get_batch, leaves, recorded, waits
from app.payments.statement_entries import booked_as, check_entry

AT_ONCE = 25


def confirm(
    actor: Actor,
    *,
    batch_id: str,
    outcome: str,
    entry_id: str | None = None,
    reason: str | None = None,
    line_ids: Sequence[str] | None = None,
    reuse_entry: bool = False,
    check: Callable[[PayoutBatch], None] | None = None,
) -> PayoutBatch:
    """Say how lines of a batch ended: `paid` by an entry of the bank's statement, or `failed` for
    a reason, which gives the money back. Without `line_ids` all that still wait and are not on
    hold: those are not in the bank's file, so who ends them names them.

    Opens a unit of work for each AT_ONCE lines, so that the gateway's cash is never locked for
    long: what a failure leaves waiting is ended by the same call again. `check` may refuse the
    locked batch first. An entry that paid lines of another batch is taken with `reuse_entry`
    alone. Raises NotFound, EntryOfAnotherBatch, Invalid for lines of another batch or without
    what the outcome needs, RefusedTransition for lines that ended in another way before,
    EntryBooked for an entry that counted for something else. Nothing is changed then.
    """

    def begin() -> list[str]:
        batch = get_batch(batch_id, locked=True)
        # Whose batch does not exist hears that first.
        _check_told(outcome, entry_id, reason)
        if check is not None:
            check(batch)
        check_open(batch)
        if entry_id is not None and not reuse_entry:
            _check_entry_is_new(batch, entry_id)
        chosen = _chosen(batch, line_ids, entry_id=entry_id, reason=reason)
        _end_some(actor, batch, chosen[:AT_ONCE], entry_id=entry_id, reason=reason)
        return [line.id for line in chosen[AT_ONCE:]]

    def go_on(ids: list[str]) -> None:
        batch = get_batch(batch_id, locked=True)
        # Somebody else may have ended some of them meanwhile.
        left = [line for line in batch.lines if line.id in ids and waits(line)]
        if left:
            _end_some(actor, batch, left, entry_id=entry_id, reason=reason)

    rest = unit_of_work(begin)
    for start in range(0, len(rest), AT_ONCE):
        unit_of_work(partial(go_on, rest[start : start + AT_ONCE]))
    return get_batch(batch_id)


def _check_entry_is_new(batch: PayoutBatch, entry_id: str) -> None:
    """Refuse an entry that paid lines of another batch: nobody has compared its sum with both."""
    ledger.lock(postings.cash(manual.NAME, batch.currency))
    rows = db.session.execute(
        select(PayoutLine.batch_id, func.sum(-GatewayEntry.amount))
        .join(GatewayEntry, GatewayEntry.subject == PayoutLine.withdrawal_id)
        .where(
            GatewayEntry.gateway == manual.NAME,
            GatewayEntry.statement_id == booked_as(entry_id),
            GatewayEntry.amount < 0,
            PayoutLine.batch_id != batch.id,
        )
        .group_by(PayoutLine.batch_id)
        .order_by(PayoutLine.batch_id)
    ).all()
    if rows:
        paid = Money(sum(int(amount) for _, amount in rows), batch.currency)
        raise EntryOfAnotherBatch(batch_ids=[batch_id for batch_id, _ in rows], paid=paid)


def _end_some(
    actor: Actor,
    batch: PayoutBatch,
    lines: Sequence[PayoutLine],
    *,
    entry_id: str | None,
    reason: str | None,
) -> None:
    for line in lines:
        _end(actor, batch, line, entry_id=entry_id, reason=reason)
    batch.waiting = sum(map(waits, batch.lines))
    if batch.waiting == 0:
        PAYOUT_BATCH.move(batch, actor, PayoutBatchEvent.CLOSE, closed_at=now())
    db.session.flush()


def _check_told(outcome: str, entry_id: str | None, reason: str | None) -> None:
    told = {"entry_id": entry_id, "reason": reason}
    needed, other = ("entry_id", "reason") if outcome == "paid" else ("reason", "entry_id")
    if told[needed] is None:
        raise Invalid(**{needed: "This is needed for this outcome."})
    if told[other] is not None:
        raise Invalid(**{other: "Leave this out for this outcome."})


def _end(
    actor: Actor, batch: PayoutBatch, line: PayoutLine, *, entry_id: str | None, reason: str | None
) -> None:
    paid = entry_id is not None
    booked = booked_as(entry_id) if entry_id is not None else None
    fact = GatewayFact(
        event_id=f"{'paid' if paid else 'failed'}:{line.id}",
        kind=FactKind.PAYOUT_PAID if paid else FactKind.PAYOUT_FAILED,
        subject=line.withdrawal_id,
        amount=line.withdrawal.payment.amount,
        currency=batch.currency,
        # One entry of the bank may stand for a whole batch; each payout is a line of its own.
        entry_id=f"{booked}:{line.reference}" if booked else None,
        reason=reason,
        statement_id=booked,
    )
    check_entry(manual.NAME, fact)
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(
            f"{line.reference} could not be ended: {event.error}. What was ended before it stays "
            "so: load the batch again."
        )
    happened = PayoutLineEvent.PAY if paid else PayoutLineEvent.FAIL
    PAYOUT_LINE.move(
        line, actor, happened, note=reason, entry_id=entry_id, failure=reason, ended_at=now()
    )
    recorded(
        actor,
        batch,
        "payout_batch.line_paid" if paid else "payout_batch.line_failed",
        withdrawal_id=line.withdrawal_id,
        entry_id=entry_id,
    )


def _chosen(
    batch: PayoutBatch,
    line_ids: Sequence[str] | None,
    *,
    entry_id: str | None,
    reason: str | None,
) -> list[PayoutLine]:
    if line_ids is None:
        leaving = [line for line in batch.lines if leaves(line)]
        if not leaving:
            raise RefusedTransition(
                "The money of everybody who waits in this batch is on hold. Nothing was changed. "
                "Name the payouts that the bank made or refused nevertheless."
            )
        return leaving
    lines = {line.id: line for line in batch.lines}
    if strangers := sorted(set(line_ids) - lines.keys()):
        raise Invalid(line_ids=f"This is no line of the batch: {strangers[0]}.")
    named = [lines[line_id] for line_id in dict.fromkeys(line_ids)]
    # What a call that failed half-way had ended already.
    chosen = [line for line in named if not _ended_so(line, entry_id, reason)]
    for line in chosen:
        if not waits(line):
            raise RefusedTransition(
                f"The payout {line.reference} is {line.status.value}. Nothing was changed.",
                state=line.status.value,
            )
    return chosen


def _ended_so(line: PayoutLine, entry_id: str | None, reason: str | None) -> bool:
    if entry_id is None:
        return line.status is PayoutLineStatus.FAILED and line.failure == reason
    return line.entry_id is not None and booked_as(line.entry_id) == booked_as(entry_id)
