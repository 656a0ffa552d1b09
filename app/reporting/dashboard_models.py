"""Dashboards, their panels, and the links by which they are shared."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.campaigns.models import Campaign
from app.core.clock import now
from app.core.models import Base, Timestamps, UtcDateTime, Versioned, choice, id_column
from app.identity.models import Sponsor

LONGEST_DAYS = 730
WIDEST = 4
TALLEST = 3


class ChartKind(StrEnum):
    """How a panel is drawn."""

    FIGURE = "figure"
    LINE = "line"
    AREA = "area"
    BAR = "bar"
    STACKED = "stacked"
    SCATTER = "scatter"
    HEATMAP = "heatmap"
    TABLE = "table"


class Dashboard(Timestamps, Versioned, Base):
    """A layout of charts that a sponsor's team keeps: of one campaign, or of all.

    It shows the last `last_days` days, or the days from `since` to `until` (both included, each
    open when absent).
    """

    __tablename__ = "dashboards"
    __table_args__ = (
        CheckConstraint(f"last_days BETWEEN 1 AND {LONGEST_DAYS}", name="last_days_range"),
        CheckConstraint(
            "last_days IS NULL OR (since IS NULL AND until IS NULL)", name="one_period"
        ),
        CheckConstraint("until >= since", name="ends_after_it_starts"),
        Index(None, "sponsor_id", "updated_at", "id"),
        Index(None, "campaign_id"),
        Index(None, "updated_at", "id"),
    )

    id: Mapped[str] = id_column("dsh")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    # A draft that is deleted takes its dashboards along.
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id", ondelete="CASCADE"))
    created_by: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(80))
    last_days: Mapped[int | None]
    since: Mapped[date | None] = mapped_column(Date)
    until: Mapped[date | None] = mapped_column(Date)

    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    panels: Mapped[list[DashboardPanel]] = relationship(
        lazy="raise",
        order_by="DashboardPanel.position",
        viewonly=True,
    )


class DashboardPanel(Base):
    """One chart of a dashboard: which fields, drawn how, at which place and how large.

    `filters` maps a dimension to the values that it keeps. `width` counts quarters of the page.
    """

    __tablename__ = "dashboard_panels"
    __table_args__ = (
        UniqueConstraint("dashboard_id", "position"),
        CheckConstraint("position >= 0", name="position_floor"),
        CheckConstraint(f"width BETWEEN 1 AND {WIDEST}", name="width_range"),
        CheckConstraint(f"height BETWEEN 1 AND {TALLEST}", name="height_range"),
    )

    id: Mapped[str] = id_column("pnl")
    dashboard_id: Mapped[str] = mapped_column(ForeignKey("dashboards.id", ondelete="CASCADE"))
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    chart: Mapped[ChartKind] = mapped_column(choice(ChartKind))
    dimensions: Mapped[list[str]] = mapped_column(JSON, default=list)
    measures: Mapped[list[str]] = mapped_column(JSON, default=list)
    filters: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    width: Mapped[int]
    height: Mapped[int]

    @property
    def kept(self) -> list[dict[str, Any]]:
        """The filters as a list of fields with their values."""
        return [{"field": key, "values": values} for key, values in self.filters.items()]


class DashboardShare(Base):
    """A link by which anyone may read a dashboard until it expires or is revoked.

    Only a hash of what stands in the link is kept. `name` says whom it was made for.
    """

    __tablename__ = "dashboard_shares"
    __table_args__ = (
        UniqueConstraint("token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
        Index(None, "dashboard_id", "created_at", "id"),
    )

    id: Mapped[str] = id_column("shr")
    dashboard_id: Mapped[str] = mapped_column(ForeignKey("dashboards.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(80), default="")
    created_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    dashboard: Mapped[Dashboard] = relationship(lazy="raise")
