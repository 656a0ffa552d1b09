"""Whether a draft still waits for an admin, where admins look at drafts first.

The history says it: a draft is cleared by a `clear` of its deliverable after it was handed in.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.sql import ColumnElement

from app.ad_requests.errors import AwaitingClearance
from app.ad_requests.figures import CONTENT_NEEDS_APPROVAL
from app.ad_requests.lifecycle import DeliverableEvent, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable, Submission
from app.core.extensions import db
from app.core.lifecycle import StateChange


def needed() -> bool:
    """Whether admins look at drafts first (a setting)."""
    return CONTENT_NEEDS_APPROVAL.get()


def cleared_since_submission() -> ColumnElement[bool]:
    """The condition, on a submission and its deliverable, under which an admin has cleared it."""
    return (
        select(StateChange.id)
        .where(
            StateChange.subject_id == Submission.deliverable_id,
            StateChange.event == DeliverableEvent.CLEAR.value,
            StateChange.at >= Submission.created_at,
        )
        .exists()
    )


def given(ad_request: AdRequest) -> list[StateChange]:
    """When admins cleared drafts of what is in review now (with `deliverables` loaded)."""
    reviewed = [
        part.id for part in ad_request.deliverables if part.status is DeliverableStatus.IN_REVIEW
    ]
    return list(
        db.session.scalars(
            select(StateChange).where(
                StateChange.subject_id.in_(reviewed),
                StateChange.event == DeliverableEvent.CLEAR.value,
            )
        )
    )


def waits(deliverable: Deliverable, changes: Iterable[StateChange]) -> bool:
    """Whether the last draft of a deliverable waits for an admin, by its history."""
    if deliverable.status is not DeliverableStatus.IN_REVIEW or not deliverable.submissions:
        return False
    handed_in = deliverable.submissions[-1].created_at
    return not any(
        change.subject_id == deliverable.id
        and change.event == DeliverableEvent.CLEAR.value
        and change.at >= handed_in
        for change in changes
    )


def require_cleared(deliverable: Deliverable) -> None:
    """Raise AwaitingClearance where an admin has to look at the draft first."""
    if not needed():
        return
    cleared = db.session.scalar(
        select(cleared_since_submission())
        .select_from(Submission)
        .where(Submission.id == deliverable.submissions[-1].id)
    )
    if not cleared:
        raise AwaitingClearance(
            "You can approve it once an admin has. You may ask for changes at any time. "
            "Nothing was changed."
        )
