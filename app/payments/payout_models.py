"""Where influencers are paid to, and who approved a large withdrawal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.models import Base, UtcDateTime, Versioned, choice, id_column
from app.identity.models import User
from app.payments.lifecycle import OPEN_WITHDRAWALS, WithdrawalStatus

_IS_CURRENT = text("replaced_at IS NULL")
# Replaced, and its secret still there: what the clearing up looks through.
_TO_DROP = text("replaced_at IS NOT NULL AND secret IS NOT NULL")

NEVER_SENT = (WithdrawalStatus.QUEUED, WithdrawalStatus.REFUSED, WithdrawalStatus.CANCELLED)


class PayoutMethod(StrEnum):
    """How an influencer is paid."""

    SANDBOX = "sandbox"
    BANK = "bank"
    STRIPE = "stripe"


class PayoutDetails(Versioned, Base):
    """One version of an influencer's payout details: a change makes a new row.

    A withdrawal goes where its own version says, whatever is changed later. `secret` is encrypted,
    and dropped once nothing that is open goes there any more; `label` is all that is ever shown.
    `held` says that withdrawals wait for a while after this version was made.
    """

    __tablename__ = "payout_details"
    __table_args__ = (
        Index(
            "uq_payout_details_influencer_id_current",
            "influencer_id",
            unique=True,
            sqlite_where=_IS_CURRENT,
            postgresql_where=_IS_CURRENT,
        ),
        Index(None, "influencer_id", "created_at"),
        Index(
            "ix_payout_details_replaced_at_secret",
            "replaced_at",
            sqlite_where=_TO_DROP,
            postgresql_where=_TO_DROP,
        ),
        CheckConstraint(
            "secret IS NOT NULL OR replaced_at IS NOT NULL", name="secret_of_the_current"
        ),
    )

    id: Mapped[str] = id_column("pod")
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    method: Mapped[PayoutMethod] = mapped_column(choice(PayoutMethod))
    label: Mapped[str] = mapped_column(String(80))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    held: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    replaced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WithdrawalApproval(Base):
    """An admin's yes to a withdrawal; each admin has one."""

    __tablename__ = "withdrawal_approvals"

    withdrawal_id: Mapped[str] = mapped_column(ForeignKey("withdrawals.id"), primary_key=True)
    admin_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    admin: Mapped[User] = relationship(lazy="raise")


class WithdrawalFinding(Base):
    """What an admin found out about a withdrawal whose gateway is not in use; each admin has one
    word. `entry_id` is the line of the gateway's statement by which it was paid."""

    __tablename__ = "withdrawal_findings"
    __table_args__ = (
        CheckConstraint("outcome IN ('paid', 'failed')", name="finding_outcome"),
        CheckConstraint("(outcome = 'paid') = (entry_id IS NOT NULL)", name="entry_of_paid"),
    )

    withdrawal_id: Mapped[str] = mapped_column(ForeignKey("withdrawals.id"), primary_key=True)
    admin_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(8))
    entry_id: Mapped[str | None] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    admin: Mapped[User] = relationship(lazy="raise")


@dataclass(frozen=True)
class Step:
    """One step of a withdrawal; `at` is None while it is still to come."""

    name: str
    at: datetime | None


def steps_of(withdrawal: Any) -> list[Step]:
    """Requested, approved (where that is needed), sent, escalated where it waited too long, and how
    it ended or is hoped to end."""
    ended = withdrawal.status not in OPEN_WITHDRAWALS
    return list(_reached(withdrawal)) if ended else [*_reached(withdrawal), Step("paid", None)]


def _reached(withdrawal: Any) -> Iterator[Step]:
    # A gateway was asked and never saw it, or a bank transfer was stopped before a batch held it.
    sent_at = None if withdrawal.status in NEVER_SENT else withdrawal.sent_at
    ended = withdrawal.status not in OPEN_WITHDRAWALS
    yield Step("requested", withdrawal.created_at)
    if withdrawal.approvals_needed and (withdrawal.approved_at or not ended):
        yield Step("approved", withdrawal.approved_at)
    if withdrawal.escalated_at and not sent_at:
        yield Step("escalated", withdrawal.escalated_at)
    if sent_at or not ended:
        yield Step("sent", sent_at)
    if withdrawal.escalated_at and sent_at:
        yield Step("escalated", withdrawal.escalated_at)
    if ended and withdrawal.status is WithdrawalStatus.FAILED and withdrawal.payment.settled_at:
        # It was paid, and came back.
        yield Step("paid", withdrawal.payment.settled_at)
    if ended:
        yield Step(withdrawal.status.value, withdrawal.ended_at)
