"""The deadline that comes with each state of a deliverable, as the columns to write with a move.

Deadlines are stored when a state is entered: an option that an admin changes later does not move
what was promised.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import TypedDict

from app.ad_requests import figures
from app.ad_requests.figures import hours
from app.core.clock import end_of_day


class Timing(TypedDict):
    """See `models.Deliverable` for what each moment means."""

    deadline: datetime | None
    late_at: datetime | None
    act_at: datetime | None
    remind_at: datetime | None


NO_DEADLINE: Timing = {"deadline": None, "late_at": None, "act_at": None, "remind_at": None}


def due(day: date, zone: str, moment: datetime) -> Timing:
    """A draft is to be handed in by the end of `day` in `zone`."""
    return _with_reminders(end_of_day(day, zone), moment)


def due_again(day: date, zone: str, moment: datetime) -> Timing:
    """Changes were asked for: the due date, or some time from now where that is too close."""
    least = moment + hours(figures.CHANGES_HOURS)
    return _with_reminders(max(end_of_day(day, zone), least), moment)


def in_review(moment: datetime) -> Timing:
    """A draft is to be reviewed."""
    return _at(moment + hours(figures.REVIEW_HOURS))


def approved(day: date, zone: str, moment: datetime) -> Timing:
    """A draft is to be published by the end of `day`, and never within less than some time."""
    least = moment + hours(figures.PUBLISH_HOURS)
    return _with_reminders(max(end_of_day(day, zone), least), moment)


def published(moment: datetime) -> Timing:
    """A publication may be confirmed or disputed."""
    return _at(moment + hours(figures.CONFIRM_HOURS))


def disputed(moment: datetime) -> Timing:
    """An admin is to decide; nothing happens by itself but a louder call."""
    return {**NO_DEADLINE, "deadline": moment + hours(figures.DISPUTE_HOURS)}


def next_reminder(deadline: datetime, moment: datetime) -> datetime | None:
    """When the next reminder before `deadline` goes out, if one is still to come."""
    marks = (
        deadline - hours(figures.FIRST_REMINDER_HOURS),
        deadline - hours(figures.LAST_REMINDER_HOURS),
    )
    return min((mark for mark in marks if mark > moment), default=None)


def _with_reminders(deadline: datetime, moment: datetime) -> Timing:
    return {
        "deadline": deadline,
        "late_at": deadline + hours(figures.OVERDUE_CANCEL_HOURS),
        "act_at": deadline + hours(figures.OVERDUE_END_HOURS),
        "remind_at": next_reminder(deadline, moment),
    }


def _at(deadline: datetime) -> Timing:
    return {**NO_DEADLINE, "deadline": deadline, "act_at": deadline}
