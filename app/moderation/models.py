"""Flags and appeals."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Timestamps, UtcDateTime, Versioned, choice, id_column
from app.moderation.lifecycle import FlagStatus
from app.moderation.terms import Effect, Severity, SubjectType


class Flag(Timestamps, Versioned, Base):
    """One reason to act on a user or a campaign, with its evidence and what became of it.

    `raised_by` is an admin's id, or `system` where `rule` names the rule that raised it.
    `appeal_by` is the last moment at which the affected user may appeal.
    """

    __tablename__ = "flags"
    __table_args__ = (
        Index(None, "subject_type", "subject_id", "status"),
        Index(None, "status", "created_at", "id"),
        Index(None, "created_at", "id"),
    )

    id: Mapped[str] = id_column("flg")
    subject_type: Mapped[SubjectType] = mapped_column(choice(SubjectType))
    subject_id: Mapped[str] = mapped_column(String(32))
    effect: Mapped[Effect] = mapped_column(choice(Effect))
    severity: Mapped[Severity] = mapped_column(choice(Severity))
    status: Mapped[FlagStatus] = mapped_column(choice(FlagStatus), default=FlagStatus.OPEN)
    reason: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    rule: Mapped[str | None] = mapped_column(String(60))
    raised_by: Mapped[str] = mapped_column(String(32))
    appeal_by: Mapped[datetime] = mapped_column(UtcDateTime)
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)

    appeal: Mapped[Appeal | None] = relationship(back_populates="flag", lazy="raise", uselist=False)


class Appeal(Timestamps, Base):
    """The affected user's answer to a flag, one a flag; `outcome` is empty until it is decided."""

    __tablename__ = "appeals"
    __table_args__ = (UniqueConstraint("flag_id"), Index(None, "made_by"))

    id: Mapped[str] = id_column("apl")
    flag_id: Mapped[str] = mapped_column(ForeignKey("flags.id", ondelete="CASCADE"))
    made_by: Mapped[str] = mapped_column(ForeignKey("users.id"))
    text: Mapped[str] = mapped_column(Text)
    outcome: Mapped[FlagStatus | None] = mapped_column(choice(FlagStatus, "appeal_outcome"))
    decided_by: Mapped[str | None] = mapped_column(String(32))
    decided_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    decision_reason: Mapped[str | None] = mapped_column(Text)

    flag: Mapped[Flag] = relationship(back_populates="appeal", lazy="raise")
