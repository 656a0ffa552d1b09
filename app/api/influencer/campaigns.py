"""Opportunities: open campaigns, with how they suit the influencer."""

from __future__ import annotations

from typing import Any

from app.api.influencer.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.open_campaigns import cached_page
from app.campaigns import service
from app.campaigns.inputs import OpportunityQuery
from app.campaigns.lookups import profile_of
from app.campaigns.schemas import OpportunityPage, OpportunityRead
from app.campaigns.shown import Shown
from app.core.actor import Role


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
    """One open campaign, with how it suits the own profile."""
    actor = current_actor()
    return Shown(service.get_for(actor, campaign_id), actor, profile_of(actor))
