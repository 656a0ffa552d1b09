"""Dashboards that were shared by a link, for whoever has it."""

from __future__ import annotations

from typing import Any

from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.api.shared.dashboards import figures_of
from app.reporting import dashboard_shares, dashboards
from app.reporting.dashboard_schemas import FiguresRead, SharedDashboardRead

PATH = "/public/dashboards/<string:token>"
_NOT_KEPT = {"Cache-Control": "no-store"}


@bp.route(PATH, methods=["GET"])
@access()
@bp.response(200, SharedDashboardRead)
def read_shared_dashboard(token: str) -> Any:
    """A dashboard that was shared by a link, to be read."""
    return dashboard_shares.by_token(token).dashboard, 200, _NOT_KEPT


@bp.route(f"{PATH}/panels/<string:panel_id>/figures", methods=["GET"])
@access()
@bp.response(200, FiguresRead)
def read_shared_figures(token: str, panel_id: str) -> Any:
    """What a panel of it shows, as of now."""
    dashboard = dashboard_shares.by_token(token).dashboard
    return figures_of(dashboard, dashboards.panel_of(dashboard, panel_id)), 200, _NOT_KEPT
