"""Who reads a paper: the language and the calendar days of the one who asks."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select

from app.core.actor import Actor
from app.core.extensions import db
from app.identity.models import User
from app.payments.papers import Reader


def reader_of(actor: Actor) -> Reader:
    """The actor as a reader; English and UTC where nothing usable is set."""
    row = db.session.execute(
        select(User.locale, User.time_zone).where(User.id == actor.user_id)
    ).one_or_none()
    return Reader(row.locale, zone_of(row.time_zone).key) if row else Reader()


def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name; UTC for a name that the system does not know (any more)."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
