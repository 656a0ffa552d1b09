"""Signing in: sessions, rotation of refresh tokens, and the actor behind a request."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from app.core import retention
from app.core.actor import Actor, UserStatus
from app.core.clock import now
from app.core.errors import NotFound, NotSignedIn
from app.core.extensions import db
from app.core.statements import changed_rows
from app.core.transaction import unit_of_work
from app.identity import passwords, queries
from app.identity.errors import RefreshReused, WrongCredentials
from app.identity.models import ApiKey, AuthSession, MemberInvitation, User

HANDOVER = timedelta(seconds=20)
FRESH_FOR = timedelta(minutes=10)
KEPT_FOR = timedelta(days=30)  # what ended stays this long, to be looked at


@dataclass(frozen=True)
class SignIn:
    """What the tokens of a session are made from."""

    user_id: str
    session_id: str
    refresh_id: str


def check_password(email: str, password: str) -> User:
    """The user whose email and password these are.

    Takes the same time for unknown emails. Raises WrongCredentials; closed users cannot sign in.
    """
    user = db.session.scalar(queries.user_by_email(email))
    db.session.expunge_all()  # what was read stays readable; later units know nothing of it
    db.session.rollback()
    if not passwords.verify(user.password_hash if user else None, password):
        raise WrongCredentials("Check both and try again, or reset your password.")
    if user is None or user.status in (UserStatus.CLOSED, UserStatus.REJECTED):
        raise WrongCredentials("Check both and try again, or reset your password.")
    return user


def open_session(
    user_id: str, *, user_agent: str, address: str, lifetime: timedelta, rehash: str | None = None
) -> SignIn:
    """Start a session of a user who proved who they are (opens its own unit of work)."""

    def work() -> SignIn:
        moment = now()
        session = AuthSession(
            user_id=user_id,
            refresh_id=secrets.token_urlsafe(24),
            expires_at=moment + lifetime,
            user_agent="".join(filter(str.isprintable, user_agent))[:200],
            address=address[:64],
        )
        db.session.add(session)
        values = {"last_seen_at": moment} | ({"password_hash": rehash} if rehash else {})
        db.session.execute(update(User).where(User.id == user_id).values(**values))
        db.session.flush()
        return SignIn(user_id, session.id, session.refresh_id)

    return unit_of_work(work)


def rotate(session_id: str, refresh_id: str) -> SignIn:
    """Exchange a refresh token for the next one (opens its own unit of work).

    Two tabs may come with the same token: for 20 s the one before the current is handed the
    current. Any other reuse ends the session everywhere. Raises RefreshReused, NotSignedIn.
    """

    def work() -> SignIn | None:
        session = db.session.scalar(
            select(AuthSession).where(AuthSession.id == session_id).with_for_update()
        )
        moment = now()
        if session is None or session.revoked_at is not None or session.expires_at <= moment:
            raise NotSignedIn("The sign-in has ended. Sign in and repeat.")
        if secrets.compare_digest(session.refresh_id, refresh_id):
            session.previous_refresh_id = session.refresh_id
            session.refresh_id = secrets.token_urlsafe(24)
            session.rotated_at = moment
        elif not (
            session.previous_refresh_id is not None
            and secrets.compare_digest(session.previous_refresh_id, refresh_id)
            and moment - session.rotated_at <= HANDOVER
        ):
            session.revoked_at = moment
            return None
        session.last_seen_at = moment
        db.session.execute(
            update(User).where(User.id == session.user_id).values(last_seen_at=moment)
        )
        return SignIn(session.user_id, session.id, session.refresh_id)

    signed_in = unit_of_work(work)
    if signed_in is None:
        raise RefreshReused("Sign in again. If this was not you, change your password.")
    return signed_in


def end_session(actor: Actor, *, session_id: str) -> None:
    """Sign out one of the actor's sessions; ending an ended one is fine."""
    db.session.execute(
        update(AuthSession)
        .where(
            AuthSession.id == session_id,
            AuthSession.user_id == actor.user_id,
            AuthSession.revoked_at.is_(None),
        )
        .values(revoked_at=now())
    )


def end_proved_session(session_id: str) -> None:
    """Sign out the session that a verified refresh token names; ending an ended one is fine."""
    db.session.execute(
        update(AuthSession)
        .where(AuthSession.id == session_id, AuthSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )


def sign_out(actor: Actor, *, session_id: str) -> None:
    """End one of the actor's running sessions. Raises NotFound for any other."""
    found = db.session.scalar(
        select(AuthSession.id).where(
            AuthSession.id == session_id,
            AuthSession.user_id == actor.user_id,
            AuthSession.revoked_at.is_(None),
        )
    )
    if found is None:
        raise NotFound
    end_session(actor, session_id=session_id)


def end_other_sessions(user_id: str, *, but: str | None = None) -> int:
    """Sign a user out everywhere (`but` one session); returns how many sessions ended."""
    statement = (
        update(AuthSession)
        .where(AuthSession.user_id == user_id, AuthSession.revoked_at.is_(None))
        .values(revoked_at=now())
    )
    if but is not None:
        statement = statement.where(AuthSession.id != but)
    return changed_rows(statement)


def open_sessions(actor: Actor) -> list[AuthSession]:
    """The actor's sessions that still run, the latest first."""
    return list(
        db.session.scalars(
            select(AuthSession)
            .where(
                AuthSession.user_id == actor.user_id,
                AuthSession.revoked_at.is_(None),
                AuthSession.expires_at > now(),
            )
            .order_by(AuthSession.last_seen_at.desc())
        )
    )


def forget_ended() -> int:
    """Drop sign-ins and invitations that ended long ago (opens its own units); returns how many
    went."""
    long_ago = now() - KEPT_FOR
    return sum(
        retention.drop(model, model.expires_at < long_ago)
        for model in (AuthSession, MemberInvitation)
    )


def actor_of_session(session_id: str) -> Actor:
    """The actor behind a running session; raises NotSignedIn."""
    session = db.session.scalar(queries.session_with_user(session_id))
    moment = now()
    if session is None or session.revoked_at is not None or session.expires_at <= moment:
        raise NotSignedIn
    fresh = moment - session.confirmed_at <= FRESH_FOR
    return _actor(session.user, session_id=session.id, fresh=fresh)


def actor_of_api_key(key: str) -> Actor:
    """The actor behind an API key; raises NotSignedIn."""
    row = db.session.scalar(queries.api_key_with_user(hash_key(key)))
    moment = now()
    if row is None or not _in_force(row, moment):
        raise NotSignedIn("This API key is unknown, ended or revoked.")
    actor = _actor(row.user, api_key_id=row.id, scopes=frozenset(row.scopes))
    # Once an hour is enough to see whether a key is in use.
    if row.last_used_at is None or moment - row.last_used_at > timedelta(hours=1):
        key_id = row.id
        unit_of_work(
            lambda: db.session.execute(
                update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=moment)
            )
        )
    return actor


def still_signed_in(actor: Actor) -> bool:
    """Whether what the actor came with, a session or an API key, is still in force."""
    if actor.session_id is not None:
        session = db.session.get(AuthSession, actor.session_id)
        return session is not None and session.revoked_at is None and session.expires_at > now()
    if actor.api_key_id is not None:
        key = db.session.get(ApiKey, actor.api_key_id)
        return key is not None and _in_force(key, now())
    return False


def _in_force(key: ApiKey, moment: datetime) -> bool:
    ended = key.expires_at is not None and key.expires_at <= moment
    return key.revoked_at is None and not ended


def hash_key(key: str) -> str:
    """What is stored of an API key (it is random and long, so a plain hash is enough)."""
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()


def _actor(
    user: User,
    *,
    session_id: str | None = None,
    api_key_id: str | None = None,
    fresh: bool = False,
    scopes: frozenset[str] | None = None,
) -> Actor:
    if user.status in (UserStatus.CLOSED, UserStatus.REJECTED):
        raise NotSignedIn("This account is closed.")
    membership = user.membership
    return Actor(
        role=user.role,
        user_id=user.id,
        status=user.status,
        email_verified=user.email_verified_at is not None,
        two_factor=user.totp_confirmed_at is not None,
        sponsor_id=membership.sponsor_id if membership else None,
        member_role=membership.role if membership else None,
        influencer_id=user.influencer.id if user.influencer else None,
        session_id=session_id,
        api_key_id=api_key_id,
        fresh=fresh,
        money_on_hold=user.money_on_hold,
        scopes=scopes,
    )
