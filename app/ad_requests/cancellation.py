"""Ending deliverables before they are published.

The rule: an influencer may give up a deliverable at any time, since that costs only themselves; a
sponsor alone only when the influencer is overdue by the set hours. Otherwise a sponsor's cancel is
a request, which stands for some days and which the influencer agrees to by cancelling too.
Whatever is cancelled is refunded in full. See docs/decisions/005-cancellation.md.
"""

from __future__ import annotations

from app.ad_requests import figures, settlement, timing, turns
from app.ad_requests.errors import NothingToCancel
from app.ad_requests.events import CancellationRequested, DeliverableCancelled
from app.ad_requests.facts import tell
from app.ad_requests.figures import hours
from app.ad_requests.lifecycle import (
    CANCELLABLE,
    DELIVERABLE,
    AdRequestStatus,
    DeliverableEvent,
    DeliverableStatus,
)
from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.ownership import get_for, party_of
from app.ad_requests.progress import refresh
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition


def cancel(
    actor: Actor, *, ad_request_id: str, reason: str, deliverable_id: str | None = None
) -> AdRequest:
    """Cancel a deliverable, or without `deliverable_id` every one that is not published yet.

    What the actor may not cancel alone becomes a request to the other side. Raises NotFound,
    RefusedTransition, NothingToCancel.
    """
    ad_request = get_for(actor, ad_request_id, lock=True)
    wanted = _wanted(ad_request, deliverable_id)
    for deliverable in wanted:
        if turns.may_cancel_alone(deliverable, party_of(actor), now()):
            cancel_now(actor, ad_request, deliverable, reason=reason)
        else:
            _ask(actor, ad_request, deliverable, reason)
    settlement.close_if_done(actor, ad_request)
    return ad_request


def cancel_now(
    actor: Actor,
    ad_request: AdRequest,
    deliverable: Deliverable,
    event: DeliverableEvent = DeliverableEvent.CANCEL,
    *,
    reason: str | None,
) -> None:
    """Cancel a deliverable that was got locked and refund it; the caller closes what is done."""
    DELIVERABLE.target(deliverable.status, event)
    _, returned = settlement.divide(actor, ad_request, deliverable, 0)
    DELIVERABLE.move(deliverable, actor, event, note=reason, **timing.NO_DEADLINE)
    tell(
        DeliverableCancelled,
        ad_request,
        actor,
        deliverable_id=deliverable.id,
        amount=returned,
        currency=ad_request.currency,
        reason=reason,
    )


def _wanted(ad_request: AdRequest, deliverable_id: str | None) -> list[Deliverable]:
    if deliverable_id is not None:
        found = [part for part in ad_request.deliverables if part.id == deliverable_id]
        if not found:
            raise NotFound
        DELIVERABLE.target(found[0].status, DeliverableEvent.CANCEL)
        return found
    if ad_request.status is not AdRequestStatus.ACTIVE:
        raise RefusedTransition(
            f"This ad request is {ad_request.status.value}: only an active one is cancelled. "
            "An open offer is withdrawn or rejected instead.",
            state=ad_request.status.value,
            event="cancel",
        )
    found = [part for part in ad_request.deliverables if part.status in CANCELLABLE]
    if not found:
        raise NothingToCancel(
            "Everything is published, closed or disputed. Nothing was changed; open a dispute "
            "where something is wrong."
        )
    return found


def _ask(actor: Actor, ad_request: AdRequest, deliverable: Deliverable, reason: str) -> None:
    deliverable.cancel_requested_by = party_of(actor)
    deliverable.cancel_request_until = now() + hours(figures.CANCEL_REQUEST_HOURS)
    deliverable.cancel_reason = reason
    deliverable.touch()
    refresh(ad_request)
    tell(CancellationRequested, ad_request, actor, deliverable_id=deliverable.id, reason=reason)


def cancel_overdue(ad_request: AdRequest, deliverable: Deliverable, actor: Actor) -> AdRequest:
    """The automatic way out of a deliverable that is long overdue. Raises RefusedTransition when
    its time has not come."""
    waits = deliverable.status in (DeliverableStatus.DUE, DeliverableStatus.APPROVED)
    if not waits or deliverable.act_at is None or now() < deliverable.act_at:
        raise RefusedTransition("This deliverable is not overdue.", state=deliverable.status.value)
    cancel_now(actor, ad_request, deliverable, reason="overdue")
    settlement.close_if_done(actor, ad_request)
    return ad_request
