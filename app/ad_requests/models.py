"""Ad requests and all that hangs on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    event,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ad_requests import ddl
from app.ad_requests.lifecycle import (
    ON_DEADLINE,
    OPEN,
    AdRequestStatus,
    ChosenBy,
    DeliverableStatus,
    OnDeadline,
    Origin,
    Party,
)
from app.ad_requests.terms import Commission, Terms, deliverables_from_json
from app.campaigns.models import Campaign
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
from app.core.money import Money
from app.identity.models import Influencer, Sponsor

_LIVE = text("status IN ('proposed', 'negotiating', 'active')")
_UNDECIDED = text("decided_at IS NULL")


class AdRequest(Timestamps, Versioned, Base):
    """The agreement between one campaign and one influencer, or the proposal of one.

    Amounts are minor units of `currency`, zero until an offer is accepted: `held_amount` was taken
    from the wallet then (fee, commission's cap and platform fee), and at any time equals
    `released + refunded + platform_charged` plus what the escrow still holds (a paid commission is
    part of what was released). `stage`,
    `next_deadline` and the `waits_for_…` columns are projections of the open proposal or
    deliverables, written by `progress.refresh` only.
    """

    __tablename__ = "ad_requests"
    __table_args__ = (
        Index(
            "uq_ad_requests_campaign_id_influencer_id_live",
            "campaign_id",
            "influencer_id",
            unique=True,
            sqlite_where=_LIVE,
            postgresql_where=_LIVE,
        ),
        *not_negative(
            "fee_amount",
            "commission_cap_amount",
            "platform_fee_amount",
            "held_amount",
            "released_amount",
            "refunded_amount",
            "platform_charged_amount",
            "commission_paid_amount",
        ),
        CheckConstraint(
            "commission_paid_amount <= commission_cap_amount", name="commission_within_cap"
        ),
        CheckConstraint(
            "held_amount = fee_amount + commission_cap_amount + platform_fee_amount",
            name="held_is_its_parts",
        ),
        CheckConstraint(
            "released_amount + refunded_amount + platform_charged_amount <= held_amount",
            name="paid_out_within_held",
        ),
        CheckConstraint("commission_basis_points BETWEEN 1 AND 10000", name="commission_rate"),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "sponsor_id", "status", "created_at", "id"),
        Index(None, "sponsor_id", "next_deadline", "id"),
        Index(None, "influencer_id", "created_at", "id"),
        Index(None, "influencer_id", "status", "created_at", "id"),
        Index(None, "influencer_id", "next_deadline", "id"),
        Index(None, "campaign_id", "status", "created_at", "id"),
        Index(None, "status", "answer_by", "id"),
        Index(None, "status", "created_at", "id"),
        Index(None, "ratings_close_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[str] = id_column("adr")
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    origin: Mapped[Origin] = mapped_column(choice(Origin))
    chosen_by: Mapped[ChosenBy] = mapped_column(choice(ChosenBy))
    chosen_ref: Mapped[str | None] = mapped_column(String(64))
    started_by: Mapped[str] = mapped_column(String(32))
    status: Mapped[AdRequestStatus] = mapped_column(
        choice(AdRequestStatus), default=AdRequestStatus.PROPOSED
    )
    awaits_consent: Mapped[bool] = mapped_column(default=False)

    # No foreign key: offers point here, and the two would form a circle.
    current_offer_id: Mapped[str | None] = mapped_column(String(32))
    answer_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    offer_extended: Mapped[bool] = mapped_column(default=False)

    stage: Mapped[DeliverableStatus | None] = mapped_column(choice(DeliverableStatus, "stage"))
    next_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waits_for_sponsor: Mapped[bool] = mapped_column(default=False)
    waits_for_influencer: Mapped[bool] = mapped_column(default=False)
    waits_for_admin: Mapped[bool] = mapped_column(default=False)

    accepted_offer_id: Mapped[str | None] = mapped_column(String(32))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[str | None] = mapped_column(Text)
    ratings_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratings_revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    currency: Mapped[str] = mapped_column(String(3))
    escrow_account_id: Mapped[str | None] = mapped_column(ForeignKey("accounts.id"))
    commission_basis_points: Mapped[int | None]
    fee_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_cap_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    platform_fee_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    held_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    released_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    refunded_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    platform_charged_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    commission_paid_amount: Mapped[int] = mapped_column(BigInteger, default=0)

    campaign: Mapped[Campaign] = relationship(lazy="raise")
    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    influencer: Mapped[Influencer] = relationship(lazy="raise")
    offers: Mapped[list[Offer]] = relationship(lazy="raise", order_by="Offer.number", viewonly=True)
    deliverables: Mapped[list[Deliverable]] = relationship(
        lazy="raise", order_by="Deliverable.position", back_populates="ad_request"
    )
    ratings: Mapped[list[Rating]] = relationship(
        lazy="raise", order_by="Rating.created_at", viewonly=True
    )

    @property
    def is_open(self) -> bool:
        """Whether an offer waits for an answer."""
        return self.status in OPEN

    @property
    def current_offer(self) -> Offer | None:
        """The offer that stands now (loaded with `offers`)."""
        return next((offer for offer in self.offers if offer.id == self.current_offer_id), None)

    @property
    def commission_rate(self) -> float | None:
        """The agreed commission in percent of net revenue, None without one."""
        points = self.commission_basis_points
        return None if points is None else points / 100

    @property
    def escrow_amount(self) -> int:
        """What should still be held, in minor units."""
        paid_out = self.released_amount + self.refunded_amount + self.platform_charged_amount
        return self.held_amount - paid_out


class Offer(Base):
    """One revision of the terms. Rows are never changed or removed (triggers on both databases);
    `hash` names the revision (see `terms`)."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("ad_request_id", "number"),
        UniqueConstraint("hash"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("fee_amount > 0", name="fee_amount_positive"),
        CheckConstraint("commission_basis_points BETWEEN 1 AND 10000", name="commission_rate"),
        CheckConstraint("commission_cap_amount > 0", name="commission_cap_positive"),
        CheckConstraint(
            "(commission_basis_points IS NULL) = (commission_cap_amount IS NULL)",
            name="commission_has_rate_and_cap",
        ),
    )

    id: Mapped[str] = id_column("ofr")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    number: Mapped[int]
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(3))
    fee_amount: Mapped[int] = mapped_column(BigInteger)
    commission_basis_points: Mapped[int | None]
    commission_cap_amount: Mapped[int | None] = mapped_column(BigInteger)
    deliverables: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    usage_rights: Mapped[str] = mapped_column(Text, default="")
    exclusivity: Mapped[str] = mapped_column(Text, default="")
    message: Mapped[str] = mapped_column(Text, default="")
    campaign_terms_version: Mapped[int] = mapped_column(default=1)
    hash: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def fee(self) -> Money:
        return Money(self.fee_amount, self.currency)

    @property
    def commission_rate(self) -> float | None:
        """The offered commission in percent of net revenue, None without one."""
        points = self.commission_basis_points
        return None if points is None else points / 100

    @property
    def commission(self) -> Commission | None:
        if self.commission_basis_points is None or self.commission_cap_amount is None:
            return None
        return Commission(
            basis_points=self.commission_basis_points,
            cap=Money(self.commission_cap_amount, self.currency),
        )

    @property
    def terms(self) -> Terms:
        """The offer as a value."""
        return Terms(
            fee=self.fee,
            commission=self.commission,
            deliverables=deliverables_from_json(self.deliverables),
            usage_rights=self.usage_rights,
            exclusivity=self.exclusivity,
            message=self.message,
        )


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
    check_detail: Mapped[str | None] = mapped_column(String(300))
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


class Message(Base):
    """Something that one side wrote to the other."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "ad_request_id", "created_at", "id"),)

    id: Mapped[str] = id_column("msg")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    file_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MessageMark(Base):
    """Up to when one user has read the messages of one agreement."""

    __tablename__ = "message_marks"

    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)


class Rating(Base):
    """What one side thinks of the other after an agreement; see `ratings` for when it shows."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("ad_request_id", "by"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "sponsor_id", "by", "created_at"),
        Index(None, "influencer_id", "by", "created_at"),
    )

    id: Mapped[str] = id_column("rat")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


for _dialect, _statements in ddl.APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            Base.metadata.tables[ddl.TABLE],
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),
        )
