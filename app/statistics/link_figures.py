"""What links brought, from their daily rows: for the lists of links and the page of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.attribution.click_rules import Reason
from app.attribution.models import TrackingLink
from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money
from app.statistics.models import Statistics

_OTHERS = tuple(f"clicks_{reason.value}" for reason in Reason if reason is not Reason.COUNTED)
_SUMMED = ("clicks_counted", *_OTHERS, "orders", "revenue", "refunds", "spend")


def figures_of(links: Sequence[TrackingLink]) -> dict[str, dict[str, Any]]:
    """What each link brought until now, in one statement: `raw` clicks (counted and every other),
    `clicks` that count, and of confirmed orders their number, net revenue after refunds, and the
    commission that stayed paid. Amounts are None for a link without a campaign."""
    sums = [func.sum(getattr(Statistics, name)).label(name) for name in _SUMMED]
    found = db.session.execute(
        select(Statistics.link_id, *sums)
        .where(Statistics.link_id.in_([link.id for link in links]))
        .group_by(Statistics.link_id)
    )
    rows = {row.link_id: row for row in found}
    return {link.id: _shown(link, rows.get(link.id)) for link in links}


def clicks_by_day(link: TrackingLink, days: int) -> dict[str, Any]:
    """The clicks of a link on each of the last `days` days of its campaign's time zone, and how
    many of them have which reason: raw = counted + every other reason."""
    zone = link.campaign.time_zone if link.campaign else "UTC"
    until = now().astimezone(ZoneInfo(zone)).date()
    since = until - timedelta(days=days - 1)
    rows = {
        row.day: row
        for row in db.session.scalars(
            select(Statistics).where(Statistics.subject_id == link.id, Statistics.day >= since)
        )
    }
    reasons = {
        reason: sum(getattr(row, f"clicks_{reason.value}") for row in rows.values())
        for reason in Reason
    }
    return {
        "time_zone": zone,
        "raw": sum(reasons.values()),
        "reasons": [
            {"reason": reason.value, "clicks": clicks} for reason, clicks in reasons.items()
        ],
        "days": [
            {
                "day": day,
                "counted": rows[day].clicks_counted if day in rows else 0,
                "others": _others(rows.get(day)),
            }
            for day in (since + timedelta(days=number) for number in range(days))
        ],
    }


def _others(row: Any) -> int:
    return sum(int(getattr(row, name, 0) or 0) for name in _OTHERS)


def _shown(link: TrackingLink, row: Any) -> dict[str, Any]:
    def sum_of(name: str) -> int:
        # PostgreSQL sums big integers to numeric.
        return int(getattr(row, name, 0) or 0)

    def money(amount: int) -> Money | None:
        return Money(amount, link.campaign.currency) if link.campaign else None

    return {
        "raw": sum_of("clicks_counted") + _others(row),
        "clicks": sum_of("clicks_counted"),
        "orders": sum_of("orders"),
        "revenue": money(sum_of("revenue") - sum_of("refunds")),
        "commission": money(sum_of("spend")),
    }
