"""The trail and the head of its chain."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import DDL, JSON, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column

from app.audit import ddl
from app.core.clock import now
from app.core.models import Base, UtcDateTime, id_column


class AuditEntry(Base):
    """One recorded act. `sequence` and `digest` are set by the chaining job, once, after commit."""

    __tablename__ = ddl.TABLE
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "actor", "at"),
        Index(None, "action", "at"),
        Index(None, "at", "id"),
    )

    id: Mapped[str] = id_column("aud")
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    actor: Mapped[str] = mapped_column(String(32))
    actor_role: Mapped[str] = mapped_column(String(16))
    action: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(32))
    data: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sequence: Mapped[int | None] = mapped_column(unique=True)
    digest: Mapped[str | None] = mapped_column(String(64))


class AuditHead(Base):
    """The one row that says how long the chain is and how it ends; chaining locks it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    sequence: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    chained_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


for _dialect, _statements in (("sqlite", ddl.SQLITE), ("postgresql", ddl.POSTGRESQL)):
    for _statement in _statements:
        event.listen(
            AuditEntry.__table__,
            "after_create",
            DDL(_statement).execute_if(dialect=_dialect),
        )
