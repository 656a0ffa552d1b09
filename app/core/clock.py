"""The one clock. Everything is UTC; pages turn it into local time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

_shift: ContextVar[timedelta] = ContextVar("clock_shift", default=timedelta())


def now() -> datetime:
    """The present moment, with its zone."""
    return datetime.now(UTC) + _shift.get()


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let the clock of this context go earlier or later by `by`: how seeding makes a past."""
    token = _shift.set(by)
    try:
        yield
    finally:
        _shift.reset(token)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def end_of_day(day: date, zone: str = "UTC") -> datetime:
    """The moment at which a date-only deadline ends: midnight after `day` in `zone`, in UTC."""
    midnight = datetime.combine(day + timedelta(days=1), time.min, ZoneInfo(zone))
    return midnight.astimezone(UTC)


def is_known_zone(name: str) -> bool:
    """Whether there is a time zone of this name, such as Europe/Paris."""
    return name in _zones()


@cache
def _zones() -> set[str]:
    # Python reads the folders of the zones anew at each call.
    return available_timezones()
