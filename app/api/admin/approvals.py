"""The queues that wait for an admin."""

from __future__ import annotations

from typing import Any

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.bulk import BulkResults
from app.moderation import approvals
from app.moderation.schemas import (
    ApprovalPage,
    ApprovalQuery,
    UserApprovalsInput,
)


@bp.route("/approvals", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(ApprovalQuery, location="query")
@bp.response(200, ApprovalPage)
def list_approvals(filters: dict[str, Any]) -> dict[str, Any]:
    """Users or campaigns that wait for approval, the longest waiting first, and all counts."""
    page = approvals.waiting(filters["kind"], filters["page"])
    return {
        "items": page.items,
        "next": page.next,
        "counts": approvals.counts(),
        "switches": approvals.switches(),
    }


@bp.route("/users/approvals", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UserApprovalsInput)
@bp.response(200, BulkResults)
def decide_users(values: dict[str, Any]) -> dict[str, Any]:
    """Approve or reject many pending users; each stands by itself."""
    results = approvals.decide_users(
        current_actor(),
        ids=values["ids"],
        approve=values["decision"] == "approve",
        reason=values["reason"],
    )
    return {"results": results}
