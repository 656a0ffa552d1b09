"""Telling people, and what they do with what they were told."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select, update

from app.core.actor import Actor, UserStatus
from app.core.clock import now
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.jobs import enqueue
from app.core.paging import Page, PageRequest, paginate
from app.core.settings import settings
from app.core.statements import changed_rows
from app.identity.models import User
from app.notifications import letters, live
from app.notifications.kinds import KINDS, adjustable
from app.notifications.models import Mail, MailPreference, Notification
from app.notifications.pages import account_page
from app.notifications.words import Reader, words_for

_UNREACHABLE = (UserStatus.CLOSED, UserStatus.REJECTED)


def notify(
    user_ids: Collection[str],
    kind: str,
    *,
    subject_id: str,
    params: Mapping[str, Any] | None = None,
    link: str | None = None,
    mail: bool = True,
) -> list[Notification]:
    """Put a line into the inbox of each user and, where wanted, send it by mail.

    `kind` is a name of KINDS, `subject_id` what it is about, `params` fills the words (texts,
    numbers, money and moments as in `words`), `link` is a path of the page. Without
    `mail` it is the inbox alone. Takes the same number of statements for any number of users, but
    one for each mail.
    """
    told = _users(user_ids)
    if not told:
        return []
    known = KINDS[kind]
    values = dict(params or {})
    unread = _unread_about(kind, subject_id, list(told)) if known.collapses else {}
    made = []
    for user_id in told:
        row = unread.get(user_id) or Notification(user_id=user_id, kind=kind, subject_id=subject_id)
        row.params, row.url, row.created_at = values, link, now()
        made.append(row)
    db.session.add_all(made)
    db.session.flush()
    newly = [user for user in told.values() if mail and user.id not in unread]
    for user in _who_want_mail(kind, newly):
        send_mail(user.email, kind, params=values, link=link, user=user)
    live.push(list(told), "notification", {"kind": kind})
    return made


def send_mail(
    to: str,
    kind: str,
    *,
    params: Mapping[str, Any] | None = None,
    link: str | None = None,
    secret: Mapping[str, str] | None = None,
    user: User | None = None,
) -> Mail:
    """Send one mail of `kind` to an address (stored now, sent by a job after the commit).

    `secret` is `{"purpose": …, "subject_id": …}` of a signed link (`identity.links`), which is
    derived when the mail goes out; otherwise `link` is a path of the page. `user` is the reader
    whose name and language it is written in, and whose inbox it belongs to, if there is one.
    """
    base = settings().public_url
    reader = Reader(user.name, user.locale, user.time_zone) if user is not None else Reader()
    url = letters.LINK_MARK if secret else (base + link if link else None)
    adjust = user is not None and not KINDS[kind].always
    page = account_page(user.role, "preferences") if user is not None else ""
    letter = letters.write(
        kind, params or {}, reader, url=url, preferences_url=base + page if adjust else None
    )
    mail = Mail(
        to_address=to,
        kind=kind,
        subject=letter.subject,
        text=letter.text,
        html=letter.html,
        secret=dict(secret) if secret else None,
    )
    db.session.add(mail)
    db.session.flush()
    enqueue("notifications.send_mail", mail_id=mail.id)
    return mail


def inbox(actor: Actor, page: PageRequest, *, unread: bool = False) -> Page[Notification]:
    """The actor's notifications, the latest first, all or those not read."""
    statement = select(Notification).where(Notification.user_id == actor.user_id)
    if unread:
        statement = statement.where(Notification.read_at.is_(None))
    return paginate(
        statement,
        page,
        sorts={"created_at": Notification.created_at},
        default="-created_at",
        id_column=Notification.id,
    )


def unread_count(actor: Actor) -> int:
    """How many notifications the actor has not read."""
    count = db.session.scalar(
        select(func.count())
        .select_from(Notification)
        .where(Notification.user_id == actor.user_id, Notification.read_at.is_(None))
    )
    return count or 0


def mark_read(actor: Actor, *, ids: Sequence[str] | None) -> int:
    """Mark own notifications as read, those of `ids` or (None) all; returns how many were not."""
    statement = update(Notification).where(
        Notification.user_id == actor.user_id, Notification.read_at.is_(None)
    )
    if ids is not None:
        statement = statement.where(Notification.id.in_(ids))
    changed = changed_rows(
        statement.values(read_at=now()).execution_options(synchronize_session=False)
    )
    live.push([actor.user_id or ""], "read", {})
    return changed


def describe(row: Notification, reader: Reader) -> dict[str, Any]:
    """A notification on the wire, in the words of its reader."""
    words = words_for(row.kind, row.params, reader)
    return {
        "id": row.id,
        "kind": row.kind,
        "title": words.title,
        "text": words.text,
        "params": row.params,
        "subject_id": row.subject_id,
        "url": row.url,
        "created_at": row.created_at,
        "read_at": row.read_at,
    }


def reader_of(user: User) -> Reader:
    """Whose rules a user's words follow."""
    return Reader(user.name, user.locale, user.time_zone)


def mail_preferences(actor: Actor) -> dict[str, bool]:
    """For each kind that may be switched, whether the actor gets it by mail."""
    set_ = db.session.execute(
        select(MailPreference.kind, MailPreference.wanted).where(
            MailPreference.user_id == actor.user_id
        )
    )
    chosen = {row.kind: row.wanted for row in set_}
    return {kind: chosen.get(kind, KINDS[kind].mail) for kind in adjustable()}


def choose_mails(actor: Actor, wanted: Mapping[str, bool]) -> None:
    """Switch mails of some kinds on or off. Raises Invalid for kinds that cannot be switched."""
    unknown = sorted(set(wanted) - set(adjustable()))
    if unknown:
        raise Invalid(mail=f"These cannot be switched: {', '.join(unknown)[:200]}.")
    for kind, choice in wanted.items():
        db.session.merge(MailPreference(user_id=actor.user_id or "", kind=kind, wanted=choice))
    db.session.flush()


def _users(user_ids: Collection[str]) -> dict[str, User]:
    rows = db.session.scalars(
        select(User)
        .where(User.id.in_(sorted(set(user_ids))), User.status.not_in(_UNREACHABLE))
        .order_by(User.id)
    )
    return {user.id: user for user in rows}


def _unread_about(kind: str, subject_id: str, user_ids: list[str]) -> dict[str, Notification]:
    rows = db.session.scalars(
        select(Notification).where(
            Notification.user_id.in_(user_ids),
            Notification.kind == kind,
            Notification.subject_id == subject_id,
            Notification.read_at.is_(None),
        )
    )
    return {row.user_id: row for row in rows}


def _who_want_mail(kind: str, users: list[User]) -> list[User]:
    known = KINDS[kind]
    if known.always or not users:
        return users
    confirmed = [
        user
        for user in users
        if user.email_verified_at is not None or not settings().require_email_verification
    ]
    rows = db.session.execute(
        select(MailPreference.user_id, MailPreference.wanted).where(
            MailPreference.kind == kind,
            MailPreference.user_id.in_([user.id for user in confirmed]),
        )
    )
    chosen = {row.user_id: row.wanted for row in rows}
    return [user for user in confirmed if chosen.get(user.id, known.mail)]
