"""Days-to-pay and payments on time of sponsors, measured from the history of deliverables.

The figures are stored, since each list of campaigns shows them, and stay exact: their window is
made of whole days (UTC), so they change only when a deliverable is completed or cancelled (a
reaction measures then) or when a day begins (the hourly job measures what is of an earlier day).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import and_, or_, select

from app.ad_requests.lifecycle import DELIVERABLE, DeliverableEvent, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.payment_times import Punctuality, Step, payment_times, punctuality
from app.campaigns.queries import DIRECTORY
from app.core.caching import invalidate
from app.core.clock import end_of_day, today
from app.core.extensions import db
from app.core.lifecycle import StateChange
from app.core.transaction import unit_of_work
from app.identity.measured import keep_punctuality
from app.identity.models import Sponsor
from app.identity.punctuality import WINDOW_DAYS
from app.identity.service import SPONSORS

BATCH = 200


def measure(sponsor_id: str) -> Punctuality:
    """Measure a sponsor and keep the figures (opens its own unit of work)."""

    def work() -> Punctuality:
        # Of two measurements at once the later one must see what the earlier one saw.
        db.session.execute(
            select(Sponsor.id).where(Sponsor.id == sponsor_id).with_for_update(key_share=True)
        )
        day = today()
        found = measured(sponsor_id, day)
        keep_punctuality(
            sponsor_id,
            count=found.count,
            on_time=found.on_time,
            seconds=found.seconds,
            day=day,
        )
        invalidate(DIRECTORY, SPONSORS)
        return found

    return unit_of_work(work)


def measured(sponsor_id: str, day: date) -> Punctuality:
    """The figures of the 365 days that end with `day`, read off the history in one statement."""
    since = _window_start(day)
    rows = db.session.execute(
        select(
            StateChange.subject_id,
            StateChange.event,
            StateChange.after,
            StateChange.actor_role,
            StateChange.at,
        )
        .join(Deliverable, Deliverable.id == StateChange.subject_id)
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(
            AdRequest.sponsor_id == sponsor_id,
            # What went back as a whole is no payment.
            Deliverable.status != DeliverableStatus.CANCELLED,
            Deliverable.completed_at >= since,
            StateChange.subject_type == DELIVERABLE.subject,
            or_(
                StateChange.event == DeliverableEvent.PUBLISH,
                StateChange.after == DeliverableStatus.COMPLETED,
            ),
        )
        .order_by(StateChange.at, StateChange.id)
    )
    return punctuality(payment_times(Step(*row) for row in rows), since)


def measure_all() -> int:
    """Measure every sponsor whose figures are of an earlier day, and those that never were
    measured (own units); returns how many."""
    done, last, day = 0, "", today()
    while True:
        ids = list(
            db.session.scalars(
                select(Sponsor.id)
                .where(
                    Sponsor.id > last,
                    or_(
                        and_(Sponsor.payments_timed > 0, Sponsor.payments_timed_on < day),
                        # Paid before there were figures, or never: measured once.
                        Sponsor.payments_timed_on.is_(None),
                    ),
                )
                .order_by(Sponsor.id)
                .limit(BATCH)
            )
        )
        db.session.rollback()
        for sponsor_id in ids:
            measure(sponsor_id)
        done += len(ids)
        if len(ids) < BATCH:
            return done
        last = ids[-1]


def _window_start(day: date) -> datetime:
    return end_of_day(day - timedelta(days=WINDOW_DAYS))
