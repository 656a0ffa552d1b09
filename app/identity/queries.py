"""Selects of identity, each with the relationships that its readers need."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.identity.models import (
    ApiKey,
    AuthSession,
    Influencer,
    Sponsor,
    SponsorMember,
    User,
)

_WHO = (
    joinedload(User.membership).joinedload(SponsorMember.sponsor),
    joinedload(User.influencer),
)


def user_by_email(email: str) -> Select[tuple[User]]:
    """The user with this e-mail, in any case."""
    return select(User).where(User.email == email.strip().lower()).options(*_WHO)


def user_by_id(user_id: str) -> Select[tuple[User]]:
    """The user with membership and profile."""
    return select(User).where(User.id == user_id).options(*_WHO)


def session_with_user(session_id: str) -> Select[tuple[AuthSession]]:
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


def api_key_with_user(key_hash: str) -> Select[tuple[ApiKey]]:
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


def users() -> Select[tuple[User]]:
    """All users with membership and profile."""
    return select(User).options(*_WHO)


def sponsor_by_id(sponsor_id: str) -> Select[tuple[Sponsor]]:
    """A sponsor with its members and their users."""
    return (
        select(Sponsor)
        .where(Sponsor.id == sponsor_id)
        .options(selectinload(Sponsor.members).joinedload(SponsorMember.user))
    )


def influencers() -> Select[tuple[Influencer]]:
    """Profiles with niches and accounts (three statements whatever the number of rows)."""
    return select(Influencer).options(
        selectinload(Influencer.niche_rows), selectinload(Influencer.accounts)
    )


def visible_influencers() -> Select[tuple[Influencer]]:
    """Profiles that the public may see: listed, and not hidden by a flag."""
    return influencers().where(Influencer.listed.is_(True), *_not_hidden())


def _not_hidden() -> list[Any]:
    hidden = select(User.id).where(
        User.id == Influencer.user_id,
        User.hidden.is_(True) | User.status.in_(["suspended", "closed", "rejected"]),
    )
    return [~hidden.exists()]
