"""One's own sign-in: password, e-mail address, and proofs of both."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.core.actor import Actor, UserStatus
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import links, passwords, queries, sessions
from app.identity.errors import AlreadyVerified, EmailTaken
from app.identity.events import (
    EmailChanged,
    EmailChangeRequested,
    EmailConfirmationWanted,
    PasswordChanged,
    PasswordResetRequested,
)
from app.identity.models import AuthSession, User


def request_password_reset(*, email: str) -> None:
    """Ask for a mail with a link. Does the same work for known and unknown addresses."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    gone = user is None or user.status in (UserStatus.CLOSED, UserStatus.REJECTED)
    publish(PasswordResetRequested(None if gone or user is None else user.id))


def reset_password(*, token: str, password: str) -> None:
    """Set a new password by a mailed link and end every session (opens its own unit of work).

    The mail arrived, so the address is confirmed too. Raises LinkEnded.
    """
    links.subject_of(token, links.RESET)
    db.session.rollback()
    password_hash = passwords.hash_password(password)

    def work() -> None:
        _, payload = links.subject_of(token, links.RESET)
        user = db.session.get_one(User, payload["id"], with_for_update=True, populate_existing=True)
        links.subject_of(token, links.RESET)  # again, now that nobody else can change the row
        _set_password(user, password_hash)
        user.email_verified_at = user.email_verified_at or now()
        db.session.flush()
        sessions.end_other_sessions(user.id)
        _record_own(user.id, "user.password_reset")
        publish(PasswordChanged(user.id))

    unit_of_work(work)


def change_password(actor: Actor, *, current_password: str, password: str) -> None:
    """Set a new password and end the other sessions (opens its own unit of work).

    Raises Invalid for a wrong current password.
    """
    check_own_password(actor, current_password, field="current_password")
    password_hash = passwords.hash_password(password)

    def work() -> None:
        user = _own_row(actor)
        _set_password(user, password_hash)
        db.session.flush()
        sessions.end_other_sessions(user.id, but=actor.session_id)
        _record_own(user.id, "user.password_changed")
        publish(PasswordChanged(user.id))

    unit_of_work(work)


def make_fresh(actor: Actor) -> None:
    """Let the acts that ask for a proof given minutes ago work in this session (opens its own unit
    of work); the proof itself is `second_factor.confirm_identity`."""
    unit_of_work(
        lambda: db.session.execute(
            update(AuthSession).where(AuthSession.id == actor.session_id).values(confirmed_at=now())
        )
    )


def request_email_change(actor: Actor, *, email: str, password: str) -> None:
    """Mail a link to the new address; the old one stays until it is followed.

    Opens its own unit of work. Raises Invalid, EmailTaken.
    """
    check_own_password(actor, password, field="password")

    def work() -> None:
        if db.session.scalar(select(User.id).where(User.email == email)) is not None:
            raise EmailTaken("Give an address that belongs to no account.")
        publish(EmailChangeRequested(actor.user_id or "", email))

    unit_of_work(work)


def resend_verification(actor: Actor) -> None:
    """Ask for the link that confirms the own address once more. Raises AlreadyVerified."""
    user = _own_row(actor)
    if user.email_verified_at is not None:
        raise AlreadyVerified("There is nothing left to do.")
    publish(EmailConfirmationWanted(user.id))


def verify_email(*, token: str) -> None:
    """Confirm the address that a link was mailed to, new or present.

    Raises LinkEnded, EmailTaken.
    """
    purpose, payload = links.subject_of(token, links.VERIFY, links.CHANGE)
    user = db.session.get_one(User, payload["id"], with_for_update=True, populate_existing=True)
    links.subject_of(token, purpose)
    old = user.email
    user.email_verified_at = now()
    if purpose == links.CHANGE:
        user.email = payload["email"]
    user.touch()
    try:
        db.session.flush()
    except IntegrityError as error:
        raise EmailTaken("The address belongs to another account by now.") from error
    _record_own(user.id, f"user.{purpose.replace('-', '_')}")
    if purpose == links.CHANGE:
        publish(EmailChanged(user.id, old))


def change_preferences(actor: Actor, **changes: str) -> User:
    """Change the own name, locale, time zone or theme."""
    user = db.session.scalar(queries.user_by_id(actor.user_id or "").with_for_update(of=User))
    if user is None:
        raise NotFound
    for name, value in changes.items():
        setattr(user, name, value)
    user.touch()
    db.session.flush()
    return user


def check_own_password(actor: Actor, password: str, *, field: str) -> None:
    """Raise Invalid unless this is the actor's password (slow; call it outside a unit of work)."""
    kept = db.session.scalar(select(User.password_hash).where(User.id == actor.user_id))
    db.session.rollback()
    if not passwords.verify(kept, password):
        raise Invalid(**{field: "This is not your password."})


def _own_row(actor: Actor) -> User:
    return db.session.get_one(User, actor.user_id, with_for_update=True)


def _set_password(user: User, password_hash: str) -> None:
    user.password_hash = password_hash
    user.password_changed_at = now()
    user.touch()


def _record_own(user_id: str, action: str) -> None:
    by = Actor(role=db.session.get_one(User, user_id).role, user_id=user_id)
    record(by, action, subject_type="user", subject_id=user_id)
