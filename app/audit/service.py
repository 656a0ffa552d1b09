"""Writing the trail."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from app.audit.chain import open_bucket
from app.audit.models import AuditEntry
from app.core.actor import Actor
from app.core.extensions import db


def record(
    actor: Actor, action: str, *, subject_type: str, subject_id: str, **data: Any
) -> AuditEntry:
    """Add an entry in the open unit of work. `data` holds ids and numbers, no personal data."""
    at: datetime = open_bucket()
    entry = AuditEntry(
        at=at,
        actor=actor.label,
        actor_role=actor.role.value,
        action=action,
        subject_type=subject_type,
        subject_id=subject_id,
        data=data,
    )
    db.session.add(entry)
    return entry
