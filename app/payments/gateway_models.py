"""What gateways told us, and the lines of their statements."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.models import (
    Base,
    UtcDateTime,
    id_column,
)
from app.core.money import Money
from app.identity.models import User
from app.payments import ddl

_IS_SET_ASIDE = text("set_aside_by IS NOT NULL")


class GatewayEvent(Base):
    """The inbox: what a gateway told us, once a message, however often it is delivered.

    One that can never be applied is set aside by an admin, which counts as processed.
    """

    __tablename__ = "gateway_events"
    __table_args__ = (
        UniqueConstraint("gateway", "external_id"),
        Index(None, "processed_at", "received_at"),
        Index(None, "subject"),
        Index(
            "ix_gateway_events_received_at_set_aside",
            "received_at",
            "id",
            sqlite_where=_IS_SET_ASIDE,
            postgresql_where=_IS_SET_ASIDE,
        ),
    )

    id: Mapped[str] = id_column("gev")
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(300))
    set_aside_by: Mapped[str | None] = mapped_column(String(32))
    set_aside_because: Mapped[str | None] = mapped_column(String(300))

    admin: Mapped[User | None] = relationship(
        lazy="raise", viewonly=True,
        primaryjoin="foreign(GatewayEvent.set_aside_by) == User.id",
    )  # fmt: skip

    @property
    def money(self) -> Money:
        """What the gateway said moved."""
        return Money(self.payload["amount"], self.payload["currency"])

    @property
    def set_aside_at(self) -> datetime | None:
        """When an admin said that it will never be applied."""
        return self.processed_at if self.set_aside_by is not None else None


class GatewayEntry(Base):
    """A line of a gateway's statement: what it says came in (+) or went out (−). Only added.

    `statement_id` is the bank's own name of the entry where people read it off the statement:
    one entry may stand for several payouts, each of which is a line of its own here.
    """

    __tablename__ = "gateway_entries"
    __table_args__ = (
        UniqueConstraint("gateway", "external_id"),
        CheckConstraint("amount <> 0", name="amount_moves"),
        Index(None, "gateway", "currency", "at"),
        Index(None, "gateway", "statement_id"),
    )

    id: Mapped[str] = id_column("gen")
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(64))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    statement_id: Mapped[str | None] = mapped_column(String(120))


ddl.attach(Base.metadata, ("gateway_entries",))
