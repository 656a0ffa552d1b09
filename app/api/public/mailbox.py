"""The development mailbox: every mail that the instance wrote, for anyone to read."""

from __future__ import annotations

from typing import Any

from app.api.public.blueprint import blueprint as bp
from app.api.security import access
from app.core.errors import NotFound
from app.core.schemas import PageQuery
from app.core.settings import settings
from app.notifications import mailing
from app.notifications.models import Mail
from app.notifications.schemas import MailPage, MailRead


@bp.route("/public/mailbox", methods=["GET"])
@access()
@bp.arguments(PageQuery, location="query")
@bp.response(200, MailPage)
def list_mails(values: dict[str, Any]) -> dict[str, Any]:
    """The mails of this instance, the latest first. In development alone; else 404."""
    _only_in_development()
    page = mailing.kept(values["page"])
    return {"items": [_summary(mail) for mail in page.items], "next": page.next}


@bp.route("/public/mailbox/<string:mail_id>", methods=["GET"])
@access()
@bp.response(200, MailRead)
def read_mail(mail_id: str) -> dict[str, Any]:
    """One mail of this instance. In development alone; else 404."""
    _only_in_development()
    mail = mailing.kept_mail(mail_id)
    letter = mailing.signed(mail)
    text, html = (letter.text, letter.html) if letter else (mail.text, mail.html)
    return {**_summary(mail), "text": text, "html": html}


def _only_in_development() -> None:
    if not settings().dev_mailbox:
        raise NotFound


def _summary(mail: Mail) -> dict[str, Any]:
    return {
        "id": mail.id,
        "to": mail.to_address,
        "kind": mail.kind,
        "subject": mail.subject,
        "created_at": mail.created_at,
        "sent_at": mail.sent_at,
        "refusal": mail.refusal,
    }
