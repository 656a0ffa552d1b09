"""Opportunities: open campaigns, with how they suit the influencer."""

from __future__ import annotations

from typing import Any

from app.ad_requests import listing
from app.ad_requests.lifecycle import LIVE, AdRequestStatus
from app.ad_requests.listing import Filters
from app.api.influencer.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.open_campaigns import cached_page
from app.campaigns import service
from app.campaigns.inputs import OpportunityQuery
from app.campaigns.lookups import profile_of
from app.campaigns.schemas import OpportunityPage, OpportunityRead
from app.campaigns.shown import Shown
from app.core.actor import Actor, Role
from app.core.paging import PageRequest


@bp.route("/campaigns", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.arguments(OpportunityQuery, location="query")
@bp.response(200, OpportunityPage)
def list_campaigns(query: dict[str, Any]) -> Any:
    """Search open campaigns, with how each suits the own profile."""
    return cached_page(OpportunityPage, current_actor(), query)


@bp.route("/campaigns/<string:campaign_id>", methods=["GET"])
@access(Role.INFLUENCER, own="influencer")
@bp.response(200, OpportunityRead)
def read_campaign(campaign_id: str) -> Any:
    """One campaign that is open, or that you have an ad request with."""
    actor = current_actor()
    own = _own_ad_request(actor, campaign_id)
    campaign = service.get_for(actor, campaign_id, allow_private=own is not None)
    return Shown(campaign, actor, profile_of(actor), own)


def _own_ad_request(actor: Actor, campaign_id: str) -> dict[str, Any] | None:
    found = listing.page(actor, Filters(campaign_id=campaign_id), PageRequest(limit=1))["items"]
    if not found:
        return None
    status = found[0]["status"]
    return {"id": found[0]["id"], "status": status, "live": AdRequestStatus(status) in LIVE}
