"""The sponsor's first page."""

from __future__ import annotations

from typing import Any

from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role
from app.reporting import home
from app.reporting.summary_schemas import SponsorSummaryRead


@bp.route("/summary", methods=["GET"])
@access(Role.SPONSOR, own="sponsor", pending=True)
@bp.response(200, SponsorSummaryRead)
def read_summary() -> dict[str, Any]:
    """Wallet, campaigns, what waits, thirty days of spend, and the first steps."""
    return home.sponsor_summary(current_actor())
