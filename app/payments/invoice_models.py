"""Invoices and credit notes: what a sponsor was asked for, as it was then, never changed.

Each sponsor's documents are numbered without gaps. The counter moves in the transaction that
stores the document, so that what is rolled back leaves no hole.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Date,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.models import Base, UtcDateTime, choice, id_column
from app.core.money import Money
from app.payments import ddl
from app.payments.invoicing import InvoiceKind, InvoiceLineKind


class InvoiceCounter(Base):
    """The last number given out in a series of a sponsor."""

    __tablename__ = "invoice_counters"
    __table_args__ = (CheckConstraint("last > 0", name="last_positive"),)

    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"), primary_key=True)
    series: Mapped[str] = mapped_column(String(16), primary_key=True)
    last: Mapped[int]


class Invoice(Base):
    """An invoice for what was released, or a credit note for what came back. Only added.

    `reference` is the ad request and `milestone` its deliverable (or the order of a commission).
    `snapshot` holds the names and addresses of that day: `issuer`, `sponsor`, `influencer`,
    `campaign`, `deliverable`. `issued_on` is the sponsor's calendar day.
    """

    __tablename__ = "invoices"
    __table_args__ = (
        UniqueConstraint("sponsor_id", "series", "number"),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("total_amount > 0", name="total_positive"),
        CheckConstraint(
            "(kind = 'credit_note') = (credits_id IS NOT NULL)", name="credit_note_credits"
        ),
        Index(None, "sponsor_id", "issued_at", "id"),
        Index(None, "influencer_id", "issued_at", "id"),
        Index(None, "issued_at", "id"),
        Index(None, "reference", "milestone"),
        Index(None, "credits_id"),
    )

    id: Mapped[str] = id_column("ivc")
    kind: Mapped[InvoiceKind] = mapped_column(choice(InvoiceKind))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str | None] = mapped_column(ForeignKey("influencers.id"))
    series: Mapped[str] = mapped_column(String(16))
    number: Mapped[int]
    currency: Mapped[str] = mapped_column(String(3))
    total_amount: Mapped[int] = mapped_column(BigInteger)
    reference: Mapped[str] = mapped_column(String(64))
    milestone: Mapped[str] = mapped_column(String(64))
    credits_id: Mapped[str | None] = mapped_column(ForeignKey("invoices.id"))
    snapshot: Mapped[dict[str, Any]] = mapped_column(JSON)
    issued_on: Mapped[date] = mapped_column(Date)
    issued_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    lines: Mapped[list[InvoiceLine]] = relationship(
        lazy="raise", order_by="InvoiceLine.position", viewonly=True
    )
    credits: Mapped[Invoice | None] = relationship(
        lazy="raise", remote_side="Invoice.id", viewonly=True
    )
    credited_by: Mapped[list[Invoice]] = relationship(
        lazy="raise", order_by="Invoice.issued_at", viewonly=True
    )

    @property
    def label(self) -> str:
        """The number as it is printed: `7QK2ZD-2026-000001`. It begins with the sponsor's code,
        since each sponsor's documents are counted by themselves."""
        return f"{self.sponsor_id[-6:].upper()}-{self.series}-{self.number:06d}"

    @property
    def total(self) -> Money:
        """The sum of the lines that the reader sees."""
        return Money(self.__dict__.get("_shown_amount", self.total_amount), self.currency)

    def show_only(self, amount: int) -> None:
        """Let the reader see no more than `amount` of the total (it is not stored)."""
        self.__dict__["_shown_amount"] = amount


class InvoiceLine(Base):
    """One line, for exactly one payment. Only added. `title` is the deliverable's, if known."""

    __tablename__ = "invoice_lines"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        UniqueConstraint("invoice_id", "position"),
        CheckConstraint("amount > 0", name="amount_positive"),
    )

    id: Mapped[str] = id_column("ivl")
    invoice_id: Mapped[str] = mapped_column(ForeignKey("invoices.id"))
    position: Mapped[int]
    kind: Mapped[InvoiceLineKind] = mapped_column(choice(InvoiceLineKind))
    title: Mapped[str] = mapped_column(String(160), default="")
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"))

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)


ddl.attach(Base.metadata, ddl.DOCUMENT_TABLES)
