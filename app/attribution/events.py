"""Facts of attribution: what statistics count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.attribution.click_rules import Reason


@dataclass(frozen=True)
class ClickCount:
    """So many clicks on a link at a moment (any within its quarter of an hour); less than 0 where
    other rules took them away."""

    link_id: str
    at: datetime
    reason: Reason
    count: int = 1


@dataclass(frozen=True)
class ClicksCounted:
    """Clicks became rows, or other rows under new rules."""

    clicks: tuple[ClickCount, ...]


@dataclass(frozen=True)
class OrderCounted:
    """An order was recorded, confirmed, refunded, credited or paid for: the days of `links` count
    it anew. `links` are the link that it is credited to, and the one before where that changed."""

    order_id: str
    ordered_at: datetime
    links: tuple[str, ...]
