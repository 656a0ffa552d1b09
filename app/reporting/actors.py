"""Who did it, in words: traces keep ids, admins read names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.audit.models import AuditEntry
from app.core.extensions import db
from app.core.lifecycle import StateChange
from app.identity.models import User

Trace = AuditEntry | StateChange


def named(*lists: Sequence[Trace]) -> list[list[dict[str, Any]]]:
    """The columns of each row with `actor_name` and `actor_email`, in one statement for all lists.

    An actor who is no user (`system`, `anonymous`) is named so; one whose row is gone has no name.
    """
    labels = {row.actor for rows in lists for row in rows}
    users = {
        user_id: (name or email, email)
        for user_id, name, email in db.session.execute(
            select(User.id, User.name, User.email).where(User.id.in_(labels))
        )
    }
    return [[_document(row, users) for row in rows] for rows in lists]


def _document(row: Trace, users: dict[str, tuple[str, str]]) -> dict[str, Any]:
    unknown = None if row.actor.startswith("usr_") else row.actor
    name, email = users.get(row.actor, (unknown, None))
    columns = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    return {**columns, "actor_name": name, "actor_email": email}
