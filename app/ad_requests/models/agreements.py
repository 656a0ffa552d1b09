"""Ad requests and their offers."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    CheckConstraint,
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
    OPEN,
    AdRequestStatus,
    ChosenBy,
    DeliverableStatus,
    Origin,
    Party,
)
from app.ad_requests.terms import Commission, Terms, deliverables_from_json
from app.campaigns.lifecycle import AttributionTouch
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

if TYPE_CHECKING:
    from app.ad_requests.models.deliverables import Deliverable
    from app.ad_requests.models.exchange import Rating

_LIVE = text("status IN ('proposed', 'negotiating', 'active')")


class AdRequest(Timestamps, Versioned, Base):
    """The agreement between one campaign and one influencer, or the proposal of one.

    Amounts are minor units of `currency`, zero until an offer is accepted: `held_amount` was taken
    from the wallet then (fee, commission's cap and platform fee), and at any time equals
    `released + refunded + platform_charged` plus what the escrow still holds (a paid commission is
    part of what was released). `commission_until` is set from the end of the agreement to the end
    of the window in which orders still count: the rest of the cap is held until then. `stage`,
    the deadlines and the `waits_for_…` columns are projections of the open proposal or
    deliverables, written by `progress.refresh` only: `next_deadline` is the first of all, a side's
    own the first of what waits for that side, or of all where nothing does.
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
            "commission_returned_amount",
        ),
        CheckConstraint(
            "commission_paid_amount <= commission_cap_amount", name="commission_within_cap"
        ),
        CheckConstraint(
            "commission_returned_amount <= commission_paid_amount", name="returned_within_paid"
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
        Index(None, "commission_until", "id"),
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
    sponsor_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    influencer_deadline: Mapped[datetime | None] = mapped_column(UtcDateTime)
    waits_for_sponsor: Mapped[bool] = mapped_column(default=False)
    waits_for_influencer: Mapped[bool] = mapped_column(default=False)
    waits_for_admin: Mapped[bool] = mapped_column(default=False)

    accepted_offer_id: Mapped[str | None] = mapped_column(String(32))
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    closing_reason: Mapped[str | None] = mapped_column(Text)
    ratings_close_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ratings_revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # What the campaign's brief said at the acceptance (see `conditions`), and its rule for orders:
    # what was agreed stays.
    conditions: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    attribution_touch: Mapped[AttributionTouch | None] = mapped_column(choice(AttributionTouch))
    attribution_window_days: Mapped[int | None]
    coupon_beats_link: Mapped[bool | None]
    commission_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

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
    # Of what was paid: taken back when its order was. The cap that it used stays used.
    commission_returned_amount: Mapped[int] = mapped_column(BigInteger, default=0)

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
    def commission_left(self) -> int:
        """What commission may still be paid, in minor units: none once the window is closed."""
        if self.status is not AdRequestStatus.ACTIVE and self.commission_until is None:
            return 0
        return self.commission_cap_amount - self.commission_paid_amount

    @property
    def escrow_amount(self) -> int:
        """What should still be held, in minor units."""
        paid_out = self.released_amount + self.refunded_amount + self.platform_charged_amount
        return self.held_amount - paid_out


class Offer(Base):
    """One revision of the terms. Rows are never changed or removed (triggers on both databases);
    `hash` names the revision (see `terms`). The platform's fee and hold period are those at the
    making: an admin who changes them changes no offer that is open."""

    __tablename__ = "offers"
    __table_args__ = (
        UniqueConstraint("ad_request_id", "number"),
        UniqueConstraint("hash"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("fee_amount > 0", name="fee_amount_positive"),
        CheckConstraint("platform_fee_amount >= 0", name="platform_fee_amount_not_negative"),
        CheckConstraint("hold_days BETWEEN 0 AND 90", name="hold_days_range"),
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
    platform_fee_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    hold_days: Mapped[int]
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


for _dialect, _statements in ddl.APPEND_ONLY.items():
    for _statement in _statements:
        event.listen(
            Base.metadata.tables[ddl.TABLE],
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),
        )
