"""The report of a campaign: for its sponsor, for admins, and an influencer's own part."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.blueprint import Blueprint
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.reporting import campaign_reports, report_files
from app.reporting.report_schemas import CampaignReportRead

PATH = "/campaigns/<string:campaign_id>/report"


def register(bp: Blueprint, role: Role) -> None:
    """Put the report, and its files, on the surface of `role`."""
    reads = access(role, own="party" if role is Role.INFLUENCER else "sponsor")

    @bp.route(PATH, methods=["GET"])
    @reads
    @bp.response(200, CampaignReportRead)
    def read_campaign_report(campaign_id: str) -> Any:
        """What a campaign brought: by phase, influencer, way of choosing and day."""
        return campaign_reports.report(current_actor(), campaign_id=campaign_id)

    @bp.route(f"{PATH}.csv", methods=["GET"])
    @reads
    @limiter.limit(EXPORTS, key_func=by_actor)
    @bp.response(200, {"type": "string"}, content_type="text/csv")
    def export_campaign_report(campaign_id: str) -> Response:
        """The same as CSV: one line for each phase, influencer, way of choosing and day."""
        found = campaign_reports.report(current_actor(), campaign_id=campaign_id)
        return Response(
            report_files.as_csv(found),
            content_type="text/csv; charset=utf-8",
            headers=_saved_as(found, "csv"),
        )

    @bp.route(f"{PATH}.pdf", methods=["GET"])
    @limiter.limit("20 per minute")
    @reads
    @bp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def print_campaign_report(campaign_id: str) -> Response:
        """The same as a PDF in the reader's language."""
        actor = current_actor()
        found = campaign_reports.report(actor, campaign_id=campaign_id)
        return Response(
            report_files.as_pdf(found, actor),
            content_type="application/pdf",
            headers=_saved_as(found, "pdf"),
        )


def _saved_as(found: dict[str, Any], ending: str) -> dict[str, str]:
    name = report_files.file_name(found, ending)
    return {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
