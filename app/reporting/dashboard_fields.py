"""The fields that a dashboard can show, and what follows from their sums (pure).

A dimension parts what was counted, a measure says how much there was of it. Each has a type, from
which the page recommends charts, and the message `dashboards.fields.<key>` as its label. All are
read from the daily rows; `columns` names those that a measure is made of. Counts and rates are
those of the campaign report, so that both always agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from app.attribution.click_rules import Reason
from app.reporting.campaign_report import Counts, Rates, rates


class FieldType(StrEnum):
    """What kind of values a field has."""

    TIME = "time"
    CATEGORY = "category"
    PLACE = "place"
    TEXT = "text"
    NUMBER = "number"
    RATE = "rate"


class Unit(StrEnum):
    """What a measure is written in: whole numbers, minor units of a currency, or a fraction."""

    COUNT = "count"
    MONEY = "money"
    FRACTION = "fraction"


@dataclass(frozen=True)
class Dimension:
    """A field that parts what was counted. `filters`: whether a panel may keep some values only;
    for days the dashboard has its period."""

    key: str
    type: FieldType
    filters: bool = True


@dataclass(frozen=True)
class Measure:
    """A field that is counted. `weight`: the columns by which its largest rows come first; for a
    rate what it is divided by, so that rates of next to nothing come last."""

    key: str
    type: FieldType
    unit: Unit
    columns: tuple[str, ...]
    weight: tuple[str, ...] = ()


_TIME, _CATEGORY = FieldType.TIME, FieldType.CATEGORY
DIMENSIONS: dict[str, Dimension] = {
    field.key: field
    for field in (
        Dimension("day", _TIME, filters=False),
        Dimension("week", _TIME, filters=False),
        Dimension("month", _TIME, filters=False),
        Dimension("campaign", _CATEGORY),
        Dimension("phase", _CATEGORY),
        Dimension("influencer", _CATEGORY),
        Dimension("chosen_by", _CATEGORY),
        Dimension("platform", _CATEGORY),
        Dimension("link", _CATEGORY),
        Dimension("reason", _CATEGORY),
        Dimension("country", FieldType.PLACE),
        Dimension("target", FieldType.TEXT),
    )
}

REASON = "reason"
CLICKS_BY_REASON = tuple(f"clicks_{reason.value}" for reason in Reason)
_INTERACTIONS = ("reactions", "comments", "shares")
_LABELLED = ("positive", "negative", "neutral", "not_concerned")
_RETURN = ("spend", "revenue", "refunds")


def _counted(key: str, *columns: str) -> Measure:
    names = columns or (key,)
    return Measure(key, FieldType.NUMBER, Unit.COUNT, names, names)


def _paid(key: str, *columns: str) -> Measure:
    return Measure(key, FieldType.NUMBER, Unit.MONEY, columns or (key,), columns[:1] or (key,))


def _rate(
    key: str, parts: tuple[str, ...], whole: tuple[str, ...], unit: Unit = Unit.FRACTION
) -> Measure:
    return Measure(key, FieldType.RATE, unit, (*parts, *whole), whole)


MEASURES: dict[str, Measure] = {
    field.key: field
    for field in (
        _counted("posts"),
        _counted("views"),
        _counted("reactions"),
        _counted("comments"),
        _counted("shares"),
        _counted("interactions", *_INTERACTIONS),
        _counted("raw_clicks", *CLICKS_BY_REASON),
        _counted("clicks", "clicks_counted"),
        _counted("orders"),
        _paid("revenue"),
        _paid("refunds"),
        _paid("net_revenue", "revenue", "refunds"),
        _paid("spend"),
        _rate("engagement_rate", ("engaged",), ("views", "followers")),
        _rate("positive_share", ("positive",), _LABELLED),
        _rate("click_per_interaction", ("clicks_counted",), _INTERACTIONS),
        _rate("conversion_per_click", ("orders",), ("clicks_counted",)),
        Measure("roi", FieldType.RATE, Unit.FRACTION, _RETURN, ("spend",)),
        _rate("cost_per_click", ("spend",), ("clicks_counted",), Unit.MONEY),
        _rate("cost_per_order", ("spend",), ("orders",), Unit.MONEY),
    )
}

# Amounts of several currencies are never added, so these part what they count by currency.
_OF_MONEY = {"revenue", "refunds", "spend"}
RAW_CLICKS = "raw_clicks"


def problems(
    dimensions: Sequence[str], measures: Sequence[str], filtered: Sequence[str] = ()
) -> dict[str, str]:
    """Why these known fields cannot be shown together, by `dimensions` or `measures`; nothing
    where they can."""
    if len(set(dimensions)) < len(dimensions):
        return {"dimensions": "Name each field once."}
    if len(set(measures)) < len(measures):
        return {"measures": "Name each field once."}
    if sum(DIMENSIONS[key].type is FieldType.TIME for key in dimensions) > 1:
        return {"dimensions": "Choose one of day, week and month."}
    if REASON in (*dimensions, *filtered) and set(measures) != {RAW_CLICKS}:
        return {"measures": "Only all clicks have reasons: choose raw_clicks alone."}
    return {}


def columns_of(measures: Sequence[str]) -> list[str]:
    """The columns of the daily rows that these measures are made of, each once."""
    return list(dict.fromkeys(column for key in measures for column in MEASURES[key].columns))


def is_of_money(measures: Sequence[str]) -> bool:
    """Whether any of the measures is made of amounts."""
    return any(_OF_MONEY & {*MEASURES[key].columns} for key in measures)


def values_of(measures: Sequence[str], sums: Mapping[str, int]) -> list[float | None]:
    """The measures of summed columns: counts and minor units whole, rates as fractions, None where
    there is nothing to divide by."""
    named: dict[str, Any] = {
        name: value for name, value in sums.items() if name in Counts.__dataclass_fields__
    }
    counts = Counts(clicks=sums.get("clicks_counted", 0), **named)
    found = rates(counts)
    return [_value(key, counts, found, sums) for key in measures]


def _value(key: str, counts: Counts, found: Rates, sums: Mapping[str, int]) -> float | None:
    if key == RAW_CLICKS:
        return sum(sums.get(name, 0) for name in CLICKS_BY_REASON)
    if key == "net_revenue":
        return counts.revenue - counts.refunds
    if key == "positive_share":
        return found.sentiment["positive"]
    value: float | None = getattr(found if MEASURES[key].type is FieldType.RATE else counts, key)
    return value
