"""The inbox."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import SIGNED_IN, access, current_actor
from app.identity import service as identity
from app.notifications import service
from app.notifications.schemas import (
    NotificationPage,
    NotificationQuery,
    NotificationsMarked,
    NotificationsRead,
)


@bp.route("/account/notifications", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.arguments(NotificationQuery, location="query")
@bp.response(200, NotificationPage)
def list_notifications(values: dict[str, Any]) -> dict[str, Any]:
    """What you were told, the latest first."""
    actor = current_actor()
    page = service.inbox(actor, values["page"], unread=values["unread"])
    reader = service.reader_of(identity.me(actor))
    return {
        "items": [service.describe(row, reader) for row in page.items],
        "next": page.next,
        "unread": service.unread_count(actor),
    }


@bp.route("/account/notifications/read", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.arguments(NotificationsRead)
@bp.response(200, NotificationsMarked)
def mark_notifications_read(values: dict[str, Any]) -> dict[str, int]:
    """Mark some notifications, or all, as read."""
    actor = current_actor()
    marked = service.mark_read(actor, ids=values.get("ids"))
    return {"marked": marked, "unread": service.unread_count(actor)}
