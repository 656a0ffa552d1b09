"""Figures of profiles that are measured elsewhere and kept with the profile.

They stand in the row because every list of campaigns shows them.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from app.core.caching import invalidate
from app.core.extensions import db
from app.identity.models import Sponsor
from app.identity.service import SPONSORS


def keep_punctuality(sponsor_id: str, *, count: int, on_time: int, seconds: int, day: date) -> None:
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
    invalidate(SPONSORS)
