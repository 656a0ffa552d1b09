"""Campaigns of all sponsors, and the queue of those that wait for approval."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits
from app.api.security import access, current_actor
from app.api.shared.campaigns import answer, register
from app.campaigns import moves, service
from app.campaigns.inputs import CampaignApprovals, CampaignDecision
from app.campaigns.schemas import CampaignRead
from app.core.actor import Role
from app.core.bulk import BulkResults

register(bp, Role.ADMIN)


@bp.route("/campaigns/<string:campaign_id>/approve", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(CampaignDecision)
@bp.response(200, CampaignRead)
def approve_campaign(values: dict[str, Any], campaign_id: str) -> Any:
    """Approve a waiting campaign, which publishes it."""
    campaign = service.get_for(current_actor(), campaign_id, lock=True)
    check_if_match(campaign)
    return answer(moves.approve(current_actor(), campaign, **values))


@bp.route("/campaigns/<string:campaign_id>/return", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(CampaignDecision)
@bp.response(200, CampaignRead)
def return_campaign(values: dict[str, Any], campaign_id: str) -> Any:
    """Return a waiting campaign to its sponsor, who may change it and submit it again."""
    campaign = service.get_for(current_actor(), campaign_id, lock=True)
    check_if_match(campaign)
    return answer(moves.send_back(current_actor(), campaign, **values))


@bp.route("/campaigns/approvals", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(CampaignApprovals)
@bp.response(200, BulkResults)
def decide_campaigns(values: dict[str, Any]) -> Any:
    """Approve or return many waiting campaigns; one that cannot be decided holds up no other."""
    results = moves.decide_many(
        current_actor(), values["ids"], decision=values["decision"], reason=values["reason"]
    )
    return {"results": results}
