"""Dashboards of the sponsor: made, changed, copied, deleted and shared."""

from __future__ import annotations

from typing import Any

from app.ad_requests.shapes import WRITERS
from app.api.blueprint import check_if_match, commits, commits_itself
from app.api.limits import by_actor
from app.api.security import access, current_actor
from app.api.shared.dashboards import PATH, answer, register
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.transaction import unit_of_work
from app.reporting import dashboard_points, dashboard_previews, dashboard_shares, dashboards
from app.reporting.dashboard_figures import figures
from app.reporting.dashboard_inputs import (
    DashboardCopy,
    DashboardCreate,
    DashboardUpdate,
    FieldsQuery,
    FiguresQuery,
    PointFiguresQuery,
    ShareCreate,
)
from app.reporting.dashboard_schemas import (
    DashboardFields,
    DashboardRead,
    FiguresRead,
    PointRead,
    ShareList,
    ShareMadeRead,
)

SHARES = f"{PATH}/shares"
_reads = access(Role.SPONSOR, own="sponsor")
_writes = access(Role.SPONSOR, own="sponsor", members=WRITERS)

register(bp, Role.SPONSOR)


@bp.route("/dashboard-fields", methods=["GET"])
@_reads
@bp.arguments(FieldsQuery, location="query")
@bp.response(200, DashboardFields)
def list_dashboard_fields(query: dict[str, Any]) -> Any:
    """The fields that a dashboard can show, and the values that its filters can keep."""
    return dashboard_previews.fields(current_actor(), **query)


@bp.route("/dashboard-figures", methods=["GET"])
@_reads
@bp.arguments(FiguresQuery, location="query")
@bp.response(200, FiguresRead)
def preview_figures(query: dict[str, Any]) -> Any:
    """What a panel with these fields would show."""
    dimensions, measures = query.pop("dimension"), query.pop("measure")
    dashboards.require_fields(dimensions, measures, list(query["filters"]))
    scope = dashboard_previews.scope(current_actor(), **query)
    return figures(scope, dimensions, measures)


@bp.route("/dashboard-points", methods=["GET"])
@_reads
@bp.arguments(PointFiguresQuery, location="query")
@bp.response(200, PointRead)
def preview_point(query: dict[str, Any]) -> Any:
    """What lies behind a point of a panel with these fields."""
    dimensions, measures, keys = (query.pop(name) for name in ("dimension", "measure", "key"))
    dashboards.require_fields(dimensions, measures, list(query["filters"]))
    scope = dashboard_previews.scope(current_actor(), **query)
    return dashboard_points.behind(dashboard_points.narrowed(scope, dimensions, keys))


@bp.route("/dashboards", methods=["POST"])
@_writes
@commits
@bp.arguments(DashboardCreate)
@bp.response(201, DashboardRead)
def create_dashboard(values: dict[str, Any]) -> Any:
    """Keep a dashboard of a campaign, or of all."""
    made = dashboards.create(current_actor(), **values)
    return answer(made, 201, Location=f"/api/v1/sponsor/dashboards/{made.id}")


@bp.route(PATH, methods=["PATCH"])
@_writes
@commits
@bp.arguments(DashboardUpdate)
@bp.response(200, DashboardRead)
def update_dashboard(values: dict[str, Any], dashboard_id: str) -> Any:
    """Change name, period or panels of a dashboard."""
    actor = current_actor()
    dashboard = dashboards.get_for(actor, dashboard_id, lock=True)
    check_if_match(dashboard)
    return answer(dashboards.change(actor, dashboard, **values))


@bp.route(PATH, methods=["DELETE"])
@_writes
@commits
@bp.response(204)
def delete_dashboard(dashboard_id: str) -> None:
    """Delete a dashboard; its links lead nowhere from then on."""
    actor = current_actor()
    dashboard = dashboards.get_for(actor, dashboard_id, lock=True)
    check_if_match(dashboard)
    dashboards.delete_for(actor, dashboard)


@bp.route(f"{PATH}/duplicate", methods=["POST"])
@_writes
@commits
@bp.arguments(DashboardCopy)
@bp.response(201, DashboardRead)
def duplicate_dashboard(values: dict[str, Any], dashboard_id: str) -> Any:
    """Copy a dashboard under another name; its links are not copied."""
    made = dashboards.duplicate(current_actor(), dashboard_id=dashboard_id, **values)
    return answer(made, 201, Location=f"/api/v1/sponsor/dashboards/{made.id}")


@bp.route(SHARES, methods=["GET"])
@_reads
@bp.response(200, ShareList)
def list_dashboard_shares(dashboard_id: str) -> Any:
    """The links by which anyone may read a dashboard."""
    return {"items": dashboard_shares.shares_of(current_actor(), dashboard_id=dashboard_id)}


# Opens its unit itself: the address is in the answer, and answers of `commits` may be kept.
@bp.route(SHARES, methods=["POST"])
@_writes
@limiter.limit("30 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(ShareCreate)
@bp.response(201, ShareMadeRead)
def share_dashboard(values: dict[str, Any], dashboard_id: str) -> Any:
    """Make a link by which anyone may read a dashboard. Its address is shown this one time."""
    actor = current_actor()
    row, url = unit_of_work(
        lambda: dashboard_shares.share(actor, dashboard_id=dashboard_id, **values)
    )
    made = {
        **{key: getattr(row, key) for key in ("id", "name", "created_at", "expires_at")},
        "url": url,
    }
    return made, 201, {"Cache-Control": "no-store"}


@bp.route(f"{SHARES}/<string:share_id>", methods=["DELETE"])
@_writes
@commits
@bp.response(204)
def revoke_dashboard_share(dashboard_id: str, share_id: str) -> None:
    """End a link at once."""
    dashboard_shares.revoke(current_actor(), dashboard_id=dashboard_id, share_id=share_id)
