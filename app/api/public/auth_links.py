"""What mailed links lead to: a new password, a confirmed address, a place in a team."""

from __future__ import annotations

from typing import Any

from app.api.blueprint import commits, commits_itself
from app.api.limits import by_email
from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.core.extensions import limiter
from app.identity import account, service, team
from app.identity.schemas import (
    EmailVerifyInput,
    InvitationAccept,
    MeRead,
    PasswordResetConfirm,
    PasswordResetInput,
)


@bp.route("/auth/password-reset", methods=["POST"])
@limiter.limit("30 per minute; 200 per day")
@limiter.limit("3 per minute; 20 per day", key_func=by_email)
@access()
@commits
@bp.arguments(PasswordResetInput)
@bp.response(202)
def request_password_reset(values: dict[str, Any]) -> None:
    """Ask for a mail with a link to a new password. The answer never tells who has an account."""
    account.request_password_reset(email=values["email"])


@bp.route("/auth/password-reset/confirm", methods=["POST"])
@limiter.limit("30 per minute")
@access()
@commits_itself
@bp.arguments(PasswordResetConfirm)
@bp.response(204)
def confirm_password_reset(values: dict[str, Any]) -> None:
    """Set a new password by a mailed link. Every session ends."""
    account.reset_password(token=values["token"], password=values["password"])


@bp.route("/auth/verify-email", methods=["POST"])
@limiter.limit("30 per minute")
@access()
@commits
@bp.arguments(EmailVerifyInput)
@bp.response(204)
def verify_email(values: dict[str, Any]) -> None:
    """Confirm an e-mail address by a mailed link."""
    account.verify_email(token=values["token"])


@bp.route("/auth/accept-invitation", methods=["POST"])
@limiter.limit("30 per minute")
@access()
@commits_itself
@bp.arguments(InvitationAccept)
@bp.response(201, MeRead)
def accept_invitation(values: dict[str, Any]) -> Any:
    """Join the team that a mailed invitation names; then sign in."""
    user = team.accept_invitation(**values)
    return service.describe(service.get_user(user.id)), 201, {"Location": "/api/v1/me"}
