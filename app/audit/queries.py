"""Selects of the trail."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Select, select

from app.audit.models import AuditEntry


def entries(
    *,
    actor: str | None = None,
    action: str | None = None,
    subject_type: str | None = None,
    subject_id: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[AuditEntry]:
    """Entries that match every given filter; `action` may be the start of one (`user.`).

    `since` is inclusive, `until` exclusive.
    """
    statement = select(AuditEntry)
    if actor is not None:
        statement = statement.where(AuditEntry.actor == actor)
    if action is not None:
        statement = (
            statement.where(AuditEntry.action.startswith(action, autoescape=True))
            if action.endswith(".")
            else statement.where(AuditEntry.action == action)
        )
    if subject_type is not None:
        statement = statement.where(AuditEntry.subject_type == subject_type)
    if subject_id is not None:
        statement = statement.where(AuditEntry.subject_id == subject_id)
    if since is not None:
        statement = statement.where(AuditEntry.at >= since)
    if until is not None:
        statement = statement.where(AuditEntry.at < until)
    return statement
