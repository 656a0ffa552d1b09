"""Flags of users and campaigns, and the decisions on them."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.admin.blueprint import blueprint as bp
from app.api.blueprint import check_if_match, commits, tagged
from app.api.export import Columns, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.paging import Page, PageRequest, paginate
from app.moderation import documents, queries, service
from app.moderation.models import Flag
from app.moderation.schemas import (
    FlagCreate,
    FlagDecisionInput,
    FlagFilters,
    FlagPage,
    FlagQuery,
    FlagRead,
    LiftedFlags,
    UnflagInput,
)
from app.moderation.terms import SubjectType


@bp.route("/users/<string:user_id>/flag", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(FlagCreate)
@bp.response(201, FlagRead)
def flag_user(values: dict[str, Any], user_id: str) -> Any:
    """Flag a user; the effect holds from the next request on."""
    return _flag(SubjectType.USER, user_id, values)


@bp.route("/users/<string:user_id>/unflag", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UnflagInput)
@bp.response(200, LiftedFlags)
def unflag_user(values: dict[str, Any], user_id: str) -> dict[str, Any]:
    """Lift a user's flags."""
    return _unflag(SubjectType.USER, user_id, values)


@bp.route("/campaigns/<string:campaign_id>/flag", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(FlagCreate)
@bp.response(201, FlagRead)
def flag_campaign(values: dict[str, Any], campaign_id: str) -> Any:
    """Flag a campaign; the effect holds from the next request on."""
    return _flag(SubjectType.CAMPAIGN, campaign_id, values)


@bp.route("/campaigns/<string:campaign_id>/unflag", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UnflagInput)
@bp.response(200, LiftedFlags)
def unflag_campaign(values: dict[str, Any], campaign_id: str) -> dict[str, Any]:
    """Lift a campaign's flags."""
    return _unflag(SubjectType.CAMPAIGN, campaign_id, values)


@bp.route("/flags", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(FlagQuery, location="query")
@bp.response(200, FlagPage)
def list_flags(filters: dict[str, Any]) -> Page[dict[str, Any]]:
    """Flags with their evidence, appeals and decisions."""
    return _page(filters.pop("page"), **filters)


_COLUMNS: Columns = {
    "id": at("id"),
    "subject_type": at("subject", "type"),
    "subject": at("subject", "name"),
    "subject_id": at("subject", "id"),
    **{name: at(name) for name in ("effect", "severity", "status", "reason", "rule")},
    "raised_by": at("raised_by_name"),
    "raised_by_id": at("raised_by"),
    "created_at": at("created_at"),
    "appeal_by": at("appeal_by"),
    "appealed_at": at("appeal", "created_at"),
    "appeal": at("appeal", "text"),
    **{name: at(name) for name in ("decided_by", "decided_at", "decision_reason")},
}


@bp.route("/flags.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(FlagFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_flags(filters: dict[str, Any]) -> Response:
    """The same flags as CSV, the oldest first."""
    return csv_file("flags", _COLUMNS, lambda page: _page(page, **filters))


@bp.route("/flags/<string:flag_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, FlagRead)
def read_flag(flag_id: str) -> Any:
    """One flag."""
    flag = service.get(flag_id)
    return documents.flag(flag), 200, tagged(flag)


@bp.route("/flags/<string:flag_id>/decide", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(FlagDecisionInput)
@bp.response(200, FlagRead)
def decide_flag(values: dict[str, Any], flag_id: str) -> Any:
    """Uphold or lift a flag; of an appeal, by another admin than who raised it."""
    check_if_match(service.get(flag_id))
    flag = service.decide(
        current_actor(),
        flag_id=flag_id,
        uphold=values["decision"] == "uphold",
        reason=values["reason"],
    )
    return documents.flag(flag), 200, tagged(flag)


def _page(request: PageRequest, **filters: Any) -> Page[dict[str, Any]]:
    page = paginate(
        queries.flags(**filters),
        request,
        sorts={"created_at": Flag.created_at},
        default="-created_at",
        id_column=Flag.id,
    )
    return Page(documents.flags(page.items), page.next)


def _flag(subject_type: SubjectType, subject_id: str, values: dict[str, Any]) -> Any:
    flag = service.flag(
        current_actor(),
        subject_type=subject_type,
        subject_id=subject_id,
        **values | {"reason": values["reason"] or ""},
    )
    return (
        documents.flag(flag),
        201,
        {"Location": f"/api/v1/admin/flags/{flag.id}", **tagged(flag)},
    )


def _unflag(subject_type: SubjectType, subject_id: str, values: dict[str, Any]) -> dict[str, Any]:
    lifted = service.unflag(
        current_actor(), subject_type=subject_type, subject_id=subject_id, **values
    )
    return {"items": documents.flags(lifted)}
