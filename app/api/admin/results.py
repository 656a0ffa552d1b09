"""What all campaigns brought, and what is wrong with links, domains and shops."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.core.actor import Role
from app.reporting import platform_results
from app.reporting.result_schemas import PeriodQuery, PlatformResultsRead


@bp.route("/results", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(PeriodQuery, location="query")
@bp.response(200, PlatformResultsRead)
def read_results(query: dict[str, Any]) -> Any:
    """Figures of a period over all sponsors, the best campaigns, and the health of the moment."""
    return platform_results.read(current_actor(), **query)
