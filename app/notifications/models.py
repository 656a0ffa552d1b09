"""The inbox, what is wanted by mail, and the mails themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.models import Base, UtcDateTime, id_column


class Notification(Base):
    """One line of a user's inbox. Its words are made from `kind` and `params` when it is read."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "user_id", "created_at", "id"),
        Index(None, "user_id", "read_at", "created_at", "id"),
        Index(None, "created_at"),
    )

    id: Mapped[str] = id_column("ntf")
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(32))
    params: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    url: Mapped[str | None] = mapped_column(String(500))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class MailPreference(Base):
    """What a user set for mails of a kind; without a row the kind's own default holds."""

    __tablename__ = "mail_preferences"

    user_id: Mapped[str] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True
    )
    kind: Mapped[str] = mapped_column(String(40), primary_key=True)
    wanted: Mapped[bool]


class Mail(Base):
    """A mail to send, or sent. `secret` names the link to sign when it goes out.

    Neither `text` nor `html` ever holds a signed link; a mark stands in its place.
    """

    __tablename__ = "mails"
    __table_args__ = (Index(None, "created_at", "id"), Index(None, "to_address", "created_at"))

    id: Mapped[str] = id_column("mai")
    to_address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    secret: Mapped[dict[str, str] | None] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refusal: Mapped[str | None] = mapped_column(Text)
