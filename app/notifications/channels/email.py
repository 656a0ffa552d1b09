"""Mail by SMTP. Called outside any transaction; times are bounded.

The address of the server is `smtp://user:password@host:587` (TLS is started where the server
offers it, and always before a password is sent) or `smtps://…:465` (TLS from the start).
"""

from __future__ import annotations

import smtplib
import ssl
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import unquote, urlsplit

from app.notifications.letters import Letter

TIMEOUT_SECONDS = 15


class MailRefused(Exception):
    """The server will not take this mail, now or later; the message says why."""


def message(letter: Letter, *, to: str, sender: str, mail_id: str, at: datetime) -> EmailMessage:
    """The mail with its headers. A repeated sending has the same Message-ID and date."""
    made = EmailMessage(policy=SMTP)
    made["Subject"] = letter.subject
    made["From"] = sender
    made["To"] = to
    made["Date"] = format_datetime(at)
    made["Message-ID"] = f"<{mail_id}@{parseaddr(sender)[1].partition('@')[2] or 'localhost'}>"
    made["Auto-Submitted"] = "auto-generated"
    made.set_content(letter.text)
    made.add_alternative(letter.html, subtype="html")
    return made


def send(mail: EmailMessage, server: str) -> None:
    """Hand `mail` to `server`. Raises MailRefused for good, OSError or SMTPException for now."""
    where = urlsplit(server)
    host, secure = where.hostname or "localhost", where.scheme == "smtps"
    context = ssl.create_default_context()
    connection: smtplib.SMTP
    if secure:
        connection = smtplib.SMTP_SSL(
            host, where.port or 465, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        connection = smtplib.SMTP(host, where.port or 25, timeout=TIMEOUT_SECONDS)
    with connection:
        connection.ehlo()
        if not secure and connection.has_extn("starttls"):
            connection.starttls(context=context)
            connection.ehlo()
            secure = True
        if where.username:
            if not secure:
                raise smtplib.SMTPException("the server offers no TLS, so no password is sent")
            connection.login(unquote(where.username), unquote(where.password or ""))
        try:
            connection.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            code, reason = next(iter(error.recipients.values()))
            _refuse_for_good(code, reason)
            raise
        except smtplib.SMTPResponseException as error:
            _refuse_for_good(error.smtp_code, error.smtp_error)
            raise
        except (smtplib.SMTPNotSupportedError, UnicodeError, ValueError) as error:
            raise MailRefused(str(error)) from error


def _refuse_for_good(code: int, reason: bytes | str) -> None:
    if 500 <= code < 600:
        text = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else reason
        raise MailRefused(f"{code} {text}"[:500])
