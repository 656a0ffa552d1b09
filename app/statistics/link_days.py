"""The rows that stand for one link: its clicks by reason, and the orders that they brought.

An order counts once the shop or the sponsor has confirmed it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, func, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.attribution.click_rules import Reason
from app.attribution.models import Click, CommissionEntry, Order, TrackingLink
from app.campaigns.models import Campaign
from app.core.clock import end_of_day
from app.core.extensions import db
from app.statistics.daily import Rows, day_in
from app.statistics.models import ORDER_COLUMNS

QUARTER_SECONDS = 900
HOUR_SECONDS = 4 * QUARTER_SECONDS
HOURS_AT_ONCE = 10_000


class quarter_hour(GenericFunction[int]):  # noqa: N801 - an SQL function
    """The quarters of an hour since 1970 at a moment: no time zone's midnight lies within one."""

    type = Integer()
    inherit_cache = True


@compiles(quarter_hour, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"(CAST(strftime('%s', {moment}) AS INTEGER) / {QUARTER_SECONDS})"


@compiles(quarter_hour, "postgresql")
def _on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"CAST(floor(extract(epoch FROM {moment}) / {QUARTER_SECONDS}) AS INTEGER)"


def heads(link_ids: Collection[str]) -> dict[str, Any]:
    """Whose each link is, and in which time zone its days are."""
    found = db.session.execute(
        select(
            TrackingLink.id,
            TrackingLink.ad_request_id,
            TrackingLink.campaign_id,
            TrackingLink.influencer_id,
            TrackingLink.sponsor_id,
            Campaign.time_zone,
        )
        .outerjoin(Campaign, Campaign.id == TrackingLink.campaign_id)
        .where(TrackingLink.id.in_(link_ids))
    )
    return {row.id: row for row in found}


def add_clicks(rows: Rows, of: Mapping[str, Any]) -> None:
    """Add the clicks of the links whose heads are `of` to `rows`, in two statements at most.

    An index has all that hours need. An hour within which a day ends, as in zones that are half an
    hour apart from others, is asked for again by its quarters.
    """
    divided: set[int] = set()
    for link_id, hour, reason, count in _clicks(Click.hour, of):
        day = _day_of_hour(of[link_id].time_zone, hour)
        if day is None:
            divided.add(hour)
        else:
            _add(rows, of[link_id], day, reason, count)
    if not divided:
        return
    for link_id, quarter, reason, count in _clicks(
        quarter_hour(Click.at), of, Click.hour.in_(divided)
    ):
        zone = of[link_id].time_zone
        if _day_of_hour(zone, quarter * QUARTER_SECONDS // HOUR_SECONDS) is None:
            at = datetime.fromtimestamp(quarter * QUARTER_SECONDS, UTC)
            _add(rows, of[link_id], day_in(zone, at), reason, count)


def _clicks(each: Any, of: Mapping[str, Any], *which: ColumnElement[bool]) -> Iterable[Any]:
    statement = (
        select(Click.link_id, each, Click.reason, func.count())
        .where(Click.link_id.in_(list(of)), *which)
        .group_by(Click.link_id, each, Click.reason)
    )
    # Links of years have very many hours; they need not be in memory at once.
    return db.session.execute(statement, execution_options={"yield_per": HOURS_AT_ONCE})


@lru_cache(maxsize=100_000)
def _day_of_hour(zone: str | None, hour: int) -> date | None:
    """The day in which all of an hour lies; None where one ends within it."""
    begin = datetime.fromtimestamp(hour * HOUR_SECONDS, UTC)
    last = begin + timedelta(seconds=HOUR_SECONDS - QUARTER_SECONDS)
    day = day_in(zone, begin)
    return day if day == day_in(zone, last) else None


def _add(rows: Rows, head: Any, day: date, reason: Reason, count: int) -> None:
    row = row_of(rows, head, day)
    name = f"clicks_{reason.value}"
    row[name] = row.get(name, 0) + count


def add_orders(rows: Rows, of: Mapping[str, Any], day: date | None = None) -> None:
    """Add the confirmed orders of the links whose heads are `of`, with their commissions, in one
    statement; only those of `day` where one is given, for links of one time zone."""
    quarter = quarter_hour(Order.ordered_at)
    statement = (
        select(
            Order.link_id,
            quarter,
            func.count(),
            func.sum(Order.revenue_amount),
            func.sum(Order.refund_amount),
            func.sum(CommissionEntry.paid_amount - CommissionEntry.taken_back_amount),
        )
        .outerjoin(CommissionEntry, CommissionEntry.order_id == Order.id)
        .where(Order.link_id.in_(list(of)), Order.verified_at.is_not(None))
        .group_by(Order.link_id, quarter)
    )
    if day is not None:
        zone = next(head.time_zone for head in of.values()) or "UTC"
        start = end_of_day(day - timedelta(days=1), zone)
        statement = statement.where(
            Order.ordered_at >= start, Order.ordered_at < end_of_day(day, zone)
        )
    for link_id, number, count, *amounts in db.session.execute(statement):
        head = of[str(link_id)]
        at = datetime.fromtimestamp(number * QUARTER_SECONDS, UTC)
        row = row_of(rows, head, day_in(head.time_zone, at))
        for name, amount in zip(ORDER_COLUMNS, (count, *amounts), strict=True):
            # PostgreSQL sums big integers to numeric.
            row[name] = row.get(name, 0) + int(amount or 0)


def row_of(rows: Rows, head: Any, day: date) -> dict[str, Any]:
    """The row of a link's day, made where there is none yet."""
    row = rows.get((head.id, day))
    if row is None:
        row = rows[head.id, day] = {
            "subject_id": head.id,
            "day": day,
            "link_id": head.id,
            "ad_request_id": head.ad_request_id,
            "campaign_id": head.campaign_id,
            "influencer_id": head.influencer_id,
            "sponsor_id": head.sponsor_id,
        }
    return row
