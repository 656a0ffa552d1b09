"""Answering offers: counter, accept, reject, withdraw, extend, expire."""

from __future__ import annotations

from app.ad_requests import figures, offers, parties, settlement, turns
from app.ad_requests.errors import AlreadyExtended, AwaitingConsent, CampaignEnded, NotYourTurn
from app.ad_requests.events import (
    AdRequestAccepted,
    AdRequestExpired,
    AdRequestRejected,
    AdRequestWithdrawn,
    AssignmentConsented,
    OfferCountered,
    OfferExtended,
)
from app.ad_requests.facts import tell
from app.ad_requests.figures import hours
from app.ad_requests.lifecycle import AD_REQUEST, AdRequestEvent, Party
from app.ad_requests.models import AdRequest, Offer
from app.ad_requests.ownership import get_for, party_of
from app.ad_requests.progress import refresh
from app.ad_requests.terms import Terms
from app.audit.service import record
from app.campaigns import service as campaigns
from app.campaigns.lifecycle import OVER
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import RefusedTransition


def counter(actor: Actor, *, ad_request_id: str, offer: Terms) -> AdRequest:
    """Put another offer on the table; the other side answers it.

    Whoever made the current offer may replace it too, as an edit of the campaign invites them to.
    A sponsor's counter to an assignment is its consent. Raises NotFound, RefusedTransition,
    AwaitingConsent, OfferExpired, CampaignEnded, CounterpartySuspended, TooManyOffers, Invalid.
    """
    ad_request = get_for(actor, ad_request_id, lock=True)
    side = party_of(actor)
    AD_REQUEST.target(ad_request.status, AdRequestEvent.COUNTER)
    if ad_request.awaits_consent and side is not Party.SPONSOR:
        raise AwaitingConsent("You can answer once the sponsor has consented.")
    turns.require_in_time(ad_request, now())
    _require_running(ad_request.campaign)
    parties.require_able(actor, ad_request, other_than=side)
    wanted = offers.completed(ad_request.campaign, offer)
    made = offers.add(actor, ad_request, ad_request.campaign, side, wanted)
    AD_REQUEST.move(
        ad_request,
        actor,
        AdRequestEvent.COUNTER,
        current_offer_id=made.id,
        answer_by=offers.answer_by(),
        offer_extended=False,
        awaits_consent=False,
    )
    refresh(ad_request)
    waits_for = turns.answerer(ad_request)
    assert waits_for is not None
    tell(OfferCountered, ad_request, actor, offer_id=made.id, waits_for=waits_for.value)
    return ad_request


def accept(actor: Actor, *, ad_request_id: str, offer_hash: str) -> AdRequest:
    """Accept the offer that `offer_hash` names: the agreement begins and its money is held.

    A sponsor's first accept of an assignment is its consent; the influencer accepts after that.
    Everything or nothing happens. Raises NotFound, RefusedTransition, StaleOffer, OwnOffer,
    AwaitingConsent, OfferExpired, CounterpartySuspended, CampaignEnded, TermsChanged, OverBudget,
    InsufficientFunds.
    """
    ad_request = get_for(actor, ad_request_id, lock=True)
    AD_REQUEST.target(ad_request.status, AdRequestEvent.ACCEPT)
    offer = offers.require_current(ad_request, offer_hash)
    turns.require_answerer(ad_request, party_of(actor))
    turns.require_in_time(ad_request, now())
    parties.require_able(actor, ad_request, other_than=party_of(actor))
    # The lock order of the house: ad request, campaign, accounts.
    campaign = campaigns.lock(ad_request.campaign_id)
    _require_running(campaign)
    offers.require_present_terms(ad_request, campaign)
    if ad_request.awaits_consent:
        return _consent(actor, ad_request, offer)
    settlement.open_agreement(actor, ad_request, offer, campaign)
    refresh(ad_request)
    record(
        actor,
        "ad_request.accepted",
        subject_type="ad_request",
        subject_id=ad_request.id,
        offer_id=offer.id,
        held=ad_request.held_amount,
        currency=ad_request.currency,
    )
    tell(
        AdRequestAccepted,
        ad_request,
        actor,
        offer_id=offer.id,
        held_amount=ad_request.held_amount,
        currency=ad_request.currency,
    )
    return ad_request


def reject(actor: Actor, *, ad_request_id: str, reason: str | None = None) -> AdRequest:
    """Turn the other side's offer down. Raises NotFound, RefusedTransition, OwnOffer,
    AwaitingConsent."""
    ad_request = get_for(actor, ad_request_id, lock=True)
    AD_REQUEST.target(ad_request.status, AdRequestEvent.REJECT)
    turns.require_answerer(ad_request, party_of(actor))
    _end(actor, ad_request, AdRequestEvent.REJECT, reason)
    tell(AdRequestRejected, ad_request, actor, reason=reason)
    return ad_request


def withdraw(actor: Actor, *, ad_request_id: str, reason: str | None = None) -> AdRequest:
    """Take back the own offer, or the ad request that one has started. Raises NotFound,
    RefusedTransition, NotYourTurn."""
    ad_request = get_for(actor, ad_request_id, lock=True)
    AD_REQUEST.target(ad_request.status, AdRequestEvent.WITHDRAW)
    if not turns.may_withdraw(ad_request, party_of(actor)):
        raise NotYourTurn("This offer is not yours: reject it instead. Nothing was changed.")
    _end(actor, ad_request, AdRequestEvent.WITHDRAW, reason)
    tell(AdRequestWithdrawn, ad_request, actor, reason=reason)
    return ad_request


def extend_offer(actor: Actor, ad_request: AdRequest) -> AdRequest:
    """Give the current offer more time, once; `ad_request` was got locked. Raises
    RefusedTransition, AwaitingConsent, AlreadyExtended, OfferExpired."""
    AD_REQUEST.target(ad_request.status, AdRequestEvent.EXTEND)
    if ad_request.awaits_consent and party_of(actor) is Party.INFLUENCER:
        raise AwaitingConsent("The sponsor answers first.")
    if ad_request.offer_extended or ad_request.answer_by is None:
        raise AlreadyExtended("An offer is extended once. Nothing was changed.")
    turns.require_in_time(ad_request, now())
    answer_by = ad_request.answer_by + hours(figures.OFFER_EXTENSION_HOURS)
    AD_REQUEST.move(
        ad_request, actor, AdRequestEvent.EXTEND, answer_by=answer_by, offer_extended=True
    )
    refresh(ad_request)
    tell(OfferExtended, ad_request, actor, answer_by=answer_by)
    return ad_request


def expire(ad_request_id: str) -> AdRequest:
    """Let an unanswered offer expire. Raises RefusedTransition when it was answered or its time
    is not over yet."""
    ad_request = get_for(SYSTEM, ad_request_id, lock=True)
    if ad_request.is_open and ad_request.answer_by is not None and now() < ad_request.answer_by:
        raise RefusedTransition("This offer may still be answered.", state=ad_request.status.value)
    return end_by_system(ad_request, reason=None)


def end_by_system(ad_request: AdRequest, *, reason: str | None) -> AdRequest:
    """Expire an open ad request that was got locked. Raises RefusedTransition."""
    _end(SYSTEM, ad_request, AdRequestEvent.EXPIRE, reason)
    tell(AdRequestExpired, ad_request, SYSTEM, reason=reason)
    return ad_request


def _consent(actor: Actor, ad_request: AdRequest, offer: Offer) -> AdRequest:
    AD_REQUEST.move(
        ad_request,
        actor,
        AdRequestEvent.CONSENT,
        awaits_consent=False,
        answer_by=offers.answer_by(),
        offer_extended=False,
    )
    refresh(ad_request)
    tell(AssignmentConsented, ad_request, actor, offer_id=offer.id)
    return ad_request


def _end(actor: Actor, ad_request: AdRequest, event: AdRequestEvent, reason: str | None) -> None:
    AD_REQUEST.move(
        ad_request,
        actor,
        event,
        note=reason,
        answer_by=None,
        closed_at=now(),
        closing_reason=reason,
        awaits_consent=False,
    )
    refresh(ad_request)


def _require_running(campaign: Campaign) -> None:
    if campaign.status in OVER:
        raise CampaignEnded(f"The campaign is {campaign.status.value}. Nothing was changed.")
    if campaign.suspended:
        raise CampaignEnded(
            "An admin suspended this campaign. Nothing was changed; wait for the decision."
        )
