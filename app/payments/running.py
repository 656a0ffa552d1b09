"""The arithmetic of statements: days of a reader, and balances that run from line to line.

Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from app.core.clock import end_of_day

MOST_DAYS = 400


@dataclass(frozen=True)
class Period:
    """Whole days in a time zone, both included. Money moved in it when `start <= at < end`."""

    since: date
    until: date
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        if self.since > self.until:
            raise ValueError("a period does not end before it begins")
        if self.days > MOST_DAYS:
            raise ValueError(f"a statement spans at most {MOST_DAYS} days")

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.until - self.since).days + 1

    @property
    def start(self) -> datetime:
        """The moment at which the first day begins."""
        return end_of_day(self.since - timedelta(days=1), self.time_zone)

    @property
    def end(self) -> datetime:
        """The moment at which the last day is over."""
        return end_of_day(self.until, self.time_zone)


def day_of(moment: datetime, time_zone: str) -> date:
    """The calendar day of a moment in a time zone."""
    return moment.astimezone(ZoneInfo(time_zone)).date()


def month_until(day: date) -> date:
    """The first day of the month of `day`."""
    return day.replace(day=1)


def running(opening: int, changes: Iterable[int]) -> Iterator[int]:
    """The balance after each change, starting from `opening`."""
    balance = opening
    for change in changes:
        balance += change
        yield balance
