"""Payouts by bank transfer: collected into a batch, and given to the bank as a file.

How they ended is said in `payout_batch_endings`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import selectinload

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.money import Money, exponent
from app.core.paging import Page, PageRequest, paginate
from app.core.spreadsheet import csv_lines
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, User
from app.payments import ledger, payout_details, payout_rules, postings, queries
from app.payments.errors import NothingWaits
from app.payments.gateways import manual
from app.payments.lifecycle import (
    PayoutBatchStatus,
    PayoutLineStatus,
    WithdrawalStatus,
)
from app.payments.models import Payment, Withdrawal
from app.payments.payout_batch_models import PayoutBatch, PayoutLine

LARGEST_BATCH = 500
COLUMNS = (
    "reference", "name", "account", "bank_code", "bic", "country", "amount", "currency",
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """Payouts of one currency that are in no batch yet."""

    total: Money
    count: int


def waiting_payouts() -> list[Waiting]:
    """What new batches would hold, by currency."""
    rows = db.session.execute(
        _waiting(func.sum(Payment.amount), func.count(), Payment.currency)
        .group_by(Payment.currency)
        .order_by(Payment.currency)
    )
    return [Waiting(Money(int(total), currency), count) for total, count, currency in rows]


def collect(actor: Actor, *, currency: str) -> PayoutBatch:
    """A batch of the waiting payouts of a currency, the oldest first, at most LARGEST_BATCH.

    Those of influencers whose money is on hold are left out. Raises NothingWaits when there are
    none.
    """
    # Two admins at once: the second looks only after the first has committed.
    ledger.lock(postings.cash(manual.NAME, currency))
    rows = db.session.execute(
        _waiting(Withdrawal.id, Payment.amount)
        .where(Payment.currency == currency)
        .order_by(Withdrawal.created_at, Withdrawal.id)
        .limit(LARGEST_BATCH)
        # Against whoever cancels or refuses one of them now.
        .with_for_update(of=Withdrawal)
    ).all()
    if not rows:
        raise NothingWaits(f"No payout in {currency} waits for a bank transfer.")
    total = sum(amount for _, amount in rows)
    batch = PayoutBatch(
        currency=currency, amount=total, count=len(rows), waiting=len(rows), created_by=actor.label
    )
    db.session.add(batch)
    db.session.flush()
    db.session.add_all(
        PayoutLine(batch_id=batch.id, withdrawal_id=row_id, reference=manual.reference_of(row_id))
        for row_id, _ in rows
    )
    db.session.flush()
    recorded(actor, batch, "payout_batch.created", count=len(rows))
    return get_batch(batch.id)


def batches(page: PageRequest, *, status: PayoutBatchStatus | None = None) -> Page[PayoutBatch]:
    """All batches, the newest first by default."""
    return paginate(
        queries.filtered(select(PayoutBatch), PayoutBatch, status=status),
        page,
        sorts={"created_at": PayoutBatch.created_at},
        default="-created_at",
        id_column=PayoutBatch.id,
    )


def get_batch(batch_id: str, *, locked: bool = False) -> PayoutBatch:
    """A batch with its lines, and where each goes (masked). Raises NotFound."""
    to_withdrawal = selectinload(PayoutBatch.lines).joinedload(
        PayoutLine.withdrawal, innerjoin=True
    )
    found = (
        select(PayoutBatch)
        .where(PayoutBatch.id == batch_id)
        .options(
            to_withdrawal.joinedload(Withdrawal.payment, innerjoin=True),
            to_withdrawal.joinedload(Withdrawal.influencer, innerjoin=True),
            to_withdrawal.joinedload(Withdrawal.details),
            selectinload(PayoutBatch.downloader),
        )
        .execution_options(populate_existing=True)
    )
    row = db.session.scalar(found.with_for_update() if locked else found)
    if row is None:
        raise NotFound
    held = payout_rules.on_hold({line.withdrawal.influencer_id for line in row.lines})
    for line in row.lines:
        # Of this look alone, so no column: mapped classes keep such an attribute as a ClassVar.
        line.on_hold = waits(line) and line.withdrawal.influencer_id in held  # type: ignore[misc]
    return row


def bank_file(actor: Actor, *, batch_id: str) -> Iterator[str]:
    """The lines of CSV of what still waits in an open batch and is not on hold, accounts in clear
    (opens its own unit of work: that an admin read them is recorded).

    Raises NotFound, RefusedTransition for a closed batch.
    """

    def work() -> list[list[str]]:
        batch = get_batch(batch_id, locked=True)
        check_open(batch)
        batch.downloaded_at, batch.downloaded_by = now(), actor.label
        batch.touch()
        db.session.flush()
        recorded(actor, batch, "payout_batch.downloaded")
        return [_row(line) for line in batch.lines if leaves(line)]

    return csv_lines(COLUMNS, unit_of_work(work))


def waits(line: PayoutLine) -> bool:
    """Whether it is neither paid nor failed yet."""
    return line.status is PayoutLineStatus.WAITING


def leaves(line: PayoutLine) -> bool:
    """Whether it waits and is not on hold: it is in the file for the bank."""
    return waits(line) and not line.on_hold


def _row(line: PayoutLine) -> list[str]:
    withdrawal = line.withdrawal
    destination = payout_details.destination_of(withdrawal.details)
    money = withdrawal.payment.money
    digits = exponent(money.currency)
    major, minor = divmod(money.amount, 10**digits)
    return [
        line.reference,
        destination.get("name", ""),
        destination.get("iban") or destination.get("account", ""),
        destination.get("bank_code", ""),
        destination.get("bic", ""),
        destination.get("country", ""),
        f"{major}.{minor:0{digits}d}" if digits else str(major),
        money.currency,
    ]


def check_open(batch: PayoutBatch) -> None:
    """Raises RefusedTransition for a closed batch."""
    if batch.status is not PayoutBatchStatus.OPEN:
        raise RefusedTransition(
            "Every payout of this batch is paid or failed. Nothing was changed.",
            state=batch.status.value,
        )


def _waiting(*columns: Any) -> Select[Any]:
    """`columns` of the payouts by bank transfer that were sent for, are in no batch and not
    on hold."""
    in_batch = select(PayoutLine.id).where(PayoutLine.withdrawal_id == Withdrawal.id).exists()
    flagged = select(Influencer.id).join(User, User.id == Influencer.user_id)
    on_hold = flagged.where(Influencer.id == Withdrawal.influencer_id, User.money_on_hold).exists()
    return (
        select(*columns)
        .select_from(Withdrawal)
        .join(Payment, Payment.id == Withdrawal.payment_id)
        .where(
            Withdrawal.gateway == manual.NAME,
            Withdrawal.status == WithdrawalStatus.SENDING,
            ~in_batch,
            ~on_hold,
        )
    )


def recorded(actor: Actor, batch: PayoutBatch, action: str, **details: object) -> None:
    """Write an act on a batch into the trail."""
    record(
        actor,
        action,
        subject_type="payout_batch",
        subject_id=batch.id,
        amount=batch.amount,
        currency=batch.currency,
        **details,
    )
