"""Mails that carry a signed link. The link is made when they go out."""

from __future__ import annotations

from app.core.extensions import db
from app.identity import links
from app.identity.models import MemberInvitation, Sponsor, User
from app.notifications.models import Mail
from app.notifications.service import send_mail


def mail_password_reset(user_id: str) -> Mail | None:
    """Mail a link to a new password; nothing for a user who is gone."""
    return _to_user(user_id, "password_reset", links.RESET)


def mail_verification(user_id: str) -> Mail | None:
    """Mail a link that confirms the present address."""
    return _to_user(user_id, "verify_email", links.VERIFY)


def mail_new_address(user_id: str, new_email: str) -> Mail | None:
    """Mail a link that confirms a new address, to that address."""
    user = db.session.get(User, user_id)
    if user is None:
        return None
    secret = {"purpose": links.CHANGE, "subject_id": user_id, "email": new_email}
    return send_mail(new_email, "change_email", secret=secret, user=user)


def mail_invitation(invitation_id: str) -> Mail | None:
    """Mail an invitation to a team."""
    invitation = db.session.get(MemberInvitation, invitation_id)
    if invitation is None:
        return None
    sponsor = db.session.get_one(Sponsor, invitation.sponsor_id)
    inviter = db.session.get_one(User, invitation.invited_by)
    return send_mail(
        invitation.email,
        "invitation",
        params={
            "inviter": inviter.name,
            "sponsor": sponsor.name,
            "role": invitation.role.value,
        },
        secret={"purpose": links.INVITE, "subject_id": invitation_id},
    )


def _to_user(user_id: str, kind: str, purpose: str) -> Mail | None:
    user = db.session.get(User, user_id)
    if user is None:
        return None
    secret = {"purpose": purpose, "subject_id": user_id}
    return send_mail(user.email, kind, secret=secret, user=user)
