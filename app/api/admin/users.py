"""All users, one user with everything on it, and decisions on accounts."""

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
from app.core.paging import Page
from app.identity import service as identity
from app.moderation import approvals, closing
from app.moderation.schemas import UserDecisionInput
from app.reporting import people
from app.reporting.schemas import UserAdminPage, UserAdminRead, UserFilters, UserQuery


@bp.route("/users", methods=["GET"])
@access(Role.ADMIN)
@bp.arguments(UserQuery, location="query")
@bp.response(200, UserAdminPage)
def list_users(filters: dict[str, Any]) -> Page[dict[str, Any]]:
    """Users, the latest first."""
    return people.users(filters.pop("page"), **filters)


_COLUMNS: Columns = {
    **{
        name: at(name)
        for name in (
            "id",
            "name",
            "email",
            "email_verified",
            "role",
            "status",
            "status_reason",
            "hidden",
            "money_on_hold",
            "flags_in_force",
        )
    },
    "second_factor": at("totp_enabled"),
    "profile": at("profile", "name"),
    "profile_id": at("profile", "id"),
    "created_at": at("created_at"),
    "last_seen_at": at("last_seen_at"),
}


@bp.route("/users.csv", methods=["GET"])
@access(Role.ADMIN)
@limiter.limit(EXPORTS, key_func=by_actor)
@bp.arguments(UserFilters, location="query")
@bp.response(200, {"type": "string"}, content_type="text/csv")
def export_users(filters: dict[str, Any]) -> Response:
    """The same users as CSV, the oldest first."""
    return csv_file("users", _COLUMNS, lambda page: people.users(page, **filters))


@bp.route("/users/<string:user_id>", methods=["GET"])
@access(Role.ADMIN)
@bp.response(200, UserAdminRead)
def read_user(user_id: str) -> Any:
    """One user with profile, flags, history and what hangs on the account."""
    return _answer(user_id)


@bp.route("/users/<string:user_id>/approve", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UserDecisionInput)
@bp.response(200, UserAdminRead)
def approve_user(values: dict[str, Any], user_id: str) -> Any:
    """Approve a pending user, who may act from the next request on."""
    check_if_match(identity.get_user(user_id))
    approvals.decide_user(current_actor(), user_id=user_id, approve=True, **values)
    return _answer(user_id)


@bp.route("/users/<string:user_id>/reject", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UserDecisionInput)
@bp.response(200, UserAdminRead)
def reject_user(values: dict[str, Any], user_id: str) -> Any:
    """Reject a pending user, who is signed out and told why."""
    check_if_match(identity.get_user(user_id))
    approvals.decide_user(current_actor(), user_id=user_id, approve=False, **values)
    return _answer(user_id)


@bp.route("/users/<string:user_id>/close", methods=["POST"])
@access(Role.ADMIN)
@commits
@bp.arguments(UserDecisionInput)
@bp.response(200, UserAdminRead)
def close_user(values: dict[str, Any], user_id: str) -> Any:
    """Close an account for good: nobody signs in to it again."""
    check_if_match(identity.get_user(user_id))
    closing.close_user(current_actor(), user_id=user_id, **values)
    return _answer(user_id)


def _answer(user_id: str) -> Any:
    document = people.user(user_id)
    return document, 200, tagged(document["row"])
