"""The flags on one's own account and campaigns, and the appeals against them."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import SIGNED_IN, access, current_actor
from app.core.paging import paginate
from app.core.schemas import PageQuery
from app.moderation import documents, queries, service
from app.moderation.models import Flag
from app.moderation.schemas import AppealCreate, AppealRead, OwnFlagPage


@bp.route("/account/flags", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.arguments(PageQuery, location="query")
@bp.response(200, OwnFlagPage)
def list_own_flags(filters: dict[str, Any]) -> dict[str, Any]:
    """The flags on the own account and on campaigns of the own sponsor."""
    page = paginate(
        queries.flags_of(current_actor()),
        filters["page"],
        sorts={"created_at": Flag.created_at},
        default="-created_at",
        id_column=Flag.id,
    )
    return {"items": documents.flags(page.items), "next": page.next}


@bp.route("/account/appeals", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.arguments(AppealCreate)
@bp.response(201, AppealRead)
def create_appeal(values: dict[str, Any]) -> Any:
    """Appeal against a flag, once; another admin decides."""
    appeal = service.appeal(current_actor(), **values)
    return appeal, 201, {"Location": "/api/v1/account/flags"}
