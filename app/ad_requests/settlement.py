"""The money of an agreement, kept in step with its states: hold, pay, give back, close.

Locks are taken in the order of the house: ad request, campaign, accounts. So every function here
speaks to campaigns before it speaks to payments.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from app.ad_requests import conditions, figures, terms, timing
from app.ad_requests.errors import CommissionCapReached
from app.ad_requests.events import AdRequestCancelled, AdRequestCompleted
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import (
    AD_REQUEST,
    WAITS_FOR,
    AdRequestEvent,
    AdRequestStatus,
    DeliverableStatus,
)
from app.ad_requests.models import AdRequest, Deliverable, Offer
from app.ad_requests.ownership import get_for
from app.ad_requests.progress import refresh
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import RefusedTransition
from app.core.extensions import db
from app.core.money import Money, percent_of
from app.payments import service as payments
from app.payments.clawback_models import Clawback
from app.payments.errors import EscrowExhausted
from app.payments.models import Payment, PaymentKind

REMAINDER = "remainder"
# How long after the window orders of it may still be told of: shops send again, files come later.
TOLD_LATE = timedelta(days=3)


def open_agreement(actor: Actor, ad_request: AdRequest, offer: Offer, campaign: Campaign) -> None:
    """Commit the budget, hold the money and start the deliverables of an accepted offer.

    Fee and cap count against the budget; the platform's fee is held on top. Raises OverBudget,
    CampaignClosed, InsufficientFunds, RefusedTransition.
    """
    cap = offer.commission_cap_amount or 0
    platform_fee = offer.platform_fee_amount
    campaigns.commit_budget(campaign.id, offer.fee_amount + cap)
    campaigns.agreement_opened(campaign.id)
    account = payments.hold(
        actor,
        reference=ad_request.id,
        sponsor_id=ad_request.sponsor_id,
        currency=offer.currency,
        fee=offer.fee_amount,
        commission_cap=cap,
        platform_fee=platform_fee,
    )
    moment = now()
    agreed = conditions.offered(campaign)
    agreed["hold_days"] = offer.hold_days
    AD_REQUEST.move(
        ad_request,
        actor,
        AdRequestEvent.ACCEPT,
        accepted_offer_id=offer.id,
        accepted_at=moment,
        answer_by=None,
        escrow_account_id=account.id,
        commission_basis_points=offer.commission_basis_points,
        fee_amount=offer.fee_amount,
        commission_cap_amount=cap,
        platform_fee_amount=platform_fee,
        held_amount=offer.fee_amount + cap + platform_fee,
        conditions=dict(agreed),
        attribution_touch=campaign.attribution_touch,
        attribution_window_days=campaign.attribution_window_days,
        coupon_beats_link=campaign.coupon_beats_link,
    )
    _add_deliverables(ad_request, offer, agreed["time_zone"], moment, platform_fee)


def _add_deliverables(
    ad_request: AdRequest, offer: Offer, zone: str, moment: datetime, platform_fee: int
) -> None:
    agreed = offer.terms.deliverables
    amounts = terms.amounts(offer.fee_amount, agreed)
    fees = terms.amounts(platform_fee, agreed)
    for position, part in enumerate(agreed):
        assert part.due_on is not None
        assert part.publish_by is not None
        ad_request.deliverables.append(
            Deliverable(
                position=position,
                title=part.title,
                share=part.share,
                amount=amounts[position],
                platform_fee_amount=fees[position],
                due_on=part.due_on,
                publish_by=part.publish_by,
                status=DeliverableStatus.DUE,
                submissions=[],
                disputes=[],
                **timing.due(part.due_on, zone, moment),
            )
        )
    db.session.flush()


def divide(
    actor: Actor, ad_request: AdRequest, deliverable: Deliverable, percent: int
) -> tuple[int, int]:
    """Release `percent` of what a deliverable holds and give the rest back to the sponsor.

    Returns what went to the influencer and what came back of the fee, in minor units. The
    platform's fee is taken and given back in the same proportion.
    """
    released = percent_of(deliverable.amount, percent)
    returned = deliverable.amount - released
    charged = percent_of(deliverable.platform_fee_amount, percent)
    uncharged = deliverable.platform_fee_amount - charged
    if released:
        campaigns.record_spend(ad_request.campaign_id, released)
    if returned:
        campaigns.release_budget(ad_request.campaign_id, returned)
    payments.release(
        actor,
        reference=ad_request.id,
        milestone=deliverable.id,
        influencer_id=ad_request.influencer_id,
        amount=released,
        hold_days=hold_days(ad_request),
    )
    payments.charge_platform_fee(
        actor, reference=ad_request.id, milestone=deliverable.id, amount=charged
    )
    payments.refund(
        actor,
        reference=ad_request.id,
        milestone=deliverable.id,
        amount=returned + uncharged,
    )
    deliverable.released_amount += released
    deliverable.refunded_amount += returned
    ad_request.released_amount += released
    ad_request.platform_charged_amount += charged
    ad_request.refunded_amount += returned + uncharged
    db.session.flush()
    return released, returned


def take_back(actor: Actor, ad_request: AdRequest, deliverable: Deliverable, percent: int) -> int:
    """Give the sponsor `percent` of what a contested deliverable had released, from the hold
    period; the rest goes on to its date. Returns minor units. The platform's fee stays taken.
    """
    returned = percent_of(deliverable.released_amount, percent)
    campaigns.lock(ad_request.campaign_id)
    if returned:
        campaigns.reverse_spend(ad_request.campaign_id, returned)
    payments.settle_contest(
        actor, reference=ad_request.id, milestone=deliverable.id, take_back=returned
    )
    deliverable.released_amount -= returned
    deliverable.refunded_amount += returned
    ad_request.released_amount -= returned
    ad_request.refunded_amount += returned
    db.session.flush()
    return returned


def hold_days(ad_request: AdRequest) -> int:
    """Days from a release until its money may be withdrawn (with `campaign` loaded)."""
    return conditions.of(ad_request)["hold_days"]


def hold_until(ad_request: AdRequest) -> datetime:
    """The end of the hold period of what is released now."""
    return now() + timedelta(days=hold_days(ad_request))


def close_if_done(actor: Actor, ad_request: AdRequest) -> None:
    """End the agreement once every deliverable is closed, and write its projections anew.

    Completed when at least one was carried out, else cancelled. Orders of a completed one count
    until the window closes, and the rest of the commission's cap waits for them, and TOLD_LATE
    more for those of which one hears late; otherwise what the
    escrow still holds goes back to the sponsor now, also when a dispute takes it all back later.
    """
    if ad_request.status is AdRequestStatus.ACTIVE and not _open_ones(ad_request):
        done = any(part.status is DeliverableStatus.COMPLETED for part in ad_request.deliverables)
        event = AdRequestEvent.COMPLETE if done else AdRequestEvent.CANCEL
        moment = now()
        waits = done and ad_request.commission_left > 0
        window = timedelta(days=ad_request.attribution_window_days or 0)
        AD_REQUEST.move(
            ad_request,
            actor,
            event,
            closed_at=moment,
            commission_until=moment + window + TOLD_LATE if waits else None,
            ratings_close_at=moment + timedelta(days=figures.RATING_DAYS.get()),
        )
        campaigns.agreement_closed(ad_request.campaign_id)
        if not waits:
            return_unused(actor, ad_request)
        tell(AdRequestCompleted if done else AdRequestCancelled, ad_request, actor)
    elif ad_request.commission_until is not None and not _carried_out(ad_request):
        # A dispute gave everything back after the end: nothing is left for which orders could come.
        return_unused(actor, ad_request)
    refresh(ad_request)


def close_commission(ad_request_id: str) -> int:
    """Give back the unused part of the cap, once the window for orders is over; returns its minor
    units. Raises RefusedTransition before, and where somebody did it already."""
    ad_request = get_for(SYSTEM, ad_request_id, lock=True)
    until = ad_request.commission_until
    if until is None or until > now():
        raise RefusedTransition("Nothing of the commission's cap is to be returned now.")
    returned = return_unused(SYSTEM, ad_request)
    refresh(ad_request)
    return returned


def return_unused(actor: Actor, ad_request: AdRequest) -> int:
    """Give the sponsor back what is left when nothing more can be earned: the unused part of the
    commission's cap. Returns its minor units."""
    ad_request.commission_until = None
    rest = ad_request.escrow_amount
    if rest == 0:
        return 0
    campaigns.release_budget(ad_request.campaign_id, rest)
    payments.refund(actor, reference=ad_request.id, milestone=REMAINDER, amount=rest)
    ad_request.refunded_amount += rest
    db.session.flush()
    return rest


def pay_commission(
    actor: Actor, *, ad_request_id: str, milestone: str, amount: int
) -> Payment | None:
    """Release a commission of `amount` minor units from the cap held for it.

    `milestone` is the caller's business key: the same one pays once. Raises CommissionCapReached
    for more than is left of the cap, and once an ended agreement has given it back.
    """
    ad_request = get_for(SYSTEM, ad_request_id, lock=True)
    campaigns.lock(ad_request.campaign_id)
    closed = ad_request.commission_until is not None and ad_request.commission_until <= now()
    left = 0 if closed else ad_request.commission_left
    refused = CommissionCapReached(
        f"{Money(left, ad_request.currency)} of the commission's cap is left. Nothing was changed.",
        left=left,
    )
    before = payments.escrow_balance(ad_request.id)
    try:
        payment = payments.release(
            actor,
            reference=ad_request.id,
            milestone=milestone,
            influencer_id=ad_request.influencer_id,
            amount=amount,
            hold_days=hold_days(ad_request),
            kind=PaymentKind.COMMISSION,
        )
    except EscrowExhausted as error:
        raise refused from error
    if payments.escrow_balance(ad_request.id) == before:
        return payment
    if amount > left:
        raise refused
    campaigns.record_spend(ad_request.campaign_id, amount)
    ad_request.released_amount += amount
    ad_request.commission_paid_amount += amount
    refresh(ad_request)
    return payment


def take_back_commission(
    actor: Actor, *, ad_request_id: str, milestone: str, amount: int, reason: str, key: str = ""
) -> Clawback:
    """Undo `amount` minor units of a commission that was paid, wherever they are by now: in their
    hold period, available, or withdrawn, in which case the influencer owes them.

    Once for each `key` of a `milestone` (as given to `pay_commission`). The sponsor may commit the
    money anew; the cap that it used stays used. `reason` is for the influencer to read. Raises
    NotFound for what was never paid as a commission, Invalid, MoreThanReleased, PostingConflict.
    """
    ad_request = get_for(SYSTEM, ad_request_id, lock=True)
    campaigns.lock(ad_request.campaign_id)
    taken = payments.claw_back(
        actor,
        reference=ad_request.id,
        milestone=milestone,
        amount=amount,
        reason=reason,
        key=key,
        kinds=(PaymentKind.COMMISSION,),
    )
    if not taken.new:
        return taken.clawback
    campaigns.reverse_spend(ad_request.campaign_id, amount)
    ad_request.released_amount -= amount
    ad_request.refunded_amount += amount
    ad_request.commission_returned_amount += amount
    refresh(ad_request)
    return taken.clawback


def _carried_out(ad_request: AdRequest) -> bool:
    """Whether some deliverable was carried out, or may still turn out to have been."""
    return any(
        part.status is DeliverableStatus.COMPLETED or part.status in WAITS_FOR
        for part in ad_request.deliverables
    )


def _open_ones(ad_request: AdRequest) -> list[Deliverable]:
    return [part for part in ad_request.deliverables if part.status in WAITS_FOR]
