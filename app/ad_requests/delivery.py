"""Carrying an agreement out: submit, review, publish, confirm."""

from __future__ import annotations

from app.ad_requests import clearance, conditions, figures, settlement, timing, turns
from app.ad_requests.errors import AlreadyExtended, NothingToExtend
from app.ad_requests.events import (
    ChangesRequested,
    DeliverableApproved,
    DeliverableCompleted,
    DeliverablePublished,
    DeliverableSubmitted,
    ReviewExtended,
)
from app.ad_requests.facts import tell
from app.ad_requests.figures import hours
from app.ad_requests.lifecycle import (
    DELIVERABLE,
    AdRequestStatus,
    DeliverableEvent,
    Party,
)
from app.ad_requests.models import AdRequest, Deliverable, Submission
from app.ad_requests.negotiation import extend_offer
from app.ad_requests.ownership import FILES, deliverable_for, get_for, party_of
from app.ad_requests.progress import refresh
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid
from app.core.extensions import db
from app.files import service as files

_CONFIRM = DeliverableEvent.CONFIRM


def submit(
    actor: Actor,
    *,
    ad_request_id: str,
    deliverable_id: str,
    text: str = "",
    file_ids: list[str] | None = None,
    url: str | None = None,
) -> AdRequest:
    """Hand in a draft for review. Raises NotFound, RefusedTransition, NotYourTurn, Invalid."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.SUBMIT)
    wanted = list(dict.fromkeys(file_ids or []))
    if not (text or wanted or url):
        raise Invalid(text="Give a text, a file or an address.")
    files.attach(actor, file_ids=wanted, subject_type=FILES, subject_id=ad_request.id)
    submission = Submission(
        deliverable_id=deliverable.id,
        number=len(deliverable.submissions) + 1,
        author=actor.label,
        text=text,
        url=url,
        file_ids=wanted,
    )
    db.session.add(submission)
    DELIVERABLE.move(
        deliverable,
        actor,
        DeliverableEvent.SUBMIT,
        review_extended=False,
        **_without_cancel_request(),
        **timing.in_review(now()),
    )
    refresh(ad_request)
    tell(
        DeliverableSubmitted,
        ad_request,
        actor,
        deliverable_id=deliverable.id,
        submission_id=submission.id,
    )
    return ad_request


def request_changes(
    actor: Actor, *, ad_request_id: str, deliverable_id: str, note: str | None = None
) -> AdRequest:
    """Send a draft back. Raises NotFound, RefusedTransition, NotYourTurn, TooManyDrafts."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.REQUEST_CHANGES)
    return send_back(actor, ad_request, deliverable, note)


def send_back(
    actor: Actor, ad_request: AdRequest, deliverable: Deliverable, note: str | None
) -> AdRequest:
    """Send back the draft of a deliverable that was got locked. Raises TooManyDrafts."""
    DELIVERABLE.target(deliverable.status, DeliverableEvent.REQUEST_CHANGES)
    turns.require_another_draft(deliverable)
    _answer(actor, deliverable, "changes_requested", note)
    zone = conditions.of(ad_request)["time_zone"]
    DELIVERABLE.move(
        deliverable,
        actor,
        DeliverableEvent.REQUEST_CHANGES,
        note=note,
        **timing.due_again(deliverable.due_on, zone, now()),
    )
    refresh(ad_request)
    tell(ChangesRequested, ad_request, actor, deliverable_id=deliverable.id, note=note)
    return ad_request


def approve(
    actor: Actor, *, ad_request_id: str, deliverable_id: str, note: str | None = None
) -> AdRequest:
    """Approve a draft, so that it may be published. Raises NotFound, RefusedTransition,
    NotYourTurn, AwaitingClearance."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.APPROVE)
    if party_of(actor) is Party.SPONSOR:
        clearance.require_cleared(deliverable)
    _answer(actor, deliverable, "approved", note)
    zone = conditions.of(ad_request)["time_zone"]
    DELIVERABLE.move(
        deliverable,
        actor,
        DeliverableEvent.APPROVE,
        note=note,
        **timing.approved(deliverable.publish_by, zone, now()),
    )
    refresh(ad_request)
    tell(DeliverableApproved, ad_request, actor, deliverable_id=deliverable.id)
    return ad_request


def publish(actor: Actor, *, ad_request_id: str, deliverable_id: str, url: str) -> AdRequest:
    """Say where the approved content is live. Raises NotFound, RefusedTransition, NotYourTurn."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.PUBLISH)
    moment = now()
    DELIVERABLE.move(
        deliverable,
        actor,
        DeliverableEvent.PUBLISH,
        note=url,
        url=url,
        published_at=moment,
        checked_at=None,
        check_passed=None,
        check_reason=None,
        check_detail=None,
        check_missing_since=None,
        disclosure_found=None,
        **_without_cancel_request(),
        **timing.published(moment),
    )
    refresh(ad_request)
    tell(DeliverablePublished, ad_request, actor, deliverable_id=deliverable.id, url=url)
    return ad_request


def confirm(
    actor: Actor, *, ad_request_id: str, deliverable_id: str, note: str | None = None
) -> AdRequest:
    """Complete a published deliverable: its money is released into the hold period.

    Raises NotFound, RefusedTransition, NotYourTurn.
    """
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.CONFIRM)
    return complete(actor, ad_request, deliverable, DeliverableEvent.CONFIRM, note=note)


def complete(
    actor: Actor,
    ad_request: AdRequest,
    deliverable: Deliverable,
    event: DeliverableEvent,
    *,
    percent: int = 100,
    note: str | None = None,
) -> AdRequest:
    """Complete a deliverable that was got locked, with `percent` of its money released."""
    released, _ = settlement.divide(actor, ad_request, deliverable, percent)
    DELIVERABLE.move(
        deliverable,
        actor,
        event,
        note=note,
        completed_at=now(),
        # What an admin has decided is not disputed again.
        hold_until=settlement.hold_until(ad_request) if event is _CONFIRM else None,
        **timing.NO_DEADLINE,
    )
    tell(
        DeliverableCompleted,
        ad_request,
        actor,
        deliverable_id=deliverable.id,
        amount=released,
        currency=ad_request.currency,
    )
    settlement.close_if_done(actor, ad_request)
    return ad_request


def extend(actor: Actor, *, ad_request_id: str, deliverable_id: str | None = None) -> AdRequest:
    """Ask for more time, once: for the answer to an offer, or for the review of a draft.

    Without `deliverable_id` an active ad request extends the review that ends first. Raises
    NotFound, RefusedTransition, NotYourTurn, AwaitingConsent, AlreadyExtended, OfferExpired,
    NothingToExtend.
    """
    ad_request = get_for(actor, ad_request_id, lock=True)
    if ad_request.status is not AdRequestStatus.ACTIVE:
        return extend_offer(actor, ad_request)
    deliverable = _review_of(ad_request, deliverable_id)
    turns.require_owner(deliverable, party_of(actor), DeliverableEvent.EXTEND)
    if deliverable.review_extended or deliverable.deadline is None:
        raise AlreadyExtended("A review is extended once. Nothing was changed.")
    deadline = deliverable.deadline + hours(figures.REVIEW_EXTENSION_HOURS)
    DELIVERABLE.move(
        deliverable,
        actor,
        DeliverableEvent.EXTEND,
        review_extended=True,
        deadline=deadline,
        act_at=deadline,
    )
    refresh(ad_request)
    tell(ReviewExtended, ad_request, actor, deliverable_id=deliverable.id, deadline=deadline)
    return ad_request


def _answer(actor: Actor, deliverable: Deliverable, answer: str, note: str | None) -> None:
    submission = deliverable.submissions[-1]
    submission.answer = answer
    submission.note = note
    submission.answered_by = actor.label
    submission.answered_at = now()


def _review_of(ad_request: AdRequest, deliverable_id: str | None) -> Deliverable:
    found = [
        part
        for part in ad_request.deliverables
        if (part.id == deliverable_id if deliverable_id else part.review_ends is not None)
    ]
    if not found:
        raise NothingToExtend("No draft waits for a review. Nothing was changed.")
    return min(found, key=lambda part: part.review_ends or now())


def _without_cancel_request() -> dict[str, None]:
    # Whoever goes on with the work has not agreed to cancel it.
    return {"cancel_requested_by": None, "cancel_request_until": None, "cancel_reason": None}
