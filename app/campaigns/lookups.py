"""Getting a campaign: the row that the actor may see, or NotFound."""

from __future__ import annotations

from sqlalchemy import Select, select

from app.campaigns import queries
from app.campaigns.errors import CampaignClosed
from app.campaigns.lifecycle import CampaignStatus
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.clock import end_of_day, now
from app.core.errors import NotFound
from app.core.extensions import db
from app.identity.models import Influencer
from app.identity.queries import influencers


def get_for(
    actor: Actor, campaign_id: str, *, lock: bool = False, allow_private: bool = False
) -> Campaign:
    """A campaign that the actor may see, with all that its document shows.

    An admin sees any, a sponsor's member the sponsor's, everyone else what is public and
    published. `allow_private` shows an influencer any: pass it after checking their ad request.
    `lock` holds the row until the unit of work ends. Raises NotFound.
    """
    conditions = queries.seen_by(actor, allow_private=allow_private)
    statement = queries.campaigns().where(Campaign.id == campaign_id, *conditions)
    return _one(_locked(statement) if lock else statement)


def lock(campaign_id: str) -> Campaign:
    """The bare row of a campaign, fresh and held until the unit of work ends. Raises NotFound."""
    return _one(_locked(select(Campaign).where(Campaign.id == campaign_id)))


def profile_of(actor: Actor) -> Influencer | None:
    """The influencer profile of the actor with niches and accounts; None for everyone else."""
    if actor.influencer_id is None:
        return None
    return db.session.scalar(influencers().where(Influencer.id == actor.influencer_id))


def require_open_for_proposals(campaign: Campaign) -> None:
    """Raise CampaignClosed unless the campaign takes new proposals now."""
    if campaign.status is not CampaignStatus.PUBLISHED:
        raise CampaignClosed(
            f"This campaign is {campaign.status.value}: it takes no new proposals.",
            state=campaign.status.value,
        )
    if campaign.suspended:
        raise CampaignClosed(
            "An admin suspended this campaign: it takes no new proposals.",
            state=campaign.status.value,
        )
    if is_over(campaign):
        raise CampaignClosed(
            f"This campaign ended on {campaign.ends_on}: it takes no new proposals.",
            state=campaign.status.value,
        )


def is_over(campaign: Campaign) -> bool:
    """Whether the campaign's last day has passed in its time zone."""
    return now() >= end_of_day(campaign.ends_on, campaign.time_zone)


def _locked(statement: Select[Campaign]) -> Select[Campaign]:
    # Pending changes go out first: the row is read anew. The lock leaves room for rows that
    # refer to the campaign, as no key of it ever changes.
    db.session.flush()
    return statement.with_for_update(of=Campaign, key_share=True).execution_options(
        populate_existing=True
    )


def _one(statement: Select[Campaign]) -> Campaign:
    campaign = db.session.scalar(statement)
    if campaign is None:
        raise NotFound
    return campaign
