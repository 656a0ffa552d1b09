"""Open campaigns, for anyone."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.kept import kept_answer
from app.api.public.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.api.shared.open_campaigns import cached_page
from app.campaigns import service
from app.campaigns.inputs import OpenCampaignQuery
from app.campaigns.queries import SHOWN
from app.campaigns.schemas import OpenCampaignPage, OpenCampaignRead
from app.campaigns.shown import Shown
from app.core.actor import ANONYMOUS

_CAMPAIGN = OpenCampaignRead()


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
def read_open_campaign(campaign_id: str) -> Response:
    """One campaign that is published and public."""
    actor = current_actor()

    def document() -> dict[str, Any]:
        campaign = service.get_for(ANONYMOUS, campaign_id)
        found: dict[str, Any] = _CAMPAIGN.dump(Shown(campaign, actor))
        return found

    return kept_answer(SHOWN, actor, {"campaign": campaign_id}, document)
