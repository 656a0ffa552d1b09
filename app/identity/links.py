"""The addresses that mails lead to. Each token dies with the state that it was made in."""

from __future__ import annotations

from datetime import timedelta

from app.core.actor import UserStatus
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from app.core.signing import LinkEnded, fingerprint, sign, unsign
from app.identity.models import MemberInvitation, User

RESET = "password-reset"
VERIFY = "verify-email"
CHANGE = "change-email"
INVITE = "invitation"

LIFETIMES = {
    RESET: timedelta(hours=1),
    VERIFY: timedelta(days=3),
    CHANGE: timedelta(hours=24),
    INVITE: timedelta(days=7),
}
_PAGES = {
    RESET: "/reset-password",
    VERIFY: "/verify-email",
    CHANGE: "/verify-email",
    INVITE: "/accept-invitation",
}


def link_for(purpose: str, subject_id: str, **more: str) -> str | None:
    """The full address to mail, derived now; None when there is nothing to sign any more."""
    mark = _mark(purpose, subject_id)
    if mark is None:
        return None
    token = sign(purpose, {"id": subject_id, "mark": mark, **more})
    return f"{settings().public_url}{_PAGES[purpose]}?token={token}"


def subject_of(token: str, *purposes: str) -> tuple[str, dict[str, str]]:
    """Which of `purposes` a token serves, and its payload. Raises LinkEnded.

    Call it again inside the unit of work that uses the token: its state may have moved on.
    """
    for purpose in purposes:
        try:
            payload = unsign(purpose, token, within=LIFETIMES[purpose])
        except LinkEnded:
            continue
        mark = _mark(purpose, payload.get("id", ""))
        if mark is not None and mark == payload.get("mark"):
            return purpose, payload
    raise LinkEnded("Ask for a new link.", errors={"token": ["This link has ended."]})


def _mark(purpose: str, subject_id: str) -> str | None:
    if purpose == INVITE:
        invitation = db.session.get(MemberInvitation, subject_id)
        if invitation is None or invitation.expires_at <= now():
            return None
        return fingerprint(invitation.email, invitation.role, invitation.expires_at.isoformat())
    user = db.session.get(User, subject_id)
    if user is None or user.status in (UserStatus.CLOSED, UserStatus.REJECTED):
        return None
    if purpose == VERIFY:
        return None if user.email_verified_at is not None else fingerprint(user.email)
    return fingerprint(user.email, user.password_changed_at.isoformat())
