"""How an ad request begins: an invitation, an application, an admin's assignment.

Each holds the campaign's row: none begins beside the campaign's end, which closes open proposals.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import set_committed_value

from app.ad_requests import offers, parties
from app.ad_requests.errors import AlreadyLive
from app.ad_requests.events import AdRequestProposed
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import LIVE, AdRequestStatus, ChosenBy, Origin, Party
from app.ad_requests.models import AdRequest
from app.ad_requests.progress import refresh
from app.ad_requests.terms import Terms
from app.ad_requests.turns import answerer
from app.audit.service import record
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.extensions import db
from app.identity.standing import hold_accounts


def invite(
    actor: Actor,
    *,
    campaign_id: str,
    influencer_id: str,
    offer: Terms,
    chosen_by: ChosenBy = ChosenBy.HAND_PICKED,
    chosen_ref: str | None = None,
) -> AdRequest:
    """A sponsor offers an influencer a part in a campaign.

    `chosen_by` and `chosen_ref` (the id of a score run or line-up) say how the influencer was
    found. Raises NotFound, CampaignClosed, AlreadyLive, InfluencerNotRegistered,
    CounterpartySuspended, TeamSuspended, Invalid.
    """
    campaign = campaigns.get_for(actor, campaign_id, lock=True)
    campaigns.require_open_for_proposals(campaign)
    hold_accounts(actor, sponsor_id=campaign.sponsor_id, influencer_id=influencer_id)
    parties.require_own_team(campaign.sponsor_id)
    parties.influencer(influencer_id)
    return _propose(
        actor,
        campaign,
        influencer_id,
        offer,
        origin=Origin.INVITATION,
        by=Party.SPONSOR,
        chosen_by=chosen_by,
        chosen_ref=chosen_ref,
    )


def apply(actor: Actor, *, campaign_id: str, offer: Terms) -> AdRequest:
    """An influencer offers to take part in a campaign that they may see.

    Raises NotFound, CampaignClosed, AlreadyLive, CounterpartySuspended, Invalid.
    """
    influencer_id = actor.influencer_id or ""
    known = db.session.scalar(
        select(AdRequest.id).where(
            AdRequest.campaign_id == campaign_id, AdRequest.influencer_id == influencer_id
        )
    )
    campaign = campaigns.get_for(actor, campaign_id, lock=True, allow_private=known is not None)
    campaigns.require_open_for_proposals(campaign)
    hold_accounts(actor, sponsor_id=campaign.sponsor_id, influencer_id=influencer_id)
    parties.sponsor(campaign.sponsor_id)
    return _propose(
        actor,
        campaign,
        influencer_id,
        offer,
        origin=Origin.APPLICATION,
        by=Party.INFLUENCER,
        chosen_by=ChosenBy.APPLIED,
    )


def assign(
    actor: Actor,
    *,
    campaign_id: str,
    influencer_id: str,
    offer: Terms,
    chosen_by: ChosenBy = ChosenBy.HAND_PICKED,
    chosen_ref: str | None = None,
) -> AdRequest:
    """An admin offers an influencer a part in a sponsor's campaign.

    The sponsor consents first, unless its settings consent to all assignments. Raises as `invite`.
    """
    campaign = campaigns.get_for(actor, campaign_id, lock=True)
    campaigns.require_open_for_proposals(campaign)
    hold_accounts(actor, sponsor_id=campaign.sponsor_id, influencer_id=influencer_id)
    sponsor = parties.sponsor(campaign.sponsor_id)
    parties.influencer(influencer_id)
    ad_request = _propose(
        actor,
        campaign,
        influencer_id,
        offer,
        origin=Origin.ASSIGNMENT,
        by=Party.ADMIN,
        chosen_by=chosen_by,
        chosen_ref=chosen_ref,
        awaits_consent=not sponsor.consents_to_assignments,
    )
    record(
        actor,
        "ad_request.assigned",
        subject_type="ad_request",
        subject_id=ad_request.id,
        campaign_id=campaign.id,
        influencer_id=influencer_id,
    )
    return ad_request


def _propose(
    actor: Actor,
    campaign: Campaign,
    influencer_id: str,
    offer: Terms,
    *,
    origin: Origin,
    by: Party,
    chosen_by: ChosenBy,
    chosen_ref: str | None = None,
    awaits_consent: bool = False,
) -> AdRequest:
    wanted = offers.completed(campaign, offer)
    _require_none_live(campaign.id, influencer_id)
    ad_request = AdRequest(
        campaign_id=campaign.id,
        sponsor_id=campaign.sponsor_id,
        influencer_id=influencer_id,
        origin=origin,
        chosen_by=chosen_by,
        chosen_ref=chosen_ref,
        started_by=actor.label,
        status=AdRequestStatus.PROPOSED,
        awaits_consent=awaits_consent,
        currency=campaign.currency,
        answer_by=offers.answer_by(),
        deliverables=[],
    )
    db.session.add(ad_request)
    try:
        db.session.flush()
    except IntegrityError as error:
        # Two at the same moment: the partial unique index lets one through.
        raise AlreadyLive("Nothing was changed; load the list of ad requests.") from error
    set_committed_value(ad_request, "offers", [])
    set_committed_value(ad_request, "campaign", campaign)
    made = offers.add(actor, ad_request, campaign, by, wanted)
    ad_request.current_offer_id = made.id
    refresh(ad_request)
    waits_for = answerer(ad_request)
    assert waits_for is not None
    tell(
        AdRequestProposed,
        ad_request,
        actor,
        origin=origin.value,
        offer_id=made.id,
        waits_for=waits_for.value,
    )
    return ad_request


def _require_none_live(campaign_id: str, influencer_id: str) -> None:
    live = db.session.scalar(
        select(AdRequest.id).where(
            AdRequest.campaign_id == campaign_id,
            AdRequest.influencer_id == influencer_id,
            AdRequest.status.in_(LIVE),
        )
    )
    if live is not None:
        raise AlreadyLive(
            "Go on with that one: counter, accept or withdraw. Nothing was changed.",
            ad_request_id=live,
        )
