"""The influencer's first page."""

from __future__ import annotations

from typing import Any

from app.api.influencer.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.core.actor import Role
from app.reporting import home
from app.reporting.summary_schemas import InfluencerSummaryRead


@bp.route("/summary", methods=["GET"])
@access(Role.INFLUENCER, own="influencer", pending=True)
@bp.response(200, InfluencerSummaryRead)
def read_summary() -> dict[str, Any]:
    """Earnings with their dates, what waits, and the first steps."""
    return home.influencer_summary(current_actor())
