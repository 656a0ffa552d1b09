"""What an actor may do with a campaign now: the names that its document carries as `actions`."""

from __future__ import annotations

from app.campaigns.errors import CampaignClosed
from app.campaigns.lifecycle import CAMPAIGN, ENDINGS, OVER, Approval, CampaignEvent, CampaignStatus
from app.campaigns.lookups import require_open_for_proposals
from app.campaigns.models import Campaign
from app.core.actor import Actor, MemberRole, Role, UserStatus

WRITERS = (MemberRole.OWNER, MemberRole.MANAGER)


def actions(actor: Actor, campaign: Campaign) -> list[str]:
    """The acts that state and role allow, in the order in which a page shows them.

    An act may still be refused for what it needs besides: a complete brief, say.
    """
    if actor.status is not UserStatus.ACTIVE:
        return []
    if actor.role is Role.INFLUENCER:
        return ["apply"] if takes_proposals(campaign) else []
    if actor.is_admin:
        return [*_decisions(campaign), *_acts(actor, campaign)]
    if actor.role is Role.SPONSOR and actor.member_role in WRITERS:
        return _acts(actor, campaign)
    return []


def takes_proposals(campaign: Campaign) -> bool:
    """Whether the campaign takes new proposals now."""
    try:
        require_open_for_proposals(campaign)
    except CampaignClosed:
        return False
    return True


def _decisions(campaign: Campaign) -> list[str]:
    return ["approve", "return"] if campaign.approval is Approval.WAITING else []


def _acts(actor: Actor, campaign: Campaign) -> list[str]:
    found = [
        event.value
        for event in CAMPAIGN.events(campaign.status)
        if not (event in ENDINGS and campaign.open_agreements)
        and not (event is CampaignEvent.PUBLISH and _waits_for_others(actor, campaign))
    ]
    if takes_proposals(campaign):
        found.append("assign" if actor.is_admin else "invite")
    if campaign.status not in OVER:
        found.append("edit")
    found.append("duplicate")
    if campaign.status is CampaignStatus.DRAFT:
        found.append("delete")
    return found


def _waits_for_others(actor: Actor, campaign: Campaign) -> bool:
    return campaign.approval is Approval.WAITING and not actor.is_admin
