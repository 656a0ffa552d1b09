"""What campaigns brought, side by side, from the daily rollups.

Days are those of each campaign's time zone. Amounts of two currencies are never summed: each
currency has its own figures. Rates follow from sums, and are None where there is nothing to divide
by. A link without a campaign has clicks and orders, and no currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, and_, cast, func, or_, select

from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.clock import now, today
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.spreadsheet import csv_lines, decimal
from app.identity.models import Sponsor
from app.identity.shown import money_of
from app.reporting.campaign_report import Counts, rates, total
from app.statistics.models import Statistics

USUAL_DAYS = 30
CAMPAIGNS_SHOWN = 200
_SUMMED = (
    *("views", "reactions", "comments", "shares", "orders", "revenue", "refunds", "spend"),
    "clicks_counted",
)
COUNTS = ("views", "interactions", "clicks", "orders")
AMOUNTS = ("net_revenue", "spend", "cost_per_click", "cost_per_order")
RATES = ("conversion_per_click", "roi")
SORTS = ("title", "starts_on", *COUNTS, *RATES, *AMOUNTS)


@dataclass(frozen=True)
class Period:
    """Days from `since` to `until`, both included."""

    since: date
    until: date


def period_of(since: date | None, until: date | None) -> Period:
    """The days that are asked for; thirty days where none are named. Raises Invalid."""
    last = until or max(today(), since or today())
    period = Period(since or last - timedelta(days=USUAL_DAYS - 1), last)
    if period.since > period.until:
        raise Invalid(until="Give a day that is not before the first one.")
    return period


def of_sponsor(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    sort: str = "-orders",
    most: int | None = CAMPAIGNS_SHOWN,
) -> dict[str, Any]:
    """Every campaign of the sponsor that brought something or ran in the period, with the sums of
    each currency: two statements however many they are. Raises Invalid."""
    period = period_of(since, until)
    rows = _campaigns(actor.sponsor_id or "", period)
    rows.sort(key=lambda row: row["campaign"]["id"])
    _put_in_order(rows, sort)
    return {
        "since": period.since,
        "until": period.until,
        "campaigns": rows[:most],
        "campaigns_total": len(rows),
        **by_currency(period, [Statistics.sponsor_id == actor.sponsor_id]),
        "computed_at": now(),
    }


def as_csv(found: Mapping[str, Any]) -> Iterator[str]:
    """One line for each campaign, then one for each currency. Rates are fractions, amounts in
    units of their currency."""
    header = ("row", "campaign", "campaign_id", "status", "starts_on", "ends_on")
    lines = [
        [
            "campaign",
            *(row["campaign"][name] for name in ("title", "id", "status", "starts_on", "ends_on")),
            *_cells(row["figures"], row["campaign"]["currency"]),
        ]
        for row in found["campaigns"]
    ]
    for row in found["currencies"]:
        days = (found["since"], found["until"])
        cells = _cells(row["figures"], row["currency"])
        lines.append(["total", None, None, None, *days, *cells])
    return csv_lines((*header, *COUNTS, *RATES, *AMOUNTS, "currency"), lines)


def top_campaigns(period: Period, most: int) -> list[dict[str, Any]]:
    """The campaigns of all sponsors that brought the most orders, then clicks, with their
    sponsors: one statement."""
    sums = _sums_by_campaign(_within(period))
    rows = db.session.execute(
        _with_campaign(sums, Sponsor.id.label("sponsor_id"), Sponsor.name.label("sponsor_name"))
        .join(sums, sums.c.campaign_id == Campaign.id)
        .join(Sponsor, Sponsor.id == Campaign.sponsor_id)
        .order_by(sums.c.orders.desc(), sums.c.clicks_counted.desc(), Campaign.id)
        .limit(most)
    )
    return [
        {**_campaign(row), "sponsor": {"id": row.sponsor_id, "name": row.sponsor_name}}
        for row in rows
    ]


def by_currency(period: Period, part: Iterable[ColumnElement[bool]] = ()) -> dict[str, Any]:
    """`currencies` with their sums and days (those on which nothing happened are left out), and
    what came `without_campaign`: one statement."""
    rows = db.session.execute(
        select(Campaign.currency, Statistics.day, *_sums())
        .outerjoin(Campaign, Campaign.id == Statistics.campaign_id)
        .where(*part, *_within(period))
        .group_by(Campaign.currency, Statistics.day)
        .order_by(Campaign.currency, Statistics.day)
    )
    found: dict[str | None, list[tuple[date, Counts]]] = {}
    for row in rows:
        found.setdefault(row.currency, []).append((row.day, _counts(row)))
    rest = total(counts for _, counts in found.pop(None, []))
    return {
        "currencies": [
            {
                "currency": currency,
                "figures": figures_of(total(counts for _, counts in days), currency),
                "days": [{"day": day, **_of_day(counts, currency)} for day, counts in days],
            }
            for currency, days in found.items()
            if currency is not None
        ],
        "without_campaign": {"clicks": rest.clicks, "orders": rest.orders},
    }


def figures_of(counts: Counts, currency: str) -> dict[str, Any]:
    """Counts, amounts and rates for the wire; `net_revenue` is what is left after refunds."""
    found = rates(counts)
    return {
        **{name: getattr(counts, name) for name in COUNTS},
        **{name: getattr(found, name) for name in RATES},
        "net_revenue": money_of(counts.revenue - counts.refunds, currency),
        "spend": money_of(counts.spend, currency),
        "cost_per_click": money_of(found.cost_per_click, currency),
        "cost_per_order": money_of(found.cost_per_order, currency),
    }


def _of_day(counts: Counts, currency: str) -> dict[str, Any]:
    shown = figures_of(counts, currency)
    return {name: shown[name] for name in ("views", "clicks", "orders", "net_revenue", "spend")}


def _campaigns(sponsor_id: str, period: Period) -> list[dict[str, Any]]:
    sums = _sums_by_campaign([Statistics.sponsor_id == sponsor_id, *_within(period)])
    ran = and_(
        Campaign.published_at.is_not(None),
        Campaign.starts_on <= period.until,
        Campaign.ends_on >= period.since,
    )
    rows = db.session.execute(
        _with_campaign(sums)
        .outerjoin(sums, sums.c.campaign_id == Campaign.id)
        .where(Campaign.sponsor_id == sponsor_id, or_(sums.c.campaign_id.is_not(None), ran))
    )
    return [_campaign(row) for row in rows]


def _with_campaign(sums: Any, *more: Any) -> Any:
    shown = (
        *(Campaign.id, Campaign.title, Campaign.status, Campaign.currency),
        *(Campaign.starts_on, Campaign.ends_on),
    )
    return select(*shown, *(sums.c[name] for name in _SUMMED), *more)


def _campaign(row: Any) -> dict[str, Any]:
    return {
        "campaign": {
            "id": row.id,
            "title": row.title,
            "status": row.status.value,
            "currency": row.currency,
            "starts_on": row.starts_on,
            "ends_on": row.ends_on,
        },
        "figures": figures_of(_counts(row), row.currency),
    }


def _sums_by_campaign(part: Iterable[ColumnElement[bool]]) -> Any:
    return (
        select(Statistics.campaign_id, *_sums())
        .where(*part, Statistics.campaign_id.is_not(None))
        .group_by(Statistics.campaign_id)
        .subquery()
    )


def _within(period: Period) -> list[ColumnElement[bool]]:
    return [Statistics.day.between(period.since, period.until)]


def _sums() -> list[ColumnElement[Any]]:
    # PostgreSQL sums big integers to numeric.
    return [cast(func.sum(getattr(Statistics, name)), BigInteger).label(name) for name in _SUMMED]


def _counts(row: Any) -> Counts:
    sums: dict[str, Any] = {name: getattr(row, name) or 0 for name in _SUMMED}
    return Counts(clicks=sums.pop("clicks_counted"), **sums)


def _put_in_order(rows: list[dict[str, Any]], sort: str) -> None:
    """Sort by a figure; what has none comes last. Amounts are compared within their currency."""
    name, down = sort.removeprefix("-"), sort.startswith("-")

    def value(row: dict[str, Any]) -> Any:
        if name == "title":
            return row["campaign"]["title"].casefold()
        if name == "starts_on":
            return row["campaign"]["starts_on"]
        found = row["figures"][name]
        return found["amount"] if isinstance(found, dict) else found

    known = [row for row in rows if value(row) is not None]
    rest = [row for row in rows if value(row) is None]
    known.sort(key=value, reverse=down)
    if name in AMOUNTS:
        known.sort(key=lambda row: row["campaign"]["currency"])
    rows[:] = known + rest


def _cells(figures: Mapping[str, Any], currency: str) -> list[Any]:
    return [
        *(figures[name] for name in (*COUNTS, *RATES)),
        *(figures[name] and decimal(figures[name]["amount"], currency) for name in AMOUNTS),
        currency,
    ]
