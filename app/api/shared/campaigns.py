"""Managing campaigns: the sponsor's members the sponsor's, an admin all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response

from app.api.blueprint import Blueprint, check_if_match, commits, tagged
from app.api.export import Columns, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.campaigns import directory, moves, service
from app.campaigns.actions import WRITERS
from app.campaigns.inputs import (
    AdminCampaignFilters,
    AdminCampaignQuery,
    CampaignCreate,
    CampaignUpdate,
    SponsorCampaignCreate,
    SponsorCampaignFilters,
    SponsorCampaignQuery,
)
from app.campaigns.models import Campaign
from app.campaigns.schemas import CampaignRead, CampaignSummaryPage
from app.campaigns.shown import Shown, shown_page
from app.core.actor import Actor, Role
from app.core.extensions import limiter
from app.core.spreadsheet import decimal


def register(bp: Blueprint, role: Role) -> None:
    """Put the management of campaigns on the surface of `role`."""
    _register_briefs(bp, role)
    _register_export(bp, role)
    for name, summary, act in _MOVES:
        _register_move(bp, role, name, summary, act)


def answer(campaign: Campaign) -> tuple[Shown, int, dict[str, str]]:
    """A campaign as the one who asks sees it, with its ETag."""
    return Shown(campaign, current_actor()), 200, tagged(campaign)


def _register_briefs(bp: Blueprint, role: Role) -> None:
    is_admin = role is Role.ADMIN
    reads = access(role, own="sponsor")
    writes = access(role, own="sponsor", members=WRITERS)

    @bp.route("/campaigns", methods=["GET"])
    @reads
    @bp.arguments(AdminCampaignQuery if is_admin else SponsorCampaignQuery, location="query")
    @bp.response(200, CampaignSummaryPage)
    def list_campaigns(query: dict[str, Any]) -> Any:
        """List campaigns, the newest first."""
        return shown_page(directory.managed(current_actor(), **query), current_actor())

    @bp.route("/campaigns", methods=["POST"])
    @writes
    @commits
    @bp.arguments(SponsorCampaignCreate if is_admin else CampaignCreate)
    @bp.response(201, CampaignRead)
    def create_campaign(values: dict[str, Any]) -> Any:
        """Write a campaign; it starts as a draft."""
        return _created(role, service.create(current_actor(), **values))

    @bp.route("/campaigns/<string:campaign_id>", methods=["GET"])
    @reads
    @bp.response(200, CampaignRead)
    def read_campaign(campaign_id: str) -> Any:
        """One campaign with everything."""
        return answer(service.get_for(current_actor(), campaign_id))

    @bp.route("/campaigns/<string:campaign_id>", methods=["PATCH"])
    @writes
    @commits
    @bp.arguments(CampaignUpdate)
    @bp.response(200, CampaignRead)
    def edit_campaign(values: dict[str, Any], campaign_id: str) -> Any:
        """Change a brief. Accepted offers stand; applicants are told when terms change."""
        campaign = service.get_for(current_actor(), campaign_id, lock=True)
        check_if_match(campaign)
        return answer(service.edit(current_actor(), campaign, **values))

    @bp.route("/campaigns/<string:campaign_id>", methods=["DELETE"])
    @writes
    @commits
    @bp.response(204)
    def delete_campaign(campaign_id: str) -> None:
        """Delete a draft."""
        campaign = service.get_for(current_actor(), campaign_id, lock=True)
        check_if_match(campaign)
        service.delete(current_actor(), campaign)

    @bp.route("/campaigns/<string:campaign_id>/duplicate", methods=["POST"])
    @writes
    @commits
    @bp.response(201, CampaignRead)
    def duplicate_campaign(campaign_id: str) -> Any:
        """Start a new draft from a campaign's brief."""
        campaign = service.get_for(current_actor(), campaign_id)
        return _created(role, service.duplicate(current_actor(), campaign))


def _amount(name: str) -> Callable[[Campaign], Any]:
    return lambda campaign: decimal(getattr(campaign, name).amount, campaign.currency)


_COLUMNS: Columns = {
    "id": at("id"),
    "title": at("title"),
    "status": at("status"),
    "approval": at("approval"),
    "visibility": at("visibility"),
    "sponsor": at("sponsor", "name"),
    "sponsor_id": at("sponsor_id"),
    "brand": at("brand", "name"),
    "niches": at("niches"),
    "currency": at("currency"),
    "budget": _amount("budget"),
    "committed": _amount("committed"),
    "spent": _amount("spent"),
    "free": _amount("free"),
    "starts_on": at("starts_on"),
    "ends_on": at("ends_on"),
    "open_agreements": at("open_agreements"),
    "flagged": at("flagged"),
    "created_at": at("created_at"),
}


def _register_export(bp: Blueprint, role: Role) -> None:
    filters = AdminCampaignFilters if role is Role.ADMIN else SponsorCampaignFilters

    @bp.route("/campaigns.csv", methods=["GET"])
    @access(role, own="sponsor")
    @limiter.limit(EXPORTS, key_func=by_actor)
    @bp.arguments(filters, location="query")
    @bp.response(200, {"type": "string"}, content_type="text/csv")
    def export_campaigns(query: dict[str, Any]) -> Response:
        """The same campaigns as CSV, the oldest first; amounts in units of their currency."""
        actor = current_actor()
        return csv_file("campaigns", _COLUMNS, lambda page: directory.managed(actor, page, **query))


_MOVES: tuple[tuple[str, str, Callable[[Actor, Campaign], Campaign]], ...] = (
    (
        "publish",
        "Publish a draft, or hand it to the admins where they approve first.",
        moves.publish,
    ),
    ("pause", "Stop new proposals.", moves.pause),
    ("resume", "Take proposals again.", moves.resume),
    ("complete", "End a campaign and its open proposals.", moves.complete),
    ("archive", "Put a campaign away and end its open proposals.", moves.archive),
)


def _register_move(
    bp: Blueprint,
    role: Role,
    name: str,
    summary: str,
    act: Callable[[Actor, Campaign], Campaign],
) -> None:
    def move_campaign(campaign_id: str) -> Any:
        campaign = service.get_for(current_actor(), campaign_id, lock=True)
        check_if_match(campaign)
        return answer(act(current_actor(), campaign))

    move_campaign.__name__ = f"{name}_campaign"
    move_campaign.__doc__ = summary
    view = bp.response(200, CampaignRead)(move_campaign)
    view = access(role, own="sponsor", members=WRITERS)(commits(view))
    bp.route(f"/campaigns/<string:campaign_id>/{name}", methods=["POST"])(view)


def _created(role: Role, campaign: Campaign) -> Any:
    shown = Shown(campaign, current_actor())
    location = f"/api/v1/{role.value}/campaigns/{campaign.id}"
    return shown, 201, {"Location": location, **tagged(campaign)}
