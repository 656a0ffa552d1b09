"""The admin's first page."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.security import access, current_actor
from app.core.actor import Role
from app.reporting import admin_summary
from app.reporting.summary_schemas import AdminSummaryRead


@bp.route("/summary", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, AdminSummaryRead)
def read_summary() -> dict[str, Any]:
    """Is anything wrong, and how much of everything is there?"""
    return admin_summary.summary(current_actor())
