"""Payouts by bank transfer, collected into files for the bank."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Timestamps, UtcDateTime, Versioned, choice, id_column
from app.core.money import Money
from app.payments.lifecycle import PayoutBatchStatus, PayoutLineStatus, WithdrawalStatus

if TYPE_CHECKING:
    from app.payments.models import Withdrawal


class PayoutBatch(Timestamps, Versioned, Base):
    """Payouts of one currency that an admin gives to the bank together. Its figures never change:
    a batch is closed once every line is paid or failed."""

    __tablename__ = "payout_batches"
    __table_args__ = (
        CheckConstraint("amount > 0 AND count > 0", name="holds_something"),
        CheckConstraint("waiting >= 0 AND waiting <= count", name="waiting_within"),
        Index(None, "status", "created_at"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[str] = id_column("pob")
    status: Mapped[PayoutBatchStatus] = mapped_column(
        choice(PayoutBatchStatus), default=PayoutBatchStatus.OPEN
    )
    currency: Mapped[str] = mapped_column(String(3))
    amount: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
    waiting: Mapped[int]
    created_by: Mapped[str] = mapped_column(String(32))
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    lines: Mapped[list[PayoutLine]] = relationship(lazy="raise", order_by="PayoutLine.id")

    @property
    def total(self) -> Money:
        """The sum of all lines."""
        return Money(self.amount, self.currency)


class PayoutLine(Timestamps, Versioned, Base):
    """One withdrawal in a batch; it is in one batch for good, since a failed one comes back to the
    influencer, who asks anew."""

    __tablename__ = "payout_lines"
    __table_args__ = (
        UniqueConstraint("withdrawal_id"),
        CheckConstraint("(status = 'paid') = (entry_id IS NOT NULL)", name="entry_of_paid"),
        Index(None, "batch_id", "id"),
    )

    id: Mapped[str] = id_column("pol")
    batch_id: Mapped[str] = mapped_column(ForeignKey("payout_batches.id"))
    withdrawal_id: Mapped[str] = mapped_column(ForeignKey("withdrawals.id"))
    reference: Mapped[str] = mapped_column(String(25))
    status: Mapped[PayoutLineStatus] = mapped_column(
        choice(PayoutLineStatus), default=PayoutLineStatus.WAITING
    )
    entry_id: Mapped[str | None] = mapped_column(String(64))
    failure: Mapped[str | None] = mapped_column(String(300))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    withdrawal: Mapped[Withdrawal] = relationship(lazy="raise")

    @property
    def returned_at(self) -> datetime | None:
        """When a transfer that was paid came back (loaded with the withdrawal)."""
        back = self.status is PayoutLineStatus.PAID and (
            self.withdrawal.status is WithdrawalStatus.FAILED
        )
        return self.withdrawal.ended_at if back else None

    @property
    def why_not(self) -> str | None:
        """Why it failed or came back (loaded with the withdrawal)."""
        return self.withdrawal.failure if self.returned_at else self.failure

    @property
    def account(self) -> str:
        """Where it goes, masked (loaded with the withdrawal's details)."""
        details = self.withdrawal.details
        return details.label if details is not None else ""
