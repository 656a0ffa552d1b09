"""Whom to tell: ids of users by what they are to a thing."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from app.core.actor import MemberRole, Role, UserStatus
from app.core.extensions import db
from app.identity.models import Influencer, SponsorMember, User

_REACHABLE = (UserStatus.PENDING, UserStatus.ACTIVE, UserStatus.SUSPENDED)


def admins() -> list[str]:
    """Every admin."""
    return list(
        db.session.scalars(
            select(User.id)
            .where(User.role == Role.ADMIN, User.status == UserStatus.ACTIVE)
            .order_by(User.id)
        )
    )


def members(sponsor_id: str, roles: Collection[MemberRole] | None = None) -> list[str]:
    """The members of a sponsor, of all roles or some."""
    statement = (
        select(User.id)
        .join(SponsorMember, SponsorMember.user_id == User.id)
        .where(SponsorMember.sponsor_id == sponsor_id, User.status.in_(_REACHABLE))
        .order_by(User.id)
    )
    if roles is not None:
        statement = statement.where(SponsorMember.role.in_(roles))
    return list(db.session.scalars(statement))


def behind(influencer_id: str) -> list[str]:
    """The user of an influencer profile; nobody where nobody has registered it."""
    return list(
        db.session.scalars(
            select(User.id)
            .join(Influencer, Influencer.user_id == User.id)
            .where(Influencer.id == influencer_id, User.status.in_(_REACHABLE))
        )
    )
