"""The one table of files."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.models import Base, UtcDateTime, id_column, not_negative


class StoredFile(Base):
    """An uploaded file. `attached_type` and `attached_id` name the one thing that it hangs on.

    `sha256` and `size` are those of the bytes as stored, which for images are not the uploaded
    ones. `owner_id` is the uploader; users live higher up, so it is no foreign key.
    """

    __tablename__ = "stored_files"
    __table_args__ = (
        UniqueConstraint("storage_key"),
        CheckConstraint(
            "(attached_type IS NULL) = (attached_id IS NULL)", name="attached_to_one_thing"
        ),
        *not_negative("size"),
        Index(None, "attached_type", "attached_id"),
        Index(None, "owner_id", "attached_type", "created_at"),
        Index(None, "attached_type", "created_at"),
    )

    id: Mapped[str] = id_column("fil")
    owner_id: Mapped[str] = mapped_column(String(32))
    storage_key: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(200))
    width: Mapped[int | None]
    height: Mapped[int | None]
    attached_type: Mapped[str | None] = mapped_column(String(40))
    attached_id: Mapped[str | None] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def is_image(self) -> bool:
        """Whether a browser may show it in place."""
        return self.content_type.startswith("image/")
