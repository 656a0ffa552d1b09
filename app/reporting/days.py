"""Figures by day: which day of UTC a moment falls on, and series without gaps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from app.core.clock import today

DAYS = 30


class utc_day(GenericFunction[str]):  # noqa: N801 - an SQL function
    """The day of UTC on which a moment falls, as text (`2026-11-22`)."""

    type = String()
    inherit_cache = True


@compiles(utc_day, "sqlite")
def _on_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"strftime('%Y-%m-%d', {compiler.process(element.clauses, **kw)})"


@compiles(utc_day, "postgresql")
def _on_postgres(element: Any, compiler: Any, **kw: Any) -> str:
    moment = compiler.process(element.clauses, **kw)
    return f"to_char({moment} AT TIME ZONE 'UTC', 'YYYY-MM-DD')"


def last_days(count: int = DAYS) -> list[date]:
    """The last `count` days, today included, the oldest first."""
    end = today()
    return [end - timedelta(days=back) for back in reversed(range(count))]


def start_of(day: date) -> datetime:
    """The moment at which a day of UTC begins."""
    return datetime.combine(day, time.min, UTC)


def without_gaps(
    found: Mapping[str, Mapping[str, int]], names: Iterable[str], days: Iterable[date]
) -> list[dict[str, Any]]:
    """One line a day, with 0 for each of `names` that nothing was found of."""
    wanted = list(names)
    return [
        {"day": day, **{name: found.get(day.isoformat(), {}).get(name, 0) for name in wanted}}
        for day in days
    ]
