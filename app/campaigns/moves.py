"""Moving a campaign along its lifecycle, through approval, and under the effects of flags.

Every function takes a campaign got with `get_for(lock=True)`, records the move in the audit trail
and tells others by an event.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.audit.service import record
from app.campaigns.errors import AwaitingApproval, CampaignIncomplete, OpenAgreements
from app.campaigns.events import (
    CampaignArchived,
    CampaignCompleted,
    CampaignEffectsChanged,
    CampaignPaused,
    CampaignPublished,
    CampaignResumed,
    CampaignReturned,
    CampaignSubmitted,
)
from app.campaigns.lifecycle import (
    APPROVAL,
    CAMPAIGN,
    Approval,
    ApprovalEvent,
    CampaignEvent,
)
from app.campaigns.lookups import get_for, is_over
from app.campaigns.models import Campaign
from app.campaigns.queries import DIRECTORY
from app.core import bulk
from app.core.actor import Actor
from app.core.caching import invalidate
from app.core.clock import now
from app.core.events import publish as tell
from app.core.extensions import db
from app.core.options import Option

NEED_APPROVAL = Option(
    "campaigns_need_approval",
    False,
    "An admin approves each campaign before it is published.",
)


def publish(actor: Actor, campaign: Campaign) -> Campaign:
    """Publish a draft, or hand it to the admins where they approve campaigns first.

    An admin's own publication needs no further approval. Raises CampaignIncomplete,
    AwaitingApproval, RefusedTransition.
    """
    CAMPAIGN.target(campaign.status, CampaignEvent.PUBLISH)
    _require_complete(campaign)
    if actor.is_admin:
        if campaign.approval is Approval.WAITING:
            return approve(actor, campaign)
    elif NEED_APPROVAL.get():
        return _submit(actor, campaign)
    if campaign.approval in (Approval.WAITING, Approval.RETURNED):
        APPROVAL.move(campaign, actor, ApprovalEvent.WAIVE, approval_reason=None)
    return _publish(actor, campaign)


def approve(actor: Actor, campaign: Campaign, reason: str = "") -> Campaign:
    """Approve a waiting campaign, which publishes it.

    Raises RefusedTransition, CampaignIncomplete.
    """
    APPROVAL.target(campaign.approval, ApprovalEvent.APPROVE)
    _require_complete(campaign)
    APPROVAL.move(
        campaign, actor, ApprovalEvent.APPROVE, note=reason or None, approval_reason=reason or None
    )
    _record(actor, campaign, "campaign.approved")
    return _publish(actor, campaign)


def send_back(actor: Actor, campaign: Campaign, reason: str = "") -> Campaign:
    """Return a waiting campaign to its sponsor with a reason. Raises RefusedTransition."""
    APPROVAL.move(
        campaign, actor, ApprovalEvent.RETURN, note=reason or None, approval_reason=reason or None
    )
    _record(actor, campaign, "campaign.returned")
    tell(CampaignReturned(campaign.id, reason))
    return campaign


def decide_many(
    actor: Actor, campaign_ids: Sequence[str], *, decision: str, reason: str = ""
) -> list[dict[str, Any]]:
    """Approve or return each of the campaigns; one result for each."""
    decide = approve if decision == "approve" else send_back

    def act(campaign_id: str) -> str:
        return decide(actor, get_for(actor, campaign_id, lock=True), reason).status.value

    return bulk.each(campaign_ids, act)


def pause(actor: Actor, campaign: Campaign) -> Campaign:
    """Stop new proposals. Raises RefusedTransition."""
    _move(actor, campaign, CampaignEvent.PAUSE)
    tell(CampaignPaused(campaign.id))
    return campaign


def resume(actor: Actor, campaign: Campaign) -> Campaign:
    """Take proposals again. Raises RefusedTransition, CampaignIncomplete after the last day."""
    CAMPAIGN.target(campaign.status, CampaignEvent.RESUME)
    _require_complete(campaign)
    _move(actor, campaign, CampaignEvent.RESUME)
    tell(CampaignResumed(campaign.id))
    return campaign


def complete(actor: Actor, campaign: Campaign) -> Campaign:
    """End a campaign; its open proposals end with it. Raises OpenAgreements, RefusedTransition."""
    _end(actor, campaign, CampaignEvent.COMPLETE)
    tell(CampaignCompleted(campaign.id))
    return campaign


def archive(actor: Actor, campaign: Campaign) -> Campaign:
    """Put a campaign away; its open proposals end. Raises OpenAgreements, RefusedTransition."""
    _end(actor, campaign, CampaignEvent.ARCHIVE)
    tell(CampaignArchived(campaign.id))
    return campaign


def set_effects(
    actor: Actor,
    *,
    campaign_id: str,
    hidden: bool,
    suspended: bool,
    flagged: bool | None = None,
) -> Campaign:
    """Put the effects of a campaign's open flags into force.

    A hidden campaign leaves the directory; a suspended one takes no proposals either. `flagged`
    says whether a flag is open at all (left out: when it has an effect). Raises NotFound.
    """
    campaign = get_for(actor, campaign_id, lock=True)
    campaign.hidden = hidden
    campaign.suspended = suspended
    campaign.flagged = hidden or suspended if flagged is None else flagged
    campaign.touch()
    db.session.flush()
    _record(
        actor,
        campaign,
        "campaign.effects",
        hidden=hidden,
        suspended=suspended,
        flagged=campaign.flagged,
    )
    tell(CampaignEffectsChanged(campaign.id, hidden, suspended))
    invalidate(DIRECTORY)
    return campaign


def _submit(actor: Actor, campaign: Campaign) -> Campaign:
    if campaign.approval is Approval.WAITING:
        raise AwaitingApproval("You will be told when an admin has decided.", state="draft")
    APPROVAL.move(campaign, actor, ApprovalEvent.SUBMIT, submitted_at=now(), approval_reason=None)
    _record(actor, campaign, "campaign.submitted")
    tell(CampaignSubmitted(campaign.id))
    return campaign


def _publish(actor: Actor, campaign: Campaign) -> Campaign:
    _move(actor, campaign, CampaignEvent.PUBLISH, published_at=now())
    tell(CampaignPublished(campaign.id))
    return campaign


def _end(actor: Actor, campaign: Campaign, event: CampaignEvent) -> None:
    CAMPAIGN.target(campaign.status, event)
    # The row is locked, and an agreement opens only where the campaign is not over: of an
    # acceptance and an ending at the same moment, one is refused.
    if campaign.open_agreements:
        raise OpenAgreements(
            f"{campaign.open_agreements} of its agreements are active. Wait until they are "
            "completed, or cancel them; nothing was changed.",
            state=campaign.status.value,
            open_agreements=campaign.open_agreements,
        )
    _move(actor, campaign, event, ended_at=campaign.ended_at or now())


def _move(actor: Actor, campaign: Campaign, event: CampaignEvent, **columns: Any) -> None:
    CAMPAIGN.move(campaign, actor, event, **columns)
    _record(actor, campaign, f"campaign.{event.value}")
    invalidate(DIRECTORY)


def _require_complete(campaign: Campaign) -> None:
    missing: dict[str, list[str]] = {}
    if not campaign.description:
        missing["description"] = ["Describe the campaign."]
    if is_over(campaign):
        missing["ends_on"] = ["This day has passed; choose a later end."]
    if missing:
        raise CampaignIncomplete(
            "Nothing was changed. Complete the brief, then repeat.", errors=missing
        )


def _record(actor: Actor, campaign: Campaign, action: str, **data: Any) -> None:
    record(actor, action, subject_type="campaign", subject_id=campaign.id, **data)
