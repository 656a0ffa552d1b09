"""Sending what was written: links are signed here, on the way out."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select, update

from app.core import retention
from app.core.clock import now
from app.core.errors import NotFound, Unavailable
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.core.settings import settings
from app.core.transaction import unit_of_work
from app.identity import links
from app.identity.models import MemberInvitation, User
from app.notifications.channels import email
from app.notifications.letters import Letter, with_link
from app.notifications.models import Mail, Notification

log = logging.getLogger(__name__)

MAILS_KEPT = timedelta(days=30)
INBOX_KEPT = timedelta(days=365)


def deliver(mail_id: str) -> str:
    """Send a mail that is not sent yet (opens its own units); returns what became of it.

    Sent twice, after a fall between sending and noting it, it carries the same Message-ID. Raises
    Unavailable or the server's own error when it is worth another try.
    """
    mail = db.session.get(Mail, mail_id)
    if mail is None or mail.sent_at is not None or mail.refused_at is not None:
        db.session.rollback()
        return "nothing to do"
    letter = signed(mail)
    db.session.expunge_all()
    db.session.rollback()
    if letter is None:
        return _note(mail_id, refusal="The link has nothing to lead to any more.")
    server = settings().smtp_url
    if not server:
        if not settings().dev_mailbox:
            raise Unavailable("SMTP_URL is missing: set smtp://user:password@host:587.")
        return _note(mail_id)
    made = email.message(
        letter,
        to=mail.to_address,
        sender=settings().mail_from,
        mail_id=mail.id,
        at=mail.created_at,
    )
    try:
        email.send(made, server)
    except email.MailRefused as error:
        log.warning("mail %s was refused: %s", mail_id, error)
        return _note(mail_id, refusal=str(error))
    return _note(mail_id)


def signed(mail: Mail) -> Letter | None:
    """The letter of a mail with its link signed now; None when the link has lost its subject."""
    letter = Letter(mail.subject, mail.text, mail.html)
    if mail.secret is None:
        return letter
    given = dict(mail.secret)
    purpose, subject_id = given.pop("purpose"), given.pop("subject_id")
    if _address_of(purpose, subject_id, given) != mail.to_address:
        # The link proves whose mailbox it is, so it goes to that address alone.
        return None
    link = links.link_for(purpose, subject_id, **given)
    return None if link is None else with_link(letter, link)


def kept(page: PageRequest) -> Page[Mail]:
    """The mails of the development mailbox, the latest first."""
    return paginate(
        select(Mail),
        page,
        sorts={"created_at": Mail.created_at},
        default="-created_at",
        id_column=Mail.id,
    )


def kept_mail(mail_id: str) -> Mail:
    """One mail of the development mailbox. Raises NotFound."""
    mail = db.session.get(Mail, mail_id)
    if mail is None:
        raise NotFound
    return mail


def forget_old() -> int:
    """Drop old mails and notifications (opens its own units); returns how many went."""
    moment = now()
    mails = retention.drop(Mail, Mail.created_at < moment - MAILS_KEPT)
    return mails + retention.drop(Notification, Notification.created_at < moment - INBOX_KEPT)


def _address_of(purpose: str, subject_id: str, more: dict[str, str]) -> str | None:
    if purpose == links.CHANGE:
        return more.get("email")
    if purpose == links.INVITE:
        invitation = db.session.get(MemberInvitation, subject_id)
        return invitation.email if invitation else None
    user = db.session.get(User, subject_id)
    return user.email if user else None


def _note(mail_id: str, *, refusal: str | None = None) -> str:
    values = (
        {"sent_at": now()} if refusal is None else {"refused_at": now(), "refusal": refusal[:500]}
    )
    unit_of_work(
        lambda: db.session.execute(update(Mail).where(Mail.id == mail_id).values(**values))
    )
    return "sent" if refusal is None else "refused"
