"""Deliverables, their submissions and disputes."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ad_requests.lifecycle import (
    ON_DEADLINE,
    DeliverableStatus,
    OnDeadline,
    Party,
)
from app.ad_requests.live_check_findings import CheckReason
from app.core.clock import now
from app.core.models import (
    Base,
    Timestamps,
    UtcDateTime,
    Versioned,
    choice,
    id_column,
    not_negative,
)

if TYPE_CHECKING:
    from app.ad_requests.models.agreements import AdRequest

_UNDECIDED = text("decided_at IS NULL")


class Deliverable(Timestamps, Versioned, Base):
    """A milestone of an accepted offer, with its own state and its own part of the money.

    `deadline` is what the present state asks for, `late_at` from when the sponsor may cancel alone,
    `act_at` when the way out happens by itself (later than the deadline where a delay is
    tolerated), `remind_at` when the next reminder goes.
    `amount` and `platform_fee_amount` of all deliverables sum to those of the ad request;
    `released_amount` and `refunded_amount` are parts of `amount`.
    """

    __tablename__ = "deliverables"
    __table_args__ = (
        UniqueConstraint("ad_request_id", "position"),
        *not_negative("amount", "platform_fee_amount", "released_amount", "refunded_amount"),
        CheckConstraint("share BETWEEN 1 AND 100", name="share_percent"),
        CheckConstraint("released_amount + refunded_amount <= amount", name="paid_within_amount"),
        Index(None, "status", "act_at", "id"),
        Index(None, "status", "deadline", "id"),
        Index(None, "remind_at", "id"),
    )

    id: Mapped[str] = id_column("dlv")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(160))
    share: Mapped[int]
    amount: Mapped[int] = mapped_column(BigInteger)
    platform_fee_amount: Mapped[int] = mapped_column(BigInteger)
    released_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    due_on: Mapped[date] = mapped_column(Date)
    publish_by: Mapped[date] = mapped_column(Date)
    status: Mapped[DeliverableStatus] = mapped_column(
        choice(DeliverableStatus), default=DeliverableStatus.DUE
    )

    deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    late_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    act_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    remind_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    review_extended: Mapped[bool] = mapped_column(default=False)

    url: Mapped[str | None] = mapped_column(String(2000))
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_passed: Mapped[bool | None]
    check_reason: Mapped[CheckReason | None] = mapped_column(choice(CheckReason, "check_reason"))
    check_detail: Mapped[str | None] = mapped_column(String(300))
    check_missing_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disclosure_found: Mapped[bool | None]

    completed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    cancel_requested_by: Mapped[Party | None] = mapped_column(choice(Party, "cancel_requested_by"))
    cancel_request_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cancel_reason: Mapped[str | None] = mapped_column(Text)

    ad_request: Mapped[AdRequest] = relationship(lazy="raise", back_populates="deliverables")
    submissions: Mapped[list[Submission]] = relationship(
        lazy="raise", order_by="Submission.number", viewonly=True
    )
    disputes: Mapped[list[Dispute]] = relationship(
        lazy="raise", order_by="Dispute.created_at", viewonly=True
    )

    @property
    def on_deadline(self) -> OnDeadline | None:
        """What happens by itself when the deadline passes."""
        return ON_DEADLINE.get(self.status)

    @property
    def review_ends(self) -> datetime | None:
        """When the review of a draft ends; None when none waits."""
        return self.deadline if self.status is DeliverableStatus.IN_REVIEW else None


class Submission(Base):
    """A draft handed in for review; `answer` is what became of it."""

    __tablename__ = "submissions"
    __table_args__ = (
        UniqueConstraint("deliverable_id", "number"),
        CheckConstraint("answer IN ('approved', 'changes_requested')", name="answer_known"),
    )

    id: Mapped[str] = id_column("sub")
    deliverable_id: Mapped[str] = mapped_column(ForeignKey("deliverables.id"))
    number: Mapped[int]
    author: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str | None] = mapped_column(String(2000))
    file_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer: Mapped[str | None] = mapped_column(String(24))
    note: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(String(32))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class Dispute(Versioned, Base):
    """A disagreement over one deliverable, which an admin ends by splitting its money."""

    __tablename__ = "disputes"
    __table_args__ = (
        Index(
            "uq_disputes_deliverable_id_undecided",
            "deliverable_id",
            unique=True,
            sqlite_where=_UNDECIDED,
            postgresql_where=_UNDECIDED,
        ),
        CheckConstraint("to_influencer_percent BETWEEN 0 AND 100", name="percent"),
        Index(None, "deliverable_id"),
        Index(None, "decided_at", "created_at", "id"),
        Index(None, "decided_at", "escalate_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[str] = id_column("dsp")
    deliverable_id: Mapped[str] = mapped_column(ForeignKey("deliverables.id"))
    opened_by: Mapped[Party] = mapped_column(choice(Party, "opened_by"))
    author: Mapped[str] = mapped_column(String(32))
    was: Mapped[DeliverableStatus] = mapped_column(choice(DeliverableStatus, "was"))
    reason: Mapped[str] = mapped_column(Text)
    file_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    answer: Mapped[str | None] = mapped_column(Text)
    answer_file_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalate_at: Mapped[datetime] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    to_influencer_percent: Mapped[int | None]
    decision: Mapped[str | None] = mapped_column(Text)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    deliverable: Mapped[Deliverable] = relationship(lazy="raise", viewonly=True)
