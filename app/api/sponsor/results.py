"""What the sponsor's campaigns brought, side by side."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role
from app.core.extensions import limiter
from app.reporting import results
from app.reporting.result_schemas import ResultsQuery, ResultsRead

_reads = access(Role.SPONSOR, own="sponsor")


@bp.route("/results", methods=["GET"])
@_reads
@bp.arguments(ResultsQuery, location="query")
@bp.response(200, ResultsRead)
def read_results(query: dict[str, Any]) -> Any:
    """What each campaign brought in a period, the sums of each currency, and its days."""
    return results.of_sponsor(current_actor(), **query)


@bp.route("/results.csv", methods=["GET"])
@_reads
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(ResultsQuery, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_results(query: dict[str, Any]) -> Response:
    """The same as CSV: one line for each campaign and for each currency."""
    found = results.of_sponsor(current_actor(), **query, most=None)
    name = f"results-{found['since']}-{found['until']}.csv"
    return Response(
        results.as_csv(found),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
        },
    )
