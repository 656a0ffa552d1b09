"""Open campaigns, for anyone."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import tagged
from app.api.public.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.open_campaigns import cached_page
from app.campaigns import service
from app.campaigns.inputs import OpenCampaignQuery
from app.campaigns.schemas import OpenCampaignPage, OpenCampaignRead
from app.campaigns.shown import Shown
from app.core.actor import ANONYMOUS


@bp.route("/public/campaigns", methods=["GET"])
@access()
@bp.arguments(OpenCampaignQuery, location="query")
@bp.response(200, OpenCampaignPage)
def list_open_campaigns(query: dict[str, Any]) -> Any:
    """Search the campaigns that are published and public."""
    return cached_page(OpenCampaignPage, current_actor(), query)


@bp.route("/public/campaigns/<string:campaign_id>", methods=["GET"])
@access()
@bp.response(200, OpenCampaignRead)
def read_open_campaign(campaign_id: str) -> Any:
    """One campaign that is published and public."""
    campaign = service.get_for(ANONYMOUS, campaign_id)
    return Shown(campaign, current_actor()), 200, tagged(campaign)
