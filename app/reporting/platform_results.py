"""What all campaigns of the platform brought, and whether their links, domains and shops are well.

Cached for a minute: every figure sums what all sponsors did.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, cast, func, select

from app.attribution import click_lag
from app.attribution.lifecycle import LinkStatus
from app.attribution.models import Order, OrderSource, TrackingLink
from app.brands.models import SponsorDomain
from app.core.actor import Actor
from app.core.caching import cached
from app.core.clock import now
from app.core.extensions import db
from app.identity.models import Sponsor
from app.payments import waiting_events
from app.reporting import results
from app.reporting.days import start_of
from app.reporting.results import Period
from app.statistics.models import CLICK_COLUMNS, Statistics

AREA = "platform_results"
TOP = 10
REFUSALS_SHOWN = 10


def read(actor: Actor, *, since: Any = None, until: Any = None) -> dict[str, Any]:
    """Every figure of a period and the health of the moment: a constant number of statements.

    Raises Invalid for a period that ends before it begins.
    """
    period = results.period_of(since, until)
    asked = {"since": period.since, "until": period.until}
    return cached(AREA, actor, asked, lambda: _read(period))


def _read(period: Period) -> dict[str, Any]:
    return {
        "since": period.since,
        "until": period.until,
        **results.by_currency(period),
        "campaigns": results.top_campaigns(period, TOP),
        "clicks_by_day": _clicks_by_day(period),
        "orders": _orders(period),
        "health": _health(period),
        "computed_at": now(),
    }


def _clicks_by_day(period: Period) -> list[dict[str, Any]]:
    """Every request for a link by what became of it; days without any are left out."""
    # PostgreSQL sums big integers to numeric.
    sums = [cast(func.sum(getattr(Statistics, name)), BigInteger) for name in CLICK_COLUMNS]
    rows = db.session.execute(
        select(Statistics.day, *sums)
        .where(Statistics.day.between(period.since, period.until))
        .group_by(Statistics.day)
        .order_by(Statistics.day)
    )
    names = [name.removeprefix("clicks_") for name in CLICK_COLUMNS]
    found = ((day, dict(zip(names, counts, strict=True))) for day, *counts in rows)
    return [{"day": day, "reasons": reasons} for day, reasons in found if any(reasons.values())]


def _orders(period: Period) -> list[dict[str, Any]]:
    """Orders by the way they came, confirmed or not."""
    confirmed = Order.verified_at.is_not(None)
    rows = db.session.execute(
        select(Order.source, func.count().filter(confirmed), func.count().filter(~confirmed))
        .where(Order.ordered_at >= start_of(period.since), Order.ordered_at < _end_of(period))
        .group_by(Order.source)
        .order_by(Order.source)
    )
    return [
        {"source": source, "confirmed": sure, "unconfirmed": unsure}
        for source, sure, unsure in rows
    ]


def _end_of(period: Period) -> datetime:
    return start_of(period.until + timedelta(days=1))


def _health(period: Period) -> dict[str, Any]:
    broken, blocked = db.session.execute(
        select(
            func.count().filter(TrackingLink.broken_since.is_not(None)),
            func.count().filter(TrackingLink.blocked_at.is_not(None)),
        ).where(TrackingLink.status != LinkStatus.ENDED)
    ).one()
    unverified, lost, lapsed = db.session.execute(
        select(
            func.count().filter(SponsorDomain.verified_at.is_(None)),
            func.count().filter(
                SponsorDomain.lost_at.is_not(None), SponsorDomain.lapsed_at.is_(None)
            ),
            func.count().filter(SponsorDomain.lapsed_at.is_not(None)),
        )
    ).one()
    behind = click_lag.lag()
    return {
        "broken_links": broken,
        "blocked_links": blocked,
        "unverified_domains": unverified,
        "lost_domains": lost,
        "lapsed_domains": lapsed,
        "gateway_events": waiting_events.waiting_count(),
        "refusals": _refusals(period),
        "waiting_bytes": behind.waiting_bytes,
        "oldest_click": behind.oldest,
    }


def _refusals(period: Period) -> list[dict[str, Any]]:
    """The order sources whose messages were refused last, in the period."""
    rows = db.session.execute(
        select(OrderSource, Sponsor.name)
        .join(Sponsor, Sponsor.id == OrderSource.sponsor_id)
        .where(OrderSource.refused_at >= start_of(period.since))
        .order_by(OrderSource.refused_at.desc())
        .limit(REFUSALS_SHOWN)
    )
    return [
        {
            "sponsor": {"id": source.sponsor_id, "name": name},
            "source": source.kind,
            "reason": source.refused_reason,
            "at": source.refused_at,
        }
        for source, name in rows
    ]
