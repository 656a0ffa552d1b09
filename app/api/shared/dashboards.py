"""Dashboards as their sponsor and admins read them."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import Blueprint, tagged
from app.api.security import access, current_actor
from app.core.actor import Role
from app.reporting import dashboard_points, dashboards
from app.reporting.dashboard_figures import figures
from app.reporting.dashboard_inputs import AdminDashboardQuery, DashboardQuery, PointQuery
from app.reporting.dashboard_models import Dashboard, DashboardPanel
from app.reporting.dashboard_schemas import DashboardPage, DashboardRead, FiguresRead, PointRead

PATH = "/dashboards/<string:dashboard_id>"
PANEL = f"{PATH}/panels/<string:panel_id>"
Answer = tuple[Dashboard, int, dict[str, str]]


def register(bp: Blueprint, role: Role) -> None:
    """Put the reading of dashboards on the surface of `role`."""
    reads = access(role, own="sponsor")

    @bp.route("/dashboards", methods=["GET"])
    @reads
    @bp.arguments(AdminDashboardQuery if role is Role.ADMIN else DashboardQuery, location="query")
    @bp.response(200, DashboardPage)
    def list_dashboards(query: dict[str, Any]) -> Any:
        """List dashboards, the latest change first."""
        return dashboards.list_for(current_actor(), **query)

    @bp.route(PATH, methods=["GET"])
    @reads
    @bp.response(200, DashboardRead)
    def read_dashboard(dashboard_id: str) -> Any:
        """One dashboard with its panels."""
        return answer(dashboards.get_for(current_actor(), dashboard_id))

    @bp.route(f"{PANEL}/figures", methods=["GET"])
    @reads
    @bp.response(200, FiguresRead)
    def read_panel_figures(dashboard_id: str, panel_id: str) -> Any:
        """What a panel shows, as of now."""
        dashboard = dashboards.get_for(current_actor(), dashboard_id)
        return figures_of(dashboard, dashboards.panel_of(dashboard, panel_id))

    @bp.route(f"{PANEL}/point", methods=["GET"])
    @reads
    @bp.arguments(PointQuery, location="query")
    @bp.response(200, PointRead)
    def read_panel_point(query: dict[str, Any], dashboard_id: str, panel_id: str) -> Any:
        """The links, agreements and orders behind a point of a panel."""
        dashboard = dashboards.get_for(current_actor(), dashboard_id)
        panel = dashboards.panel_of(dashboard, panel_id)
        scope = dashboards.scope_of(dashboard, panel.filters)
        return dashboard_points.behind(
            dashboard_points.narrowed(scope, panel.dimensions, query["key"])
        )


def answer(dashboard: Dashboard, status: int = 200, **headers: str) -> Answer:
    """A dashboard with its ETag."""
    return dashboard, status, {**tagged(dashboard), **headers}


def figures_of(dashboard: Dashboard, panel: DashboardPanel) -> dict[str, Any]:
    """What a panel shows, as of now."""
    scope = dashboards.scope_of(dashboard, panel.filters)
    return figures(scope, panel.dimensions, panel.measures)
