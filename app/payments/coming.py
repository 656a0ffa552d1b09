"""What an influencer's hold periods will release by themselves: summed by the weeks of a reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, case, func, select
from sqlalchemy.sql import ColumnElement

from app.core.clock import end_of_day, now
from app.core.extensions import db
from app.payments.models import Maturity
from app.payments.running import day_of

SOON = timedelta(days=7)
WEEKS = 6


@dataclass(frozen=True)
class Week:
    """Minor units that become withdrawable in the week from this Monday."""

    monday: date
    amount: int


@dataclass(frozen=True)
class Coming:
    """Minor units of one currency: `soon` within seven days, `contested` without a date. What is
    overdue is in the first week, what is later than the last week in that."""

    soon: int
    contested: int
    weeks: list[Week]


def nothing(time_zone: str) -> Coming:
    """No money in a hold period."""
    return Coming(0, 0, [Week(monday, 0) for monday in _mondays(time_zone)])


def coming(influencer_id: str, time_zone: str) -> Mapping[str, Coming]:
    """What is in its hold period, by currency, in one statement."""
    mondays = _mondays(time_zone)
    dated, due = Maturity.contested_at.is_(None), Maturity.due_at
    # Each week ends where the next begins; the first has no beginning, the last no end.
    turns = [end_of_day(monday - timedelta(days=1), time_zone) for monday in mondays[1:]]
    since = [dated, *(due >= turn for turn in turns)]
    until = [*(due < turn for turn in turns), dated]
    rows = db.session.execute(
        select(
            Maturity.currency,
            _sum(and_(dated, due <= now() + SOON)),
            _sum(Maturity.contested_at.is_not(None)),
            *(_sum(and_(dated, *week)) for week in zip(since, until, strict=True)),
        )
        .where(Maturity.influencer_id == influencer_id, Maturity.matured_at.is_(None))
        .group_by(Maturity.currency)
    )
    return {
        currency: Coming(
            int(soon),
            int(contested),
            [Week(monday, int(sum_)) for monday, sum_ in zip(mondays, sums, strict=True)],
        )
        for currency, soon, contested, *sums in rows
    }


def _sum(of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((of, Maturity.amount), else_=0))


def _mondays(time_zone: str) -> list[date]:
    today = day_of(now(), time_zone)
    first = today - timedelta(days=today.weekday())
    return [first + timedelta(weeks=week) for week in range(WEEKS)]
