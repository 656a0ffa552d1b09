"""The figures of a dashboard's panel, from the daily rows in one statement.

Rates come from summed parts and wholes, never from other rates. Amounts are minor units of the
campaigns' currency; where campaigns have several, each row is of one of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, cast, func, or_, select

from app.attribution.click_rules import Reason
from app.campaigns.models import Campaign
from app.core.clock import now
from app.core.extensions import db
from app.core.paging import Column
from app.reporting.dashboard_fields import (
    DIMENSIONS,
    MEASURES,
    RAW_CLICKS,
    REASON,
    FieldType,
    columns_of,
    is_of_money,
    values_of,
)
from app.reporting.dashboard_parts import Scope, label_of, rows_of, value_of
from app.statistics.models import Statistics

MOST_ROWS = 500
MOST_CHOICES = 200


def figures(scope: Scope, dimensions: Sequence[str], measures: Sequence[str]) -> dict[str, Any]:
    """The rows of a panel, by time and then the largest first, and the fields that they have.

    Of more than MOST_ROWS the latest (without time, the largest) are there, and `truncated` says
    so. Each row has a value and a label for each dimension, and a number for each measure.
    """
    columns = _columns(scope, measures)
    parted = [key for key in dimensions if key != REASON]
    most = MOST_ROWS // len(Reason) if REASON in dimensions else MOST_ROWS
    found = _sums(scope, parted, measures, columns, most + 1)
    rows = [row for sums in found[:most] for row in _rows(sums, dimensions, measures, columns)]
    return {
        "dimensions": [{"key": key, "type": DIMENSIONS[key].type} for key in dimensions],
        "measures": [
            {"key": key, "type": MEASURES[key].type, "unit": MEASURES[key].unit} for key in measures
        ],
        "rows": _in_order(rows, dimensions),
        "currencies": sorted({row["currency"] for row in rows if row["currency"]}),
        "truncated": len(found) > most,
        "computed_at": now(),
    }


def _columns(scope: Scope, measures: Sequence[str]) -> list[str]:
    columns = columns_of(measures)
    reasons = scope.kept.get(REASON)
    if reasons is None:
        return columns
    return [f"clicks_{reason.value}" for reason in Reason if reason.value in reasons]


def _sums(
    scope: Scope,
    dimensions: Sequence[str],
    measures: Sequence[str],
    columns: Sequence[str],
    most: int,
) -> list[dict[str, Any]]:
    if not columns:
        return []
    parts: dict[str, Column] = {}
    for key in dimensions:
        parts[f"{key}_value"] = value_of(key)
        label = label_of(key)
        if label is not None:
            parts[f"{key}_label"] = label
    if is_of_money(measures):
        parts["currency"] = Campaign.currency
    # Named in an inner select: PostgreSQL takes no grouping by an expression with parameters.
    inner = rows_of(
        scope,
        [
            *(part.label(name) for name, part in parts.items()),
            *(getattr(Statistics, name) for name in columns),
        ],
        dimensions,
    ).subquery()
    keys = [inner.c[name] for name in parts]
    # PostgreSQL sums big integers to numeric.
    sums = {name: cast(func.sum(inner.c[name]), BigInteger) for name in columns}
    statement = (
        select(*keys, *(total.label(name) for name, total in sums.items()))
        .group_by(*keys)
        .having(or_(*(total != 0 for total in sums.values())))
        .order_by(
            *(inner.c[f"{key}_value"].desc() for key in dimensions if _is_time(key)),
            _weight(measures, sums).desc(),
            *keys,
        )
        .limit(most)
    )
    return [dict(row._mapping) for row in db.session.execute(statement)]


def _weight(measures: Sequence[str], sums: Mapping[str, Any]) -> Any:
    weights = [sums[name] for name in MEASURES[measures[0]].weight if name in sums]
    return sum(weights[1:], start=weights[0])


def _rows(
    sums: Mapping[str, Any],
    dimensions: Sequence[str],
    measures: Sequence[str],
    columns: Sequence[str],
) -> list[dict[str, Any]]:
    """The rows of one group: one, or with reasons one for each reason that has clicks."""
    counted = {name: int(sums[name] or 0) for name in columns}
    currency = sums.get("currency")
    if REASON not in dimensions:
        keys = [_key(sums, key) for key in dimensions]
        return [{"keys": keys, "values": values_of(measures, counted), "currency": currency}]
    return [
        {
            "keys": [
                {"value": name.removeprefix("clicks_"), "label": None}
                if key == REASON
                else _key(sums, key)
                for key in dimensions
            ],
            "values": values_of([RAW_CLICKS], {name: count}),
            "currency": currency,
        }
        for name, count in counted.items()
        if count
    ]


def _key(sums: Mapping[str, Any], key: str) -> dict[str, str | None]:
    value = sums[f"{key}_value"]
    if isinstance(value, date):
        value = value.isoformat()
    return {"value": value, "label": sums.get(f"{key}_label")}


def _in_order(rows: list[dict[str, Any]], dimensions: Sequence[str]) -> list[dict[str, Any]]:
    if REASON in dimensions:
        # Columns of one group became rows: they come in the order of the columns.
        rows = sorted(rows, key=lambda row: -row["values"][0])
    times = [at for at, key in enumerate(dimensions) if _is_time(key)]
    if not times:
        return rows
    return sorted(rows, key=lambda row: row["keys"][times[0]]["value"])


def _is_time(key: str) -> bool:
    return DIMENSIONS[key].type is FieldType.TIME


def choices(scope: Scope) -> dict[str, list[dict[str, str | None]]]:
    """By dimension, the values that were counted in the scope and can be kept, by name: one
    statement each, at most MOST_CHOICES of each."""
    found = {
        key: _choices(scope, key)
        for key, field in DIMENSIONS.items()
        if field.filters and key != REASON
    }
    return {**found, REASON: [{"value": reason.value, "label": None} for reason in Reason]}


def _choices(scope: Scope, key: str) -> list[dict[str, str | None]]:
    value, label = value_of(key), label_of(key)
    name = value if label is None else label
    inner = rows_of(scope, [value.label("value"), name.label("name")], [key]).distinct().subquery()
    rows = db.session.execute(
        select(inner.c.value, inner.c.name)
        .where(inner.c.value.is_not(None))
        .order_by(inner.c.name, inner.c.value)
        .limit(MOST_CHOICES)
    )
    return [{"value": row.value, "label": None if label is None else row.name} for row in rows]
