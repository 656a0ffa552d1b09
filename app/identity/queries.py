"""Selects of identity, each with the relationships that its readers need."""

from __future__ import annotations

from sqlalchemy import CompoundSelect, Select, or_, select, union
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql import ColumnElement

from app.core.actor import Role, UserStatus
from app.identity.aside import aside
from app.identity.models import (
    ApiKey,
    AuthSession,
    Influencer,
    SponsorMember,
    User,
)

_WHO = (
    joinedload(User.membership).joinedload(SponsorMember.sponsor),
    joinedload(User.influencer),
)


def user_by_email(email: str) -> Select[User]:
    """The user with this e-mail, in any case."""
    return select(User).where(User.email == email.strip().lower()).options(*_WHO)


def user_by_id(user_id: str) -> Select[User]:
    """The user with membership and profile."""
    return select(User).where(User.id == user_id).options(*_WHO)


def session_with_user(session_id: str) -> Select[AuthSession]:
    """A sign-in with its user, membership and profile, in one statement."""
    return (
        select(AuthSession)
        .where(AuthSession.id == session_id)
        .options(
            joinedload(AuthSession.user).options(
                joinedload(User.membership), joinedload(User.influencer)
            )
        )
    )


def api_key_with_user(key_hash: str) -> Select[ApiKey]:
    """An API key with its user, membership and profile, in one statement."""
    return (
        select(ApiKey)
        .where(ApiKey.key_hash == key_hash)
        .options(
            joinedload(ApiKey.user).options(
                joinedload(User.membership), joinedload(User.influencer)
            )
        )
    )


def users() -> Select[User]:
    """All users with membership and profile."""
    return select(User).options(*_WHO)


def members_of(sponsor_id: str) -> Select[SponsorMember]:
    """The members of a sponsor with their users, the first one first."""
    return (
        select(SponsorMember)
        .where(SponsorMember.sponsor_id == sponsor_id)
        .options(joinedload(SponsorMember.user))
        .order_by(SponsorMember.created_at, SponsorMember.id)
    )


def influencers() -> Select[Influencer]:
    """Profiles with niches and accounts (three statements whatever the number of rows)."""
    return select(Influencer).options(
        selectinload(Influencer.niche_rows), selectinload(Influencer.accounts)
    )


def visible_influencers() -> Select[Influencer]:
    """Profiles that the public may see."""
    return influencers().where(*is_visible())


_SHUT_OUT = (UserStatus.SUSPENDED, UserStatus.CLOSED, UserStatus.REJECTED)


def is_visible() -> tuple[ColumnElement[bool], ...]:
    """Conditions of a visible profile: listed, and its user neither hidden nor shut out."""
    # No IN: what it lists would be bound and written out anew at every page of the directory.
    shut_out = or_(User.hidden.is_(True), *(User.status == status for status in _SHUT_OUT))
    hidden = select(User.id).where(User.id == Influencer.user_id, shut_out)
    # Almost every profile is listed, so its index is the wrong place to start from.
    return aside(Influencer.listed).is_(True), ~hidden.exists()


def invisible_ids() -> CompoundSelect[str]:
    """The ids of all other profiles, each reason found by an index of its own."""
    by_user = select(Influencer.id).join(User, User.id == Influencer.user_id)
    return union(
        select(Influencer.id).where(Influencer.listed.is_(False)),
        by_user.where(User.hidden.is_(True)),
        by_user.where(User.role == Role.INFLUENCER, User.status.in_(_SHUT_OUT)),
    )
