"""Tracking links, coupon codes, the clicks on links, and how far the click logs were read."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    Integer,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ad_requests.models import AdRequest
from app.attribution.click_rules import Reason
from app.attribution.lifecycle import LinkStatus
from app.brands.models import Brand, Product
from app.campaigns.models import Campaign
from app.core.clock import now
from app.core.models import Base, Timestamps, UtcDateTime, Versioned, choice, id_column
from app.identity.models import Influencer, Sponsor

_AUTOMATIC = text("automatic")
_OF_THE_CAMPAIGN = text("automatic AND product_id IS NULL")
# SQLite counts only an INTEGER by itself.
_COUNTING = BigInteger().with_variant(Integer, "sqlite")


class LinkHealth(StrEnum):
    """What the target answered when it was last looked at."""

    UNKNOWN = "unknown"
    OK = "ok"
    REDIRECTED = "redirected"
    BROKEN = "broken"


class TrackingLink(Timestamps, Versioned, Base):
    """A link of one influencer to a page of a sponsor.

    `code` is what stands in its address. With an ad request its campaign stands beside it, and
    what comes through it may earn that agreement's commission; without one (a community's link)
    it is only counted. `target` lies within the sponsor's verified domains. `automatic` links are
    made when an ad request becomes active: one for each product, and one without a product for
    the campaign's own page. While an admin has it blocked (`blocked_at`) it leads nowhere, whatever
    its status. `broken_since` is set while its page is known not to answer.
    """

    __tablename__ = "tracking_links"
    __table_args__ = (
        UniqueConstraint("code"),
        CheckConstraint(
            "ad_request_id IS NULL OR campaign_id IS NOT NULL", name="agreement_has_a_campaign"
        ),
        Index(
            "uq_tracking_links_ad_request_id_product_id_automatic",
            "ad_request_id",
            "product_id",
            unique=True,
            sqlite_where=_AUTOMATIC,
            postgresql_where=_AUTOMATIC,
        ),
        Index(
            "uq_tracking_links_ad_request_id_of_the_campaign",
            "ad_request_id",
            unique=True,
            sqlite_where=_OF_THE_CAMPAIGN,
            postgresql_where=_OF_THE_CAMPAIGN,
        ),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "influencer_id", "created_at", "id"),
        Index(None, "ad_request_id", "created_at", "id"),
        Index(None, "campaign_id", "created_at", "id"),
        Index(None, "status", "checked_at", "id"),
        Index(None, "brand_id"),
        Index(None, "product_id"),
    )

    id: Mapped[str] = id_column("lnk")
    code: Mapped[str] = mapped_column(String(16))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    brand_id: Mapped[str | None] = mapped_column(ForeignKey("brands.id", ondelete="SET NULL"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id"))
    ad_request_id: Mapped[str | None] = mapped_column(ForeignKey("ad_requests.id"))
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id", ondelete="SET NULL"))
    automatic: Mapped[bool] = mapped_column(default=False)
    target: Mapped[str] = mapped_column(String(2000))
    utm: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    status: Mapped[LinkStatus] = mapped_column(choice(LinkStatus), default=LinkStatus.ACTIVE)

    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    health: Mapped[LinkHealth] = mapped_column(choice(LinkHealth), default=LinkHealth.UNKNOWN)
    health_detail: Mapped[str] = mapped_column(String(200), default="")
    broken_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    blocked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    block_reason: Mapped[str] = mapped_column(String(500), default="")

    influencer: Mapped[Influencer] = relationship(lazy="raise")
    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    brand: Mapped[Brand | None] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    ad_request: Mapped[AdRequest | None] = relationship(lazy="raise")
    product: Mapped[Product | None] = relationship(lazy="raise")
    coupons: Mapped[list[CouponCode]] = relationship(
        lazy="raise", back_populates="link", order_by="CouponCode.code"
    )


class CouponCode(Timestamps, Base):
    """A code that a buyer names in the sponsor's shop; it counts for the owner of its link.

    `code` is folded (upper case, no spaces), so that it is found however it was typed. An inactive
    one counts for nobody; its text stays taken.
    """

    __tablename__ = "coupon_codes"
    __table_args__ = (UniqueConstraint("sponsor_id", "code"), Index(None, "link_id"))

    id: Mapped[str] = id_column("cpn")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    link_id: Mapped[str] = mapped_column(ForeignKey("tracking_links.id"))
    code: Mapped[str] = mapped_column(String(40))
    active: Mapped[bool] = mapped_column(default=True)

    link: Mapped[TrackingLink] = relationship(lazy="raise", back_populates="coupons")


class ClickSegment(Base):
    """One file of the click log, and the byte up to which its lines are rows."""

    __tablename__ = "click_segments"
    __table_args__ = (
        UniqueConstraint("name"),
        CheckConstraint("position >= 0", name="position_floor"),
    )

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    position: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    consumed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Click(Base):
    """One request for a link, with the raw facts that the rules need and no raw address.

    `id` grows in the order of counting; `(segment_id, position)` is its place in the log, so that
    what is read twice is written once. `hour` counts the hours since 1970 in UTC, `visitor` is the
    random id of the visitor's cookie, `address_hash` a keyed hash of the network part of the
    address whose key changes daily, `agent` the words of the user agent without versions. `reason`
    is `counted`, or why it is not, under `rules_version`.
    """

    __tablename__ = "clicks"
    __table_args__ = (
        UniqueConstraint("segment_id", "position"),
        Index(None, "link_id", "hour", "reason", "address_hash"),
        Index(None, "link_id", "id"),
        Index(None, "visitor", "at"),
    )

    id: Mapped[int] = mapped_column(_COUNTING, primary_key=True, autoincrement=True)
    segment_id: Mapped[int] = mapped_column(ForeignKey("click_segments.id"))
    position: Mapped[int] = mapped_column(BigInteger)
    link_id: Mapped[str] = mapped_column(ForeignKey("tracking_links.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    hour: Mapped[int]
    visitor: Mapped[str] = mapped_column(String(16))
    address_hash: Mapped[str] = mapped_column(String(16))
    agent: Mapped[str] = mapped_column(String(120), default="")
    referrer_host: Mapped[str] = mapped_column(String(253), default="")
    is_head: Mapped[bool] = mapped_column(default=False)
    is_prefetch: Mapped[bool] = mapped_column(default=False)
    is_own_team: Mapped[bool] = mapped_column(default=False)
    is_expired: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[Reason] = mapped_column(choice(Reason, "click_reason"))
    rules_version: Mapped[int]


class LinkTable(Base):
    """One row whose version grows whenever a link or a domain changes: web workers keep links in
    memory and look at it each second."""

    __tablename__ = "link_table"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    version: Mapped[int] = mapped_column(BigInteger, default=1)
