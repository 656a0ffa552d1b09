"""Registration, approval and profiles."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.core.actor import SYSTEM, Actor, MemberRole, Role, UserStatus
from app.core.caching import invalidate
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.ids import new_code
from app.core.lifecycle import history
from app.core.options import Option
from app.identity import queries
from app.identity.errors import EmailTaken
from app.identity.events import UserDecided, UserRegistered
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import (
    Influencer,
    InfluencerNiche,
    SocialAccount,
    Sponsor,
    SponsorKind,
    SponsorMember,
    User,
)
from app.identity.reach import engagement_rate, reach
from app.identity.standing import may_act

# Areas of the cache: the public directory with its profiles, the counts of its niches, and public
# sponsors, who are shown by what they are and by whether an owner may act.
DIRECTORY = "influencers"
NICHES = "niches"
SPONSORS = "sponsors"

NEED_APPROVAL = {
    Role.SPONSOR: Option(
        "sponsors_need_approval", True, "An admin approves each sponsor before it may act."
    ),
    Role.INFLUENCER: Option(
        "influencers_need_approval", False, "An admin approves each influencer before they may act."
    ),
}


def register(*, email: str, password_hash: str, role: Role, name: str) -> User:
    """Make a user with their sponsor or influencer profile.

    Who waits for an admin's approval is a setting: sponsors do, influencers are active at once
    unless it says otherwise. Raises EmailTaken.
    """
    waits = NEED_APPROVAL[role].get()
    status = UserStatus.PENDING if waits else UserStatus.ACTIVE
    user = User(
        email=email.strip().lower(),
        password_hash=password_hash,
        role=role,
        status=status,
        name=name,
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EmailTaken("Sign in, or reset your password.") from error
    if role is Role.SPONSOR:
        sponsor = Sponsor(slug=unique_slug(name), name=name, kind=SponsorKind.ORGANISATION)
        db.session.add(sponsor)
        db.session.flush()
        db.session.add(SponsorMember(sponsor_id=sponsor.id, user_id=user.id, role=MemberRole.OWNER))
    elif role is Role.INFLUENCER:
        db.session.add(Influencer(user_id=user.id, slug=unique_slug(name), name=name))
        invalidate(DIRECTORY)
    db.session.flush()
    record(SYSTEM, "user.registered", subject_type="user", subject_id=user.id, role=role.value)
    publish(UserRegistered(user.id))
    return user


def create_admin(*, email: str, password_hash: str, name: str = "Admin") -> User:
    """Make an admin. Raises EmailTaken."""
    user = User(
        email=email.strip().lower(),
        email_verified_at=now(),
        password_hash=password_hash,
        role=Role.ADMIN,
        status=UserStatus.ACTIVE,
        name=name,
    )
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EmailTaken("This email belongs to an account already.") from error
    record(SYSTEM, "user.admin_created", subject_type="user", subject_id=user.id)
    return user


def get_user(user_id: str) -> User:
    """A user with membership and profile; raises NotFound."""
    user = db.session.scalar(queries.user_by_id(user_id))
    if user is None:
        raise NotFound
    return user


def me(actor: Actor) -> User:
    """The actor's own user row."""
    return get_user(actor.user_id or "")


def decide_registration(
    actor: Actor, *, user_id: str, approve: bool, reason: str | None = None
) -> User:
    """Approve or reject a pending user (an admin's act)."""
    user = get_user(user_id)
    event = UserEvent.APPROVE if approve else UserEvent.REJECT
    USER.move(user, actor, event, note=reason, status_reason=reason)
    record(
        actor,
        f"user.{event.value}",
        subject_type="user",
        subject_id=user.id,
        has_reason=reason is not None,
    )
    publish(UserDecided(user.id, approve, reason))
    invalidate(DIRECTORY, NICHES, SPONSORS)
    return user


def set_effects(
    actor: Actor, *, user_id: str, suspended: bool, hidden: bool, money_on_hold: bool
) -> User:
    """Put the effects of a user's open flags into force; they hold from the next request on."""
    user = get_user(user_id)
    if suspended and user.status is not UserStatus.SUSPENDED:
        USER.move(user, actor, UserEvent.SUSPEND)
    elif not suspended and user.status is UserStatus.SUSPENDED:
        USER.move(user, actor, _way_back(user))
    user.hidden = hidden
    user.money_on_hold = money_on_hold
    user.touch()
    db.session.flush()
    record(
        actor,
        "user.effects",
        subject_type="user",
        subject_id=user.id,
        suspended=suspended,
        hidden=hidden,
        money_on_hold=money_on_hold,
    )
    invalidate(DIRECTORY, NICHES, SPONSORS)
    return user


def _way_back(user: User) -> UserEvent:
    suspensions = [change for change in history(user.id) if change.event == UserEvent.SUSPEND.value]
    was_pending = bool(suspensions) and suspensions[-1].before == UserStatus.PENDING.value
    return UserEvent.RETURN if was_pending else UserEvent.REINSTATE


def refresh_reach(influencer: Influencer) -> None:
    """Derive reach, followers and engagement from the profile's accounts."""
    accounts = db.session.scalars(
        select(SocialAccount).where(SocialAccount.influencer_id == influencer.id)
    ).all()
    pairs = [(account.followers, account.average_engagement) for account in accounts]
    influencer.reach = reach(pairs)
    influencer.followers = sum(followers for followers, _ in pairs)
    influencer.engagement_rate = engagement_rate(pairs)
    influencer.touch()
    db.session.flush()
    invalidate(DIRECTORY)


def set_niches(influencer: Influencer, niches: list[str]) -> None:
    """Replace a profile's niches (lower case, without doubles)."""
    wanted = sorted({niche.strip().lower() for niche in niches if niche.strip()})
    influencer.niche_rows = [
        InfluencerNiche(influencer_id=influencer.id, niche=niche) for niche in wanted
    ]
    db.session.flush()


def unique_slug(name: str) -> str:
    """A readable address for a name: ascii, with a random tail that keeps it unique."""
    return f"{slugify(name) or 'profile'}-{new_code(6)}"


def slugify(name: str) -> str:
    """`name` in lower-case ascii words joined by hyphens, at most 60 characters."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    ascii_only = plain.encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:60].strip("-")


def profile_of(user: User) -> dict[str, Any] | None:
    """What `/me` tells of the profile behind a user."""
    if user.membership is not None:
        sponsor = user.membership.sponsor
        return {
            "kind": "sponsor",
            "id": sponsor.id,
            "name": sponsor.name,
            "slug": sponsor.slug,
            "member_role": user.membership.role.value,
            "currency": sponsor.currency,
        }
    if user.influencer is not None:
        influencer = user.influencer
        return {
            "kind": "influencer",
            "id": influencer.id,
            "name": influencer.name,
            "slug": influencer.slug,
            "member_role": None,
            "currency": influencer.currency,
        }
    return None


def describe(user: User) -> dict[str, Any]:
    """What `/me` tells: the user and the profile behind it."""
    return {
        "id": user.id,
        "email": user.email,
        "role": user.role.value,
        "status": user.status.value,
        "status_reason": user.status_reason,
        "name": user.name,
        "locale": user.locale,
        "time_zone": user.time_zone,
        "theme": user.theme,
        "email_verified": user.email_verified_at is not None,
        "totp_enabled": user.totp_confirmed_at is not None,
        "team_suspended": _is_without_owners(user),
        "profile": profile_of(user),
    }


def _is_without_owners(user: User) -> bool:
    member = user.membership
    if member is None or member.role is MemberRole.OWNER:
        return False
    return not may_act(member.sponsor_id)
