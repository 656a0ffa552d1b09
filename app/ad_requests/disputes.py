"""Disagreements: money stays where it is until an admin splits it."""

from __future__ import annotations

from sqlalchemy import select

from app.ad_requests import cancellation, delivery, settlement, timing, turns
from app.ad_requests.errors import DisputeClosed, NotYourTurn
from app.ad_requests.events import (
    DeliverableCancelled,
    DisputeAnswered,
    DisputeDecided,
    DisputeEscalated,
    DisputeOpened,
)
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import DELIVERABLE, DeliverableEvent, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable, Dispute
from app.ad_requests.ownership import FILES, deliverable_for, party_of
from app.ad_requests.progress import refresh
from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.files import service as files
from app.payments import service as payments


def dispute(
    actor: Actor,
    *,
    ad_request_id: str,
    deliverable_id: str,
    reason: str,
    file_ids: list[str] | None = None,
) -> Dispute:
    """Ask an admin to decide about a deliverable. Its money stays held, or in the hold period,
    until then. Raises NotFound, RefusedTransition, DisputeClosed, Invalid.
    """
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    DELIVERABLE.target(deliverable.status, DeliverableEvent.DISPUTE)
    moment = now()
    if not turns.may_dispute(deliverable, moment):
        raise DisputeClosed(_why_closed(deliverable))
    was = deliverable.status
    if was is DeliverableStatus.COMPLETED:
        payments.contest(actor, reference=ad_request.id, milestone=deliverable.id)
    wanted = list(dict.fromkeys(file_ids or []))
    files.attach(actor, file_ids=wanted, subject_type=FILES, subject_id=ad_request.id)
    times = timing.disputed(moment)
    row = Dispute(
        deliverable_id=deliverable.id,
        opened_by=party_of(actor),
        author=actor.label,
        was=was,
        reason=reason,
        file_ids=wanted,
        escalate_at=times["deadline"],
    )
    db.session.add(row)
    DELIVERABLE.move(deliverable, actor, DeliverableEvent.DISPUTE, note=reason, **times)
    refresh(ad_request)
    tell(DisputeOpened, ad_request, actor, deliverable_id=deliverable.id, dispute_id=row.id)
    return row


def answer(
    actor: Actor,
    *,
    ad_request_id: str,
    deliverable_id: str,
    text: str,
    file_ids: list[str] | None = None,
) -> AdRequest:
    """Tell the own side of a dispute that the other party opened, once. Raises NotFound,
    RefusedTransition, NotYourTurn, Invalid."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    row = turns.open_dispute(deliverable)
    if row is None:
        raise RefusedTransition("Nothing is disputed here.", state=deliverable.status.value)
    if row.opened_by is party_of(actor) or row.answer is not None:
        raise NotYourTurn("An admin decides next. Nothing was changed; write a message instead.")
    wanted = list(dict.fromkeys(file_ids or []))
    files.attach(actor, file_ids=wanted, subject_type=FILES, subject_id=ad_request.id)
    row.answer = text
    row.answer_file_ids = wanted
    row.answered_at = now()
    row.touch()
    refresh(ad_request)
    tell(DisputeAnswered, ad_request, actor, deliverable_id=deliverable.id, dispute_id=row.id)
    return ad_request


def decide(actor: Actor, *, dispute_id: str, to_influencer_percent: int, reason: str) -> Dispute:
    """End a dispute: the influencer gets the given percent of the deliverable, the sponsor the
    rest. With 0 the deliverable ends cancelled, else completed. Raises NotFound,
    RefusedTransition for one that is decided already.
    """
    ad_request, deliverable, row = _locked(actor, dispute_id)
    if row.decided_at is not None:
        raise RefusedTransition("This dispute is decided.", state="decided", event="decide")
    row.to_influencer_percent = to_influencer_percent
    row.decision = reason
    row.decided_by = actor.label
    row.decided_at = now()
    row.touch()
    db.session.flush()
    if row.was is DeliverableStatus.COMPLETED:
        _decide_released(actor, ad_request, deliverable, to_influencer_percent, reason)
    elif to_influencer_percent:
        delivery.complete(
            actor,
            ad_request,
            deliverable,
            DeliverableEvent.DECIDE_PAID,
            percent=to_influencer_percent,
            note=reason,
        )
    else:
        cancellation.cancel_now(
            actor, ad_request, deliverable, DeliverableEvent.DECIDE_REFUNDED, reason=reason
        )
        settlement.close_if_done(actor, ad_request)
    record(
        actor,
        "dispute.decided",
        subject_type="dispute",
        subject_id=row.id,
        ad_request_id=ad_request.id,
        to_influencer_percent=to_influencer_percent,
    )
    tell(
        DisputeDecided,
        ad_request,
        actor,
        deliverable_id=deliverable.id,
        dispute_id=row.id,
        to_influencer_percent=to_influencer_percent,
    )
    return row


def escalate(dispute_id: str) -> Dispute:
    """Put a dispute that waited too long on top of the admins' list. Raises RefusedTransition."""
    ad_request, deliverable, row = _locked(SYSTEM, dispute_id)
    if row.decided_at is not None or row.escalated_at is not None or now() < row.escalate_at:
        raise RefusedTransition("This dispute is not to be escalated.", state="decided")
    row.escalated_at = now()
    row.touch()
    refresh(ad_request)
    tell(DisputeEscalated, ad_request, SYSTEM, deliverable_id=deliverable.id, dispute_id=row.id)
    return row


def _why_closed(deliverable: Deliverable) -> str:
    if deliverable.amount == 0:
        return "There is no money on this deliverable to decide about. Nothing was changed."
    if any(found.decided_at is not None for found in deliverable.disputes):
        return "An admin has decided about this deliverable; that is final. Nothing was changed."
    return "The hold period of the released money is over. Nothing was changed."


def _locked(actor: Actor, dispute_id: str) -> tuple[AdRequest, Deliverable, Dispute]:
    found = db.session.execute(
        select(Deliverable.ad_request_id, Deliverable.id)
        .join(Dispute, Dispute.deliverable_id == Deliverable.id)
        .where(Dispute.id == dispute_id)
    ).first()
    if found is None:
        raise NotFound
    ad_request, deliverable = deliverable_for(actor, *found)
    return ad_request, deliverable, next(d for d in deliverable.disputes if d.id == dispute_id)


def _decide_released(
    actor: Actor, ad_request: AdRequest, deliverable: Deliverable, percent: int, reason: str
) -> None:
    """The money was released before the dispute and has waited in its hold period since."""
    returned = settlement.take_back(actor, ad_request, deliverable, 100 - percent)
    paid = percent > 0
    event = DeliverableEvent.DECIDE_PAID if paid else DeliverableEvent.DECIDE_REFUNDED
    DELIVERABLE.move(deliverable, actor, event, note=reason, hold_until=None, **timing.NO_DEADLINE)
    if not paid:
        tell(
            DeliverableCancelled,
            ad_request,
            actor,
            deliverable_id=deliverable.id,
            amount=returned,
            currency=ad_request.currency,
            reason=reason,
        )
    settlement.close_if_done(actor, ad_request)
