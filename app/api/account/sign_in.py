"""One's own sign-in: password, address, proof of both."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits, commits_itself
from app.api.limits import by_actor
from app.api.security import SIGNED_IN, access, current_actor
from app.core.extensions import limiter
from app.identity import account, second_factor
from app.identity.schemas import EmailChange, IdentityConfirm, PasswordChange

TRIES = "10 per minute; 60 per hour"


@bp.route("/account/confirm-password", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@limiter.limit(TRIES, key_func=by_actor)
@commits_itself
@bp.arguments(IdentityConfirm)
@bp.response(204)
def confirm_password(values: dict[str, Any]) -> None:
    """Prove that it is still you, with your authenticator's code where you have one.

    Acts that ask for a fresh sign-in then work for ten minutes.
    """
    second_factor.confirm_identity(current_actor(), **values)


@bp.route("/account/password", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@limiter.limit(TRIES, key_func=by_actor)
@commits_itself
@bp.arguments(PasswordChange)
@bp.response(204)
def change_password(values: dict[str, Any]) -> None:
    """Set a new password. Every other session ends."""
    account.change_password(current_actor(), **values)


@bp.route("/account/email", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@limiter.limit(TRIES, key_func=by_actor)
@commits_itself
@bp.arguments(EmailChange)
@bp.response(202)
def change_email(values: dict[str, Any]) -> None:
    """Ask for a mail to a new address; it takes the old one's place once its link is followed."""
    account.request_email_change(current_actor(), **values)


@bp.route("/account/verify-email", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@limiter.limit("3 per minute; 20 per day", key_func=by_actor)
@commits
@bp.response(202)
def resend_verification() -> None:
    """Ask once more for the mail that confirms your address."""
    account.resend_verification(current_actor())
