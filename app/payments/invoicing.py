"""The arithmetic of invoices: which payments stand on one document, and how it is numbered.

Pure: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

CREDIT_SERIES = "CN"


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class InvoiceLineKind(StrEnum):
    """What a line asks for, or gives back."""

    FEE = "fee"
    COMMISSION = "commission"
    PLATFORM_FEE = "platform_fee"
    CLAWBACK = "clawback"


@dataclass(frozen=True)
class Due:
    """A payment that belongs on a document. `earner` is None where the platform earns."""

    payment_id: str
    kind: InvoiceLineKind
    amount: int
    currency: str
    sponsor_id: str
    earner: str | None
    reference: str
    milestone: str


@dataclass(frozen=True)
class Draft:
    """A document before it has a number."""

    kind: InvoiceKind
    lines: tuple[Due, ...]

    @property
    def first(self) -> Due:
        return self.lines[0]

    @property
    def total(self) -> int:
        """Minor units of all lines."""
        return sum(line.amount for line in self.lines)

    @property
    def earner(self) -> str | None:
        """The influencer whose work it is about, if one is among the lines."""
        return next((line.earner for line in self.lines if line.earner), None)


_ORDER = tuple(InvoiceLineKind)


def drafts(due: Iterable[Due]) -> list[Draft]:
    """One document for each sponsor, agreement, milestone, currency and direction.

    Sorted by sponsor (so that counters are locked in one order), invoices before credit notes
    (which point at them). The fee stands first on an invoice, the platform's share last.
    """
    groups: dict[tuple[str, bool, str, str, str], list[Due]] = {}
    for one in due:
        credit = one.kind is InvoiceLineKind.CLAWBACK
        key = (one.sponsor_id, credit, one.reference, one.milestone, one.currency)
        groups.setdefault(key, []).append(one)
    return [
        Draft(
            InvoiceKind.CREDIT_NOTE if key[1] else InvoiceKind.INVOICE,
            tuple(sorted(groups[key], key=lambda line: (_ORDER.index(line.kind), line.payment_id))),
        )
        for key in sorted(groups)
    ]


def series(kind: InvoiceKind, day: date) -> str:
    """The series of a document of that day: `2026`, and `CN-2026` for credit notes."""
    year = f"{day.year:04d}"
    return year if kind is InvoiceKind.INVOICE else f"{CREDIT_SERIES}-{year}"
