"""Jobs of notifications."""

from __future__ import annotations

from app.core.jobs import job
from app.core.transaction import unit_of_work
from app.notifications import mailing, news


@job("notifications.send_mail", queue="mail")
def send_mail(mail_id: str) -> dict[str, str]:
    """Send one mail."""
    return {"outcome": mailing.deliver(mail_id)}


@job("notifications.password_reset", queue="mail")
def password_reset(user_id: str | None) -> None:
    """Write the mail of a password reset; nothing for an unknown address."""
    if user_id is not None:
        unit_of_work(lambda: news.mail_password_reset(user_id))


@job("notifications.forget_old")
def forget_old() -> dict[str, int]:
    """Drop old mails and notifications."""
    return {"dropped": mailing.forget_old()}
