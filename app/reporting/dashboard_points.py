"""What lies behind a point of a dashboard: the links and agreements that made it, and their
orders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import BigInteger, and_, cast, false, func, or_, select
from sqlalchemy.orm import joinedload

from app.attribution.click_rules import Reason
from app.attribution.models import Order, TrackingLink
from app.campaigns.models import Campaign
from app.core.clock import end_of_day
from app.core.errors import Invalid
from app.core.extensions import db
from app.identity.models import Influencer
from app.identity.shown import money_of
from app.reporting.dashboard_fields import CLICKS_BY_REASON, DIMENSIONS, FieldType
from app.reporting.dashboard_parts import Scope, rows_of, within_point
from app.statistics.models import Statistics

MOST_PARTS = 100
MOST_ORDERS = 50
_AMOUNTS = ("revenue", "refunds", "spend")
_COUNTED = ("posts", "reactions", "comments", "shares", *CLICKS_BY_REASON, "orders", *_AMOUNTS)


def narrowed(scope: Scope, dimensions: Sequence[str], keys: Sequence[str]) -> Scope:
    """The scope of one point of a panel: `keys` are the values of its `dimensions`, in their
    order, empty where there is none. Raises Invalid."""
    if len(keys) != len(dimensions):
        raise Invalid(key=f"Give a value for each of: {', '.join(dimensions) or 'nothing'}.")
    period, kept = scope.period, dict(scope.kept)
    for key, text in zip(dimensions, keys, strict=True):
        value = text or None
        if DIMENSIONS[key].type is FieldType.TIME:
            try:
                period = within_point(period, key, value)
            except (ValueError, OverflowError):
                raise Invalid(key=f"Give a day such as 2026-11-22 for {key}.") from None
        elif key in kept and value not in kept[key]:
            kept[key] = ()
        else:
            kept[key] = (value,)
    return replace(scope, period=period, kept=kept)


def behind(scope: Scope) -> dict[str, Any]:
    """The links and agreements that were counted in the scope, and the latest orders of those:
    a constant number of statements. `more_parts`, `more_orders`: there are more than these."""
    parts = _parts(scope)
    orders = _orders(scope)
    return {
        "parts": [_part(row) for row in parts[:MOST_PARTS]],
        "more_parts": len(parts) > MOST_PARTS,
        "orders": [_order(row) for row in orders[:MOST_ORDERS]],
        "more_orders": len(orders) > MOST_ORDERS,
    }


def _parts(scope: Scope) -> list[Any]:
    inner = rows_of(
        scope,
        [
            Statistics.subject_id,
            Statistics.link_id,
            Statistics.ad_request_id,
            Statistics.influencer_id,
            Statistics.campaign_id,
            Statistics.day,
            *(getattr(Statistics, name) for name in _COUNTED),
        ],
        (),
    ).subquery()
    keys = [
        inner.c[name]
        for name in ("subject_id", "link_id", "ad_request_id", "influencer_id", "campaign_id")
    ]
    sums = {name: cast(func.sum(inner.c[name]), BigInteger) for name in _COUNTED}
    found = (
        select(
            *keys,
            func.min(inner.c.day).label("since"),
            func.max(inner.c.day).label("until"),
            *(total.label(name) for name, total in sums.items()),
        )
        .group_by(*keys)
        .order_by(
            sums["orders"].desc(),
            sums["clicks_counted"].desc(),
            sums["spend"].desc(),
            inner.c.subject_id,
        )
        .limit(MOST_PARTS + 1)
        .subquery()
    )
    statement = (
        select(
            found,
            Influencer.name,
            Influencer.slug,
            Campaign.title,
            Campaign.currency,
            TrackingLink.code,
        )
        .join(Influencer, Influencer.id == found.c.influencer_id)
        .join(Campaign, Campaign.id == found.c.campaign_id)
        .outerjoin(TrackingLink, TrackingLink.id == found.c.link_id)
        .order_by(
            found.c.orders.desc(),
            found.c.clicks_counted.desc(),
            found.c.spend.desc(),
            found.c.subject_id,
        )
    )
    return list(db.session.execute(statement))


def _part(row: Any) -> dict[str, Any]:
    return {
        "link": row.link_id and {"id": row.link_id, "code": row.code},
        "ad_request_id": row.ad_request_id,
        "campaign": {"id": row.campaign_id, "title": row.title},
        "influencer": {"id": row.influencer_id, "name": row.name, "slug": row.slug},
        "since": row.since,
        "until": row.until,
        "posts": row.posts,
        "interactions": row.reactions + row.comments + row.shares,
        "clicks": row.clicks_counted,
        "clicks_by_reason": {
            reason.value: getattr(row, name)
            for reason, name in zip(Reason, CLICKS_BY_REASON, strict=True)
        },
        "orders": row.orders,
        **{name: money_of(getattr(row, name), row.currency) for name in _AMOUNTS},
    }


def _orders(scope: Scope) -> list[Order]:
    """The latest orders of the days in the scope, one more than are shown."""
    days = rows_of(scope, [Statistics.link_id, Statistics.day, Campaign.time_zone], ())
    found = db.session.execute(
        days.where(Statistics.orders > 0)
        .order_by(Statistics.day.desc(), Statistics.link_id)
        .limit(MOST_ORDERS + 1)
    )
    of_days = [
        and_(
            Order.link_id == link_id,
            Order.ordered_at >= end_of_day(day - timedelta(days=1), zone),
            Order.ordered_at < end_of_day(day, zone),
        )
        for link_id, day, zone in found
    ]
    statement = (
        select(Order)
        .where(or_(false(), *of_days), Order.verified_at.is_not(None))
        .options(joinedload(Order.influencer), joinedload(Order.link))
        .order_by(Order.ordered_at.desc(), Order.id.desc())
        .limit(MOST_ORDERS + 1)
    )
    return list(db.session.scalars(statement))


def _order(row: Order) -> dict[str, Any]:
    return {
        "id": row.id,
        "external_id": row.external_id,
        "ordered_at": row.ordered_at,
        "revenue": row.revenue,
        "refund": row.refund,
        "influencer": row.influencer and row.influencer.name,
        "link": row.link and {"id": row.link.id, "code": row.link.code},
    }
