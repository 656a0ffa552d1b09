"""The tables of statistics."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
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

from app.ad_requests.lifecycle import Party
from app.ad_requests.models import Deliverable
from app.attribution.click_rules import Reason
from app.core.clock import now
from app.core.models import Base, UtcDateTime, choice, id_column, not_negative
from app.statistics.sources import COUNTS, SENTIMENTS, Source

_CURRENT = text("is_current")


class PostFigures(Base):
    """What a published post had reached `as_of` a moment, as `by` states it.

    Counts are those since the posting. `views` and `followers` (of the account, at the posting) are
    None where nobody knows them, the four sentiments of comments where nobody labelled them. A
    correction is a further row that names the corrected one; of the rows that nobody corrected, the
    one with the latest moment `is_current`, and counts.
    """

    __tablename__ = "post_figures"
    __table_args__ = (
        UniqueConstraint("deliverable_id", "number"),
        UniqueConstraint("corrects_id"),
        Index(
            "uq_post_figures_deliverable_id_current",
            "deliverable_id",
            unique=True,
            sqlite_where=_CURRENT,
            postgresql_where=_CURRENT,
        ),
        CheckConstraint("number > 0", name="number_positive"),
        *not_negative(*COUNTS),
        CheckConstraint(
            " AND ".join(f"(positive IS NULL) = ({name} IS NULL)" for name in SENTIMENTS[1:]),
            name="sentiment_whole",
        ),
    )

    id: Mapped[str] = id_column("pfg")
    deliverable_id: Mapped[str] = mapped_column(ForeignKey("deliverables.id"))
    number: Mapped[int]
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    source: Mapped[Source] = mapped_column(choice(Source, "figures_source"))
    as_of: Mapped[datetime] = mapped_column(UtcDateTime)
    reactions: Mapped[int] = mapped_column(BigInteger)
    comments: Mapped[int] = mapped_column(BigInteger)
    shares: Mapped[int] = mapped_column(BigInteger)
    views: Mapped[int | None] = mapped_column(BigInteger)
    followers: Mapped[int | None] = mapped_column(BigInteger)
    positive: Mapped[int | None] = mapped_column(BigInteger)
    negative: Mapped[int | None] = mapped_column(BigInteger)
    neutral: Mapped[int | None] = mapped_column(BigInteger)
    not_concerned: Mapped[int | None] = mapped_column(BigInteger)
    screenshot_file_id: Mapped[str | None] = mapped_column(String(32))
    note: Mapped[str] = mapped_column(Text, default="")
    corrects_id: Mapped[str | None] = mapped_column(ForeignKey("post_figures.id"))
    is_current: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    deliverable: Mapped[Deliverable] = relationship(lazy="raise", viewonly=True)

    @property
    def interactions(self) -> int:
        """Reactions, comments and shares."""
        return self.reactions + self.comments + self.shares


POST_COLUMNS = (
    *("posts", "figured", "views", "followers", "engaged", "reactions", "comments", "shares"),
    *SENTIMENTS,
)
CLICK_COLUMNS = tuple(f"clicks_{reason.value}" for reason in Reason)
ORDER_COLUMNS = ("orders", "revenue", "refunds", "spend")
COUNTED_COLUMNS = (*POST_COLUMNS, *CLICK_COLUMNS, *ORDER_COLUMNS)


class Statistics(Base):
    """What was counted on one day of one agreement (its posts and fees) or of one link (its clicks,
    and the orders and commissions that they brought).

    `subject_id` is the agreement's id or the link's. Days are those of the campaign's time zone, of
    UTC for a link without a campaign. A post's figures and fees stand on the day of its posting,
    clicks and orders on their own; an order's commission and refunds stand on the order's day.
    `engaged` are the interactions of posts whose `views`, or else `followers`, are known; `figured`
    posts have figures at all. Amounts are minor units of the campaign's currency. A day on which
    nothing was counted has no row.
    """

    __tablename__ = "statistics"
    __table_args__ = (
        *not_negative(*(name for name in COUNTED_COLUMNS if name != "spend")),
        CheckConstraint(
            "(link_id IS NOT NULL AND subject_id = link_id) OR "
            "(link_id IS NULL AND subject_id = ad_request_id)",
            name="of_one_subject",
        ),
        Index(None, "campaign_id", "day"),
        Index(None, "influencer_id", "day"),
        Index(None, "sponsor_id", "day"),
        Index(None, "ad_request_id"),
        Index(None, "link_id"),
    )

    subject_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    link_id: Mapped[str | None] = mapped_column(ForeignKey("tracking_links.id"))
    ad_request_id: Mapped[str | None] = mapped_column(ForeignKey("ad_requests.id"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))

    posts: Mapped[int] = mapped_column(default=0)
    figured: Mapped[int] = mapped_column(default=0)
    views: Mapped[int] = mapped_column(BigInteger, default=0)
    followers: Mapped[int] = mapped_column(BigInteger, default=0)
    engaged: Mapped[int] = mapped_column(BigInteger, default=0)
    reactions: Mapped[int] = mapped_column(BigInteger, default=0)
    comments: Mapped[int] = mapped_column(BigInteger, default=0)
    shares: Mapped[int] = mapped_column(BigInteger, default=0)
    positive: Mapped[int] = mapped_column(BigInteger, default=0)
    negative: Mapped[int] = mapped_column(BigInteger, default=0)
    neutral: Mapped[int] = mapped_column(BigInteger, default=0)
    not_concerned: Mapped[int] = mapped_column(BigInteger, default=0)

    clicks_counted: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_head: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_prefetch: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_expired: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_bot: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_own_team: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_duplicate: Mapped[int] = mapped_column(BigInteger, default=0)
    clicks_over_limit: Mapped[int] = mapped_column(BigInteger, default=0)

    orders: Mapped[int] = mapped_column(BigInteger, default=0)
    revenue: Mapped[int] = mapped_column(BigInteger, default=0)
    refunds: Mapped[int] = mapped_column(BigInteger, default=0)
    spend: Mapped[int] = mapped_column(BigInteger, default=0)

    def columns(self) -> dict[str, Any]:
        """The row as plain values, to compare and to copy."""
        return {column.key: getattr(self, column.key) for column in self.__table__.columns}
