"""The dashboard of the demo: what all campaigns of its first sponsor brought."""

from __future__ import annotations

from typing import Any

from app.cli.demo.stories import ago
from app.core.actor import Actor
from app.core.transaction import unit_of_work
from app.reporting import dashboards
from app.reporting.dashboard_models import ChartKind

_PANELS: tuple[tuple[ChartKind, list[str], list[str], int, int], ...] = (
    (ChartKind.FIGURE, [], ["spend", "net_revenue", "roi", "cost_per_order"], 4, 1),
    (ChartKind.LINE, ["week"], ["spend", "net_revenue"], 2, 2),
    (ChartKind.STACKED, ["week", "influencer"], ["orders"], 2, 2),
    (ChartKind.SCATTER, ["influencer"], ["spend", "net_revenue"], 2, 2),
    (ChartKind.HEATMAP, ["influencer", "reason"], ["raw_clicks"], 2, 2),
    (ChartKind.TABLE, ["campaign"], ["clicks", "orders", "net_revenue", "cost_per_order"], 4, 1),
)


def make_dashboard(sponsor: Actor) -> None:
    """Keep a dashboard of all campaigns for the sponsor."""
    names = ("chart", "dimensions", "measures", "width", "height")
    panels: list[dict[str, Any]] = [
        {"title": "", "filters": {}, **dict(zip(names, panel, strict=True))} for panel in _PANELS
    ]
    with ago(days=9):
        unit_of_work(
            lambda: dashboards.create(sponsor, name="What all campaigns brought", panels=panels)
        )
