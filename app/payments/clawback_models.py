"""What was taken back of releases, and what of it is still owed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.models import Base, UtcDateTime, id_column
from app.core.money import Money

_IS_OWED = text("owed > 0")


class Clawback(Base):
    """A release of which `amount` was taken back, and why. `owed` is the part that the influencer
    had withdrawn already: it is taken from what becomes available next.

    `reference` and `milestone` are those of the release; `business_key` names it among several.
    """

    __tablename__ = "clawbacks"
    __table_args__ = (
        UniqueConstraint("reference", "milestone", "business_key"),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("owed >= 0 AND owed <= amount", name="owed_within_amount"),
        CheckConstraint("(owed = 0) = (settled_at IS NOT NULL)", name="settled_when_nothing_owed"),
        Index(None, "influencer_id", "created_at", "id"),
        Index(
            "ix_clawbacks_influencer_id_owed",
            "influencer_id",
            "currency",
            "created_at",
            sqlite_where=_IS_OWED,
            postgresql_where=_IS_OWED,
        ),
        Index(
            "ix_clawbacks_sponsor_id_owed",
            "sponsor_id",
            "currency",
            sqlite_where=_IS_OWED,
            postgresql_where=_IS_OWED,
        ),
    )

    id: Mapped[str] = id_column("clb")
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    reference: Mapped[str] = mapped_column(String(64))
    milestone: Mapped[str] = mapped_column(String(64))
    business_key: Mapped[str] = mapped_column(String(64))
    amount: Mapped[int] = mapped_column(BigInteger)
    owed: Mapped[int] = mapped_column(BigInteger, default=0)
    currency: Mapped[str] = mapped_column(String(3))
    reason: Mapped[str] = mapped_column(String(300))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def money(self) -> Money:
        """All that was taken back."""
        return Money(self.amount, self.currency)

    @property
    def money_owed(self) -> Money:
        """What is still owed of it."""
        return Money(self.owed, self.currency)
