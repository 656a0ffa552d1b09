"""What the sides say to each other, and of each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.ad_requests.lifecycle import (
    Party,
)
from app.core.clock import now
from app.core.models import (
    Base,
    UtcDateTime,
    choice,
    id_column,
)


class Message(Base):
    """Something that one side wrote to the other."""

    __tablename__ = "messages"
    __table_args__ = (Index(None, "ad_request_id", "created_at", "id"),)

    id: Mapped[str] = id_column("msg")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    text: Mapped[str] = mapped_column(Text)
    file_ids: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


class MessageMark(Base):
    """Up to when one user has read the messages of one agreement."""

    __tablename__ = "message_marks"

    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"), primary_key=True)
    user_id: Mapped[str] = mapped_column(ForeignKey("users.id"), primary_key=True)
    read_until: Mapped[datetime] = mapped_column(UtcDateTime)


class Rating(Base):
    """What one side thinks of the other after an agreement; see `ratings` for when it shows."""

    __tablename__ = "ratings"
    __table_args__ = (
        UniqueConstraint("ad_request_id", "by"),
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars"),
        Index(None, "sponsor_id", "by", "created_at"),
        Index(None, "influencer_id", "by", "created_at"),
    )

    id: Mapped[str] = id_column("rat")
    ad_request_id: Mapped[str] = mapped_column(ForeignKey("ad_requests.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    by: Mapped[Party] = mapped_column(choice(Party))
    author: Mapped[str] = mapped_column(String(32))
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    revealed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
