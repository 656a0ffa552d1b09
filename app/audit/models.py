"""The trail's one table."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.models import Base, UtcDateTime, id_column


class AuditEntry(Base):
    """One recorded act. `sequence` and `digest` are set by the chaining job, once, after commit."""

    __tablename__ = "audit_entries"
    __table_args__ = (
        Index(None, "subject_id", "at"),
        Index(None, "actor", "at"),
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
