"""Refusals of reporting."""

from __future__ import annotations

from app.core.errors import Conflict


class TooManyDashboards(Conflict):
    type = "too-many-dashboards"
    title = "There are too many of these already"
