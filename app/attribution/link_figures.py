"""What links brought: clicks by reason, confirmed orders, revenue and commission."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from app.attribution.click_rules import Reason
from app.attribution.models import Click, CommissionEntry, Order, TrackingLink
from app.core.clock import end_of_day, now
from app.core.extensions import db
from app.core.money import Money

HOUR = 3600  # seconds


def figures_of(links: Sequence[TrackingLink]) -> dict[str, dict[str, Any]]:
    """What each link brought until now, in two statements: `raw` clicks (counted and every other),
    `clicks` that count, and of confirmed orders their number, net revenue after refunds, and the
    commission that stayed paid. Amounts are None for a link without a campaign."""
    ids = [link.id for link in links]
    clicks = _clicks(ids)
    orders = {row.link_id: row for row in db.session.execute(_orders(ids))}
    return {link.id: _shown(link, clicks, orders.get(link.id)) for link in links}


def clicks_by_day(link: TrackingLink, days: int) -> dict[str, Any]:
    """The clicks of a link on each of the last `days` days of its campaign's time zone, and how
    many of them have which reason: raw = counted + every other reason."""
    zone = link.campaign.time_zone if link.campaign else "UTC"
    until = now().astimezone(ZoneInfo(zone)).date()
    since = until - timedelta(days=days - 1)
    first_hour = int(end_of_day(since - timedelta(days=1), zone).timestamp()) // HOUR
    found = db.session.execute(
        select(Click.hour, Click.reason, func.count())
        .where(Click.link_id == link.id, Click.hour >= first_hour)
        .group_by(Click.hour, Click.reason)
    )
    by_day: Counter[tuple[date, Reason]] = Counter()
    for hour, reason, count in found:
        # The hour is kept of a click; where midnight lies within one, it goes to its first day.
        day = datetime.fromtimestamp(hour * HOUR, UTC).astimezone(ZoneInfo(zone)).date()
        by_day[max(day, since), reason] += count
    reasons: Counter[Reason] = Counter()
    for (_, reason), count in by_day.items():
        reasons[reason] += count
    return {
        "time_zone": zone,
        "raw": sum(reasons.values()),
        "reasons": [{"reason": reason.value, "clicks": reasons[reason]} for reason in Reason],
        "days": [
            {
                "day": day,
                "counted": by_day[day, Reason.COUNTED],
                "others": sum(
                    by_day[day, reason] for reason in Reason if reason is not Reason.COUNTED
                ),
            }
            for day in (since + timedelta(days=number) for number in range(days))
        ],
    }


def _clicks(ids: Sequence[str]) -> Counter[tuple[str, Reason]]:
    found = db.session.execute(
        select(Click.link_id, Click.reason, func.count())
        .where(Click.link_id.in_(ids))
        .group_by(Click.link_id, Click.reason)
    )
    return Counter({(link_id, reason): count for link_id, reason, count in found})


def _orders(ids: Sequence[str]) -> Any:
    kept = CommissionEntry.paid_amount - CommissionEntry.taken_back_amount
    return (
        select(
            Order.link_id,
            func.count().label("orders"),
            func.sum(Order.revenue_amount - Order.refund_amount).label("revenue"),
            func.sum(kept).label("commission"),
        )
        .outerjoin(CommissionEntry, CommissionEntry.order_id == Order.id)
        .where(Order.link_id.in_(ids), Order.verified_at.is_not(None))
        .group_by(Order.link_id)
    )


def _shown(
    link: TrackingLink, clicks: Mapping[tuple[str, Reason], int], orders: Any
) -> dict[str, Any]:
    currency = link.campaign.currency if link.campaign else None

    def money(name: str) -> Money | None:
        # PostgreSQL sums big integers to numeric.
        amount = int(getattr(orders, name, 0) or 0)
        return None if currency is None else Money(amount, currency)

    return {
        "raw": sum(clicks.get((link.id, reason), 0) for reason in Reason),
        "clicks": clicks.get((link.id, Reason.COUNTED), 0),
        "orders": orders.orders if orders else 0,
        "revenue": money("revenue"),
        "commission": money("commission"),
    }
