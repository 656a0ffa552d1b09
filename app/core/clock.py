"""The one clock. Everything is UTC; pages turn it into local time."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def end_of_day(day: date, zone: str = "UTC") -> datetime:
    """The moment at which a date-only deadline ends: midnight after `day` in `zone`, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return midnight.astimezone(UTC)
