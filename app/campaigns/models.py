"""Campaigns and the rows that hang on them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    DDL,
    JSON,
    BigInteger,
    CheckConstraint,
    Computed,
    Date,
    ForeignKey,
    Index,
    String,
    Text,
    event,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.brands.models import Brand, Product
from app.campaigns import ddl
from app.campaigns.lifecycle import Approval, AttributionTouch, CampaignStatus, Visibility
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
from app.identity.models import Sponsor

LISTED = "status = 'published' AND visibility = 'public' AND NOT hidden AND NOT suspended"


class Campaign(Timestamps, Versioned, Base):
    """A sponsor's brief with its budget.

    Amounts are minor units of `currency`. `committed_amount` is what accepted agreements may cost
    (fees, caps, platform fees; what was spent included), `spent_amount` what was released.
    `listed` is computed by the database: whether the public directory may show the campaign.
    """

    __tablename__ = "campaigns"
    __table_args__ = (
        *not_negative(
            "committed_amount", "spent_amount", "open_agreements", "min_reach", "fee_from_amount"
        ),
        CheckConstraint("budget_amount > 0", name="budget_amount_positive"),
        CheckConstraint("committed_amount <= budget_amount", name="committed_within_budget"),
        CheckConstraint("spent_amount <= committed_amount", name="spent_within_committed"),
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        CheckConstraint("hold_days BETWEEN 0 AND 90", name="hold_days_range"),
        CheckConstraint("attribution_window_days BETWEEN 1 AND 90", name="attribution_window"),
        CheckConstraint("fee_to_amount >= fee_from_amount", name="fee_range"),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "sponsor_id", "status", "created_at", "id"),
        Index(None, "sponsor_id", "ends_on", "id"),
        Index(None, "sponsor_id", "budget_amount", "id"),
        Index(None, "sponsor_id", "title_key", "id"),
        Index(None, "listed", "published_at", "id"),
        Index(None, "listed", "budget_amount", "id"),
        Index(None, "listed", "ends_on", "id"),
        Index(None, "status", "created_at", "id"),
        Index(None, "approval", "submitted_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "brand_id"),
    )

    id: Mapped[str] = id_column("cmp")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id"))
    created_by: Mapped[str] = mapped_column(String(32))

    title: Mapped[str] = mapped_column(String(160))
    title_key: Mapped[str] = mapped_column(String(480))
    description: Mapped[str] = mapped_column(Text, default="")
    goals: Mapped[str] = mapped_column(Text, default="")
    search_text: Mapped[str] = mapped_column(Text, default="")

    status: Mapped[CampaignStatus] = mapped_column(
        choice(CampaignStatus), default=CampaignStatus.DRAFT
    )
    visibility: Mapped[Visibility] = mapped_column(choice(Visibility), default=Visibility.PUBLIC)
    approval: Mapped[Approval] = mapped_column(choice(Approval), default=Approval.NOT_NEEDED)
    approval_reason: Mapped[str | None] = mapped_column(Text)
    submitted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    published_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    hidden: Mapped[bool] = mapped_column(default=False)
    suspended: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[bool] = mapped_column(default=False)
    listed: Mapped[bool] = mapped_column(Computed(LISTED, persisted=True))

    currency: Mapped[str] = mapped_column(String(3))
    budget_amount: Mapped[int] = mapped_column(BigInteger)
    committed_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    spent_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    fee_from_amount: Mapped[int | None] = mapped_column(BigInteger)
    fee_to_amount: Mapped[int | None] = mapped_column(BigInteger)
    open_agreements: Mapped[int] = mapped_column(default=0)

    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)
    time_zone: Mapped[str] = mapped_column(String(64), default="UTC")

    product_url: Mapped[str] = mapped_column(String(2000), default="")
    deliverables: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    usage_rights: Mapped[str] = mapped_column(Text, default="")
    disclosure_rule: Mapped[str] = mapped_column(Text, default="")
    disclosure_tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    hold_days: Mapped[int | None]
    attribution_touch: Mapped[AttributionTouch] = mapped_column(
        choice(AttributionTouch), default=AttributionTouch.LAST
    )
    attribution_window_days: Mapped[int] = mapped_column(default=30)
    coupon_beats_link: Mapped[bool] = mapped_column(default=True)
    terms_version: Mapped[int] = mapped_column(default=1)

    influencers_wanted: Mapped[int | None]
    language: Mapped[str] = mapped_column(String(16), default="")
    # Between commas, so that a search finds a name whole: `,instagram,x,`.
    platform_names: Mapped[str] = mapped_column(String(200), default="")
    min_reach: Mapped[int] = mapped_column(BigInteger, default=0)

    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    brand: Mapped[Brand | None] = relationship(lazy="raise")
    phases: Mapped[list[CampaignPhase]] = relationship(
        lazy="raise",
        order_by="CampaignPhase.starts_on",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    niche_rows: Mapped[list[CampaignNiche]] = relationship(
        lazy="raise",
        order_by="CampaignNiche.niche",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    country_rows: Mapped[list[CampaignCountry]] = relationship(
        lazy="raise",
        order_by="CampaignCountry.country",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    product_rows: Mapped[list[CampaignProduct]] = relationship(
        lazy="raise", cascade="all, delete-orphan", passive_deletes=True
    )

    @property
    def niches(self) -> list[str]:
        """The names of the niches (loaded with `niche_rows`)."""
        return [row.niche for row in self.niche_rows]

    @property
    def countries(self) -> list[str]:
        """Where the audience should be (loaded with `country_rows`)."""
        return [row.country for row in self.country_rows]

    @property
    def products(self) -> list[Product]:
        """The advertised products (loaded with `product_rows`), by name."""
        return sorted((row.product for row in self.product_rows), key=lambda p: p.name_key)

    @property
    def platforms(self) -> list[str]:
        """Where the posts should appear; empty for anywhere."""
        return [name for name in self.platform_names.split(",") if name]

    @platforms.setter
    def platforms(self, names: list[str]) -> None:
        self.platform_names = f",{','.join(names)}," if names else ""

    @property
    def budget(self) -> Money:
        return Money(self.budget_amount, self.currency)

    @property
    def committed(self) -> Money:
        return Money(self.committed_amount, self.currency)

    @property
    def spent(self) -> Money:
        return Money(self.spent_amount, self.currency)

    @property
    def free(self) -> Money:
        """What of the budget no agreement has taken."""
        return Money(self.budget_amount - self.committed_amount, self.currency)

    @property
    def fee_from(self) -> Money | None:
        return self._money(self.fee_from_amount)

    @property
    def fee_to(self) -> Money | None:
        return self._money(self.fee_to_amount)

    def _money(self, amount: int | None) -> Money | None:
        return None if amount is None else Money(amount, self.currency)


class CampaignPhase(Base):
    """A stretch of days inside the campaign; phases do not overlap."""

    __tablename__ = "campaign_phases"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_it_starts"),
        Index(None, "campaign_id", "starts_on"),
    )

    id: Mapped[str] = id_column("phs")
    campaign_id: Mapped[str] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    starts_on: Mapped[date] = mapped_column(Date)
    ends_on: Mapped[date] = mapped_column(Date)


class CampaignNiche(Base):
    """One niche of a campaign; lower case."""

    __tablename__ = "campaign_niches"
    __table_args__ = (Index(None, "niche", "campaign_id"),)

    campaign_id: Mapped[str] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    niche: Mapped[str] = mapped_column(String(60), primary_key=True)


class CampaignCountry(Base):
    """One country of the wanted audience. `country_key` is folded for comparison."""

    __tablename__ = "campaign_countries"
    __table_args__ = (Index(None, "country_key", "campaign_id"),)

    campaign_id: Mapped[str] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    country_key: Mapped[str] = mapped_column(String(240), primary_key=True)
    country: Mapped[str] = mapped_column(String(80))


class CampaignProduct(Base):
    """A product that a campaign advertises."""

    __tablename__ = "campaign_products"
    __table_args__ = (Index(None, "product_id"),)

    campaign_id: Mapped[str] = mapped_column(
        ForeignKey("campaigns.id", ondelete="CASCADE"), primary_key=True
    )
    product_id: Mapped[str] = mapped_column(ForeignKey("products.id"), primary_key=True)

    product: Mapped[Product] = relationship(lazy="raise")


for _statement in ddl.POSTGRESQL:
    event.listen(
        Base.metadata.tables[ddl.TABLE],
        "after_create",
        DDL(_statement.replace("%", "%%")).execute_if(dialect="postgresql"),
    )
