"""What each dimension of a dashboard is in the daily rows: its value, its label, and the tables
that they stand in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, func, or_, select, type_coerce
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.ad_requests.models import AdRequest
from app.attribution.models import TrackingLink
from app.campaigns.models import Campaign, CampaignPhase
from app.core.paging import Column
from app.identity.models import Influencer, SocialAccount
from app.reporting.dashboard_fields import DIMENSIONS, FieldType
from app.statistics.models import Statistics


class first_of_week(GenericFunction[str]):  # noqa: N801 - an SQL function
    """The Monday of a day's week, as text (`2026-11-23`)."""

    type = String()
    inherit_cache = True


class first_of_month(GenericFunction[str]):  # noqa: N801 - an SQL function
    """The first day of a day's month, as text."""

    type = String()
    inherit_cache = True


@compiles(first_of_week, "sqlite")
def _week_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, 'weekday 0', '-6 days')"


@compiles(first_of_month, "sqlite")
def _month_on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"date({compiler.process(element.clauses, **kw)}, 'start of month')"


@compiles(first_of_week, "postgresql")
def _week_on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char(date_trunc('week', {compiler.process(element.clauses, **kw)}), 'YYYY-MM-DD')"


@compiles(first_of_month, "postgresql")
def _month_on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    return f"to_char(date_trunc('month', {compiler.process(element.clauses, **kw)}), 'YYYY-MM-DD')"


@dataclass(frozen=True)
class Period:
    """Days, both included; None where it is open. Each campaign counts in its own time zone."""

    since: date | None = None
    until: date | None = None


@dataclass(frozen=True)
class Scope:
    """What a panel counts: the campaigns of one sponsor, or one of them; the days; and by
    dimension the values that it keeps (None: where there is none)."""

    sponsor_id: str
    campaign_id: str | None = None
    period: Period = Period()
    kept: Mapping[str, tuple[str | None, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    value: Column
    label: Column | None = None
    table: str | None = None


# The account with the most followers is what an influencer is known by.
_PLATFORM = (
    select(type_coerce(SocialAccount.platform, String))
    .where(SocialAccount.influencer_id == Statistics.influencer_id)
    .order_by(SocialAccount.followers.desc(), SocialAccount.id)
    .limit(1)
    .correlate(Statistics)
    .scalar_subquery()
)
_JOINS: dict[str, Callable[[Select[Any]], Select[Any]]] = {
    "phases": lambda statement: statement.outerjoin(
        CampaignPhase,
        and_(
            CampaignPhase.campaign_id == Statistics.campaign_id,
            Statistics.day.between(CampaignPhase.starts_on, CampaignPhase.ends_on),
        ),
    ),
    "influencers": lambda statement: statement.join(
        Influencer, Influencer.id == Statistics.influencer_id
    ),
    "agreements": lambda statement: statement.outerjoin(
        AdRequest, AdRequest.id == Statistics.ad_request_id
    ),
    "links": lambda statement: statement.outerjoin(
        TrackingLink, TrackingLink.id == Statistics.link_id
    ),
}
_PARTS: dict[str, _Part] = {
    "day": _Part(Statistics.day),
    "week": _Part(first_of_week(Statistics.day)),
    "month": _Part(first_of_month(Statistics.day)),
    "campaign": _Part(Campaign.id, Campaign.title),
    "phase": _Part(CampaignPhase.id, CampaignPhase.name, "phases"),
    "influencer": _Part(Influencer.id, Influencer.name, "influencers"),
    "chosen_by": _Part(type_coerce(AdRequest.chosen_by, String), None, "agreements"),
    "platform": _Part(_PLATFORM),
    "link": _Part(TrackingLink.id, TrackingLink.code, "links"),
    # An influencer who states no country has an empty one.
    "country": _Part(func.nullif(Influencer.country, "", type_=String()), None, "influencers"),
    "target": _Part(TrackingLink.target, None, "links"),
}


def value_of(key: str) -> Column:
    """The value by which a dimension (not the reason, which is a column each) parts the rows."""
    return _PARTS[key].value


def label_of(key: str) -> Column | None:
    """What a value of the dimension is called; None where the page has the words."""
    return _PARTS[key].label


def rows_of(scope: Scope, columns: Iterable[Column], fields: Iterable[str]) -> Any:
    """A select of `columns` from the daily rows in the scope, with the tables of `fields` and of
    what is kept."""
    kept = {key: values for key, values in scope.kept.items() if key in _PARTS}
    statement = (
        select(*columns)
        .select_from(Statistics)
        .join(Campaign, Campaign.id == Statistics.campaign_id)
        .where(Statistics.sponsor_id == scope.sponsor_id)
    )
    tables = {_PARTS[key].table for key in (*fields, *kept) if key in _PARTS}
    for table in sorted(name for name in tables if name):
        statement = _JOINS[table](statement)
    if scope.campaign_id is not None:
        statement = statement.where(Statistics.campaign_id == scope.campaign_id)
    for key, values in kept.items():
        if DIMENSIONS[key].type is not FieldType.TIME:
            statement = statement.where(_is_one_of(_PARTS[key].value, values))
    return _within(statement, scope.period)


def within_point(period: Period, key: str, value: str | None) -> Period:
    """The days of `period` that a value of a time dimension stands for. Raises ValueError."""
    first = date.fromisoformat(value or "")
    if key == "week":
        last = first + timedelta(days=6)
    elif key == "month":
        last = (first.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    else:
        last = first
    since = first if period.since is None else max(first, period.since)
    return Period(since, last if period.until is None else min(last, period.until))


def _within(statement: Select[Any], period: Period) -> Select[Any]:
    if period.since is not None:
        statement = statement.where(Statistics.day >= period.since)
    if period.until is not None:
        statement = statement.where(Statistics.day <= period.until)
    return statement


def _is_one_of(column: Column, values: tuple[str | None, ...]) -> ColumnElement[bool]:
    named = column.in_([value for value in values if value is not None])
    return or_(named, column.is_(None)) if None in values else named
