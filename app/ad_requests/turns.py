"""Whose turn it is, and what each side may do now. Reads rows, changes nothing.

The lists of actions that pages show and the refusals of the use cases come from the same rules.
"""

from __future__ import annotations

from datetime import datetime

from app.ad_requests.errors import (
    AwaitingConsent,
    NotYourTurn,
    OfferExpired,
    OwnOffer,
    TooManyDrafts,
)
from app.ad_requests.lifecycle import (
    CANCELLABLE,
    DELIVERABLE,
    AdRequestStatus,
    DeliverableEvent,
    DeliverableStatus,
    Origin,
    Party,
)
from app.ad_requests.models import AdRequest, Deliverable, Dispute

MOST_SUBMISSIONS = 30
"""Drafts of one deliverable; the last one is approved, disputed or cancelled, not sent back."""

SIDES = (Party.SPONSOR, Party.INFLUENCER)
_STARTERS = {
    Origin.INVITATION: Party.SPONSOR,
    Origin.APPLICATION: Party.INFLUENCER,
    Origin.ASSIGNMENT: Party.ADMIN,
}
_ENDED = (AdRequestStatus.COMPLETED, AdRequestStatus.CANCELLED)
_OWNERS = {
    DeliverableEvent.SUBMIT: Party.INFLUENCER,
    DeliverableEvent.PUBLISH: Party.INFLUENCER,
    DeliverableEvent.APPROVE: Party.SPONSOR,
    DeliverableEvent.REQUEST_CHANGES: Party.SPONSOR,
    DeliverableEvent.EXTEND: Party.SPONSOR,
    DeliverableEvent.CONFIRM: Party.SPONSOR,
}


# --- offers -------------------------------------------------------------------------------------


def maker(ad_request: AdRequest) -> Party | None:
    """The side whose offer stands: an admin's counts as the sponsor's once that consented."""
    offer = ad_request.current_offer
    if offer is None:
        return None
    if offer.by is Party.ADMIN and not ad_request.awaits_consent:
        return Party.SPONSOR
    return offer.by


def answerer(ad_request: AdRequest) -> Party | None:
    """The side that answers the current offer; None when nothing is open."""
    if not ad_request.is_open:
        return None
    if ad_request.awaits_consent or maker(ad_request) is Party.INFLUENCER:
        return Party.SPONSOR
    return Party.INFLUENCER


def require_answerer(ad_request: AdRequest, side: Party) -> None:
    """Raise AwaitingConsent or OwnOffer unless the current offer waits for `side`."""
    if answerer(ad_request) is side:
        return
    if ad_request.awaits_consent:
        raise AwaitingConsent("You can answer once the sponsor has consented.")
    raise OwnOffer("Wait for the other side's answer, or withdraw. Nothing was changed.")


def in_time(ad_request: AdRequest, moment: datetime) -> bool:
    """Whether the current offer may still be answered, though nobody has closed it yet."""
    return ad_request.answer_by is not None and moment < ad_request.answer_by


def require_in_time(ad_request: AdRequest, moment: datetime) -> None:
    """Raise OfferExpired once the time to answer the current offer is over."""
    if not in_time(ad_request, moment):
        raise OfferExpired(
            f"It ended at {ad_request.answer_by}. Nothing was changed; make a new proposal."
        )


def may_withdraw(ad_request: AdRequest, side: Party) -> bool:
    """Whoever made the current offer or started it all may take it back."""
    return side in (maker(ad_request), _STARTERS[ad_request.origin])


def ad_request_actions(ad_request: AdRequest, side: Party, moment: datetime) -> list[str]:
    """What `side` may do now with the ad request itself (see `deliverable_actions`)."""
    actions: list[str] = []
    if ad_request.is_open:
        actions += _offer_actions(ad_request, side, moment)
    if side in SIDES and may_rate(ad_request, side, moment):
        actions.append("rate")
    if may_write(ad_request):
        actions.append("message")
    return actions


def may_rate(ad_request: AdRequest, side: Party, moment: datetime) -> bool:
    """Whether `side` may still rate the other one (with `ratings` loaded)."""
    return (
        rating_open(ad_request, moment)
        and ad_request.ratings_revealed_at is None
        and all(rating.by is not side for rating in ad_request.ratings)
    )


def rating_open(ad_request: AdRequest, moment: datetime) -> bool:
    """Whether the agreement has ended, and not too long ago to be rated."""
    return (
        ad_request.status in _ENDED
        and ad_request.ratings_close_at is not None
        and moment < ad_request.ratings_close_at
    )


def may_write(ad_request: AdRequest) -> bool:
    """Whether messages are taken: not once a proposal came to nothing."""
    return ad_request.is_open or ad_request.accepted_at is not None


def _offer_actions(ad_request: AdRequest, side: Party, moment: datetime) -> list[str]:
    actions = []
    answers = answerer(ad_request) is side
    timely = in_time(ad_request, moment)
    if answers and timely:
        actions.append("accept")
    if timely and (answers or (side in SIDES and not ad_request.awaits_consent)):
        actions.append("counter")
    if answers:
        actions.append("reject")
    if may_withdraw(ad_request, side):
        actions.append("withdraw")
    waits_for_consent = ad_request.awaits_consent and side is Party.INFLUENCER
    if side in SIDES and timely and not (ad_request.offer_extended or waits_for_consent):
        actions.append("extend")
    return actions


# --- deliverables -------------------------------------------------------------------------------


def require_owner(deliverable: Deliverable, side: Party, event: DeliverableEvent) -> None:
    """Raise RefusedTransition for an event that the state does not know, then NotYourTurn for
    one that is not this side's. The system may do everything that has a deadline."""
    DELIVERABLE.target(deliverable.status, event)
    owner = _OWNERS.get(event)
    if owner is not None and side not in (owner, Party.SYSTEM):
        raise NotYourTurn(f"This is for the {owner.value} to do.")


def may_send_back(deliverable: Deliverable) -> bool:
    """Whether another draft may still follow (with `submissions` loaded)."""
    return len(deliverable.submissions) < MOST_SUBMISSIONS


def require_another_draft(deliverable: Deliverable) -> None:
    """Raise TooManyDrafts where no further draft may follow the last one."""
    if not may_send_back(deliverable):
        raise TooManyDrafts(
            f"This was draft {MOST_SUBMISSIONS}, the last one. Approve it, cancel the deliverable "
            "or open a dispute. Nothing was changed."
        )


def may_cancel_alone(deliverable: Deliverable, side: Party, moment: datetime) -> bool:
    """Whether a cancel of `side` is done at once: an influencer's always is, a sponsor's when the
    influencer is late enough. Otherwise it is a request."""
    if side is not Party.SPONSOR:
        return True
    return deliverable.late_at is not None and moment >= deliverable.late_at


def asked_to_cancel(deliverable: Deliverable, moment: datetime) -> Party | None:
    """The side whose request to cancel by consent still stands."""
    until = deliverable.cancel_request_until
    return deliverable.cancel_requested_by if until is not None and moment < until else None


def may_dispute(deliverable: Deliverable, moment: datetime) -> bool:
    """Whether the state allows a dispute; a completed one only within its hold period and
    with money."""
    if not DELIVERABLE.allows(deliverable.status, DeliverableEvent.DISPUTE):
        return False
    if deliverable.status is DeliverableStatus.COMPLETED and deliverable.amount == 0:
        return False  # nothing was released that could be contested
    if deliverable.status is DeliverableStatus.COMPLETED:
        return deliverable.hold_until is not None and moment < deliverable.hold_until
    return True


def open_dispute(deliverable: Deliverable) -> Dispute | None:
    """The dispute that waits for a decision (with `disputes` loaded)."""
    return next((found for found in deliverable.disputes if found.decided_at is None), None)


def deliverable_actions(deliverable: Deliverable, side: Party, moment: datetime) -> list[str]:
    """What `side` may do now with a deliverable."""
    actions = [
        event.value
        for event, owner in _OWNERS.items()
        if owner is side and DELIVERABLE.allows(deliverable.status, event)
    ]
    if "request_changes" in actions and not may_send_back(deliverable):
        actions.remove("request_changes")
    if deliverable.review_extended and "extend" in actions:
        actions.remove("extend")
    dispute = open_dispute(deliverable)
    if side is Party.ADMIN and dispute is not None:
        actions.append("decide")
    if side not in SIDES:
        return actions
    if may_dispute(deliverable, moment):
        actions.append("dispute")
    if dispute is not None and dispute.opened_by is not side and dispute.answer is None:
        actions.append("answer")
    if deliverable.status in CANCELLABLE:
        actions.append("cancel")
    if side is Party.SPONSOR and deliverable.status is DeliverableStatus.PUBLISHED:
        actions.append("check")
    return actions
