"""The admins' queue of drafts, where admins look at drafts first: clear or send back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import false, select

from app.ad_requests import clearance, conditions, delivery, timing
from app.ad_requests.lifecycle import DELIVERABLE, DeliverableEvent, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable, Submission
from app.ad_requests.ownership import FILES, deliverable_for
from app.ad_requests.progress import refresh
from app.audit.service import record
from app.campaigns.models import Campaign
from app.core import bulk
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.files import service as files
from app.identity.models import Influencer, Sponsor


def waiting(request: PageRequest) -> Page[dict[str, Any]]:
    """Drafts that wait for an admin, the longest waiting first; none while that is switched off."""
    statement: Any = (
        select(
            Submission,
            Deliverable,
            AdRequest.id,
            AdRequest.conditions,
            Campaign,
            Sponsor,
            Influencer,
        )
        .join(Deliverable, Deliverable.id == Submission.deliverable_id)
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .where(
            Deliverable.status == DeliverableStatus.IN_REVIEW,
            Submission.answer.is_(None),
            ~clearance.cleared_since_submission(),
        )
    )
    if not clearance.needed():
        statement = statement.where(false())
    found = paginate(
        statement,
        request,
        sorts={"waiting_since": Submission.created_at},
        default="waiting_since",
        id_column=Submission.id,
        scalars=False,
    )
    hanging = files.files_of(FILES, {row[2] for row in found.items})
    shown = {file.id: files.describe(file) for rows in hanging.values() for file in rows}
    return Page([_row(row, shown) for row in found.items], found.next)


def decide(actor: Actor, *, submission_id: str, approve: bool, reason: str = "") -> AdRequest:
    """Clear a draft, which starts its sponsor's review anew, or send it back to its author.

    Raises NotFound, and RefusedTransition for a draft that does not wait.
    """
    ids = db.session.execute(
        select(Deliverable.ad_request_id, Deliverable.id)
        .join(Submission, Submission.deliverable_id == Deliverable.id)
        .where(Submission.id == submission_id)
    ).first()
    if ids is None:
        raise NotFound
    ad_request, deliverable = deliverable_for(actor, *ids)
    _require_waiting(deliverable, submission_id)
    if approve:
        DELIVERABLE.move(
            deliverable,
            actor,
            DeliverableEvent.CLEAR,
            note=reason or None,
            review_extended=False,
            **timing.in_review(now()),
        )
        refresh(ad_request)
    else:
        delivery.send_back(actor, ad_request, deliverable, reason or None)
    record(
        actor,
        "submission.cleared" if approve else "submission.returned",
        subject_type="submission",
        subject_id=submission_id,
        deliverable_id=deliverable.id,
    )
    return ad_request


def decide_many(
    actor: Actor, *, ids: Sequence[str], approve: bool, reason: str = ""
) -> list[dict[str, Any]]:
    """Decide on each draft by itself; one that does not wait any more holds up no other."""

    def act(submission_id: str) -> str:
        decided = decide(actor, submission_id=submission_id, approve=approve, reason=reason)
        return decided.status.value

    return bulk.each(ids, act)


def _require_waiting(deliverable: Deliverable, submission_id: str) -> None:
    DELIVERABLE.target(deliverable.status, DeliverableEvent.CLEAR)
    cleared = db.session.scalar(
        select(clearance.cleared_since_submission())
        .select_from(Submission)
        .where(Submission.id == submission_id)
    )
    if cleared or deliverable.submissions[-1].id != submission_id:
        raise RefusedTransition(
            "This draft does not wait for an admin any more.",
            state=deliverable.status.value,
            event=DeliverableEvent.CLEAR.value,
        )


def _row(row: Any, shown: dict[str, dict[str, Any]]) -> dict[str, Any]:
    submission, deliverable, ad_request_id, kept, campaign, sponsor, influencer = row
    since = submission.created_at
    return {
        "id": submission.id,
        "number": submission.number,
        "text": submission.text,
        "url": submission.url,
        "files": [shown[file_id] for file_id in submission.file_ids if file_id in shown],
        "ad_request_id": ad_request_id,
        "deliverable_id": deliverable.id,
        "title": deliverable.title,
        "disclosure_rule": conditions.known(kept, campaign)["disclosure_rule"],
        "campaign": {"id": campaign.id, "title": campaign.title},
        "sponsor": {"id": sponsor.id, "name": sponsor.name, "slug": sponsor.slug},
        "influencer": {"id": influencer.id, "name": influencer.name, "slug": influencer.slug},
        "deadline": deliverable.deadline,
        "waiting_since": since,
        "waiting_seconds": int((now() - since).total_seconds()),
    }
