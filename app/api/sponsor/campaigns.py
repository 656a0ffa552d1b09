"""The sponsor's campaigns."""

from __future__ import annotations

from typing import Any

from flask import Response, stream_with_context

from app.api.security import access, current_actor
from app.api.shared.campaigns import register
from app.api.sponsor.blueprint import blueprint as bp
from app.campaigns import directory
from app.campaigns.inputs import CampaignExportQuery
from app.campaigns.models import Campaign
from app.core.actor import Role
from app.core.money import exponent
from app.core.spreadsheet import csv_lines

register(bp, Role.SPONSOR)

_COLUMNS = (
    "id",
    "title",
    "status",
    "approval",
    "visibility",
    "brand",
    "niches",
    "currency",
    "budget",
    "committed",
    "spent",
    "free",
    "starts_on",
    "ends_on",
    "open_agreements",
    "created_at",
)


@bp.route("/campaigns.csv", methods=["GET"])
@access(Role.SPONSOR, own="sponsor")
@bp.arguments(CampaignExportQuery, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_campaigns(query: dict[str, Any]) -> Response:
    """The own campaigns as CSV, oldest first, with amounts in major units."""
    rows = (_row(campaign) for campaign in directory.export(current_actor(), **query))
    response = Response(
        stream_with_context(csv_lines(_COLUMNS, rows)), content_type="text/csv; charset=utf-8"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="campaigns.csv"'
    return response


def _row(campaign: Campaign) -> list[Any]:
    scale = 10 ** exponent(campaign.currency)
    amounts = (campaign.budget, campaign.committed, campaign.spent, campaign.free)
    return [
        campaign.id,
        campaign.title,
        campaign.status.value,
        campaign.approval.value,
        campaign.visibility.value,
        campaign.brand.name if campaign.brand else "",
        ", ".join(campaign.niches),
        campaign.currency,
        *(money.amount / scale if scale > 1 else money.amount for money in amounts),
        campaign.starts_on,
        campaign.ends_on,
        campaign.open_agreements,
        campaign.created_at,
    ]
