"""How punctually a sponsor pays: figures that are measured elsewhere, kept with the profile.

They stand in the sponsor's row because every list of campaigns shows them.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import update

from app.core.extensions import db
from app.identity.models import Sponsor

WINDOW_DAYS = 365
FLOOR = 3
"""Fewer payments than this say nothing about a sponsor."""


def keep(sponsor_id: str, *, count: int, on_time: int, seconds: int, day: date) -> None:
    """Keep what was measured on `day`: how many payments, how many of them on time, and the
    seconds that all took together. The profile's version stays: nobody edited it."""
    db.session.execute(
        update(Sponsor)
        .where(Sponsor.id == sponsor_id)
        .values(
            payments_timed=count,
            payments_on_time=on_time,
            payment_seconds=seconds,
            payments_timed_on=day,
            updated_at=Sponsor.updated_at,
        )
        .execution_options(synchronize_session=False)
    )


def punctuality_of(sponsor: Sponsor) -> dict[str, Any]:
    """The figures on the wire."""
    return shown(sponsor.payments_timed, sponsor.payments_on_time, sponsor.payment_seconds)


def shown(count: int, on_time: int, seconds: int) -> dict[str, Any]:
    """Mean days to pay, and the percent on time rounded down, so that 100 means every one."""
    enough = count >= FLOOR
    return {
        "count": count,
        "days_to_pay": round(seconds / count / 86400, 1) if enough else None,
        "on_time_percent": on_time * 100 // count if enough else None,
        "window_days": WINDOW_DAYS,
    }
