"""The proofs of invoices: every release on one line, numbers without gaps, sums as in the ledger.

Each check is one statement and names the first row that breaks it.
"""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import BigInteger, String, and_, case, cast, func, or_, select, union_all
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from app.core.extensions import db
from app.payments.invoice_models import Invoice, InvoiceCounter, InvoiceLine
from app.payments.invoices import LINE_OF
from app.payments.invoicing import InvoiceKind, InvoiceLineKind
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Account, Payment, Transfer
from app.payments.postings import TransferKind

_CHARGED = (TransferKind.RELEASE, TransferKind.COMMISSION, TransferKind.PLATFORM_FEE)


def releases_are_invoiced() -> str | None:
    """Each release, commission, platform fee and clawback stands on exactly one line, with its
    amount, its kind, its sponsor and its agreement; no other payment stands on any."""
    lines = func.count(InvoiceLine.id)
    kind = case(*((Payment.kind == paid, line.value) for paid, line in LINE_OF.items()), else_="")
    fits = and_(
        InvoiceLine.amount == Payment.amount,
        InvoiceLine.currency == Payment.currency,
        cast(InvoiceLine.kind, String) == kind,
        Invoice.sponsor_id == Payment.sponsor_id,
        Invoice.currency == Payment.currency,
        Invoice.reference == func.coalesce(Payment.reference, ""),
        Invoice.milestone == func.coalesce(Payment.milestone, ""),
        (Invoice.kind == InvoiceKind.CREDIT_NOTE) == (InvoiceLine.kind == InvoiceLineKind.CLAWBACK),
    )
    fitting = func.count(case((fits, 1)))
    documented = and_(
        Payment.kind.in_(LINE_OF), Payment.status.in_([PaymentStatus.HELD, PaymentStatus.SETTLED])
    )
    wanted = case((documented, 1), else_=0)
    row = db.session.execute(
        select(Payment.id, Payment.kind, lines, fitting)
        .outerjoin(InvoiceLine, InvoiceLine.payment_id == Payment.id)
        .outerjoin(Invoice, Invoice.id == InvoiceLine.invoice_id)
        .group_by(Payment.id)
        .having(or_(lines != wanted, fitting != wanted))
        .order_by(Payment.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"payment {row[0]} ({row[1].value}) stands on {row[2]} invoice lines, {row[3]} fit it"


def invoice_numbers_have_no_gaps() -> str | None:
    """In each series of a sponsor the numbers run from 1 to what the counter says."""
    numbers = (
        select(
            Invoice.sponsor_id,
            Invoice.series,
            func.count().label("documents"),
            func.min(Invoice.number).label("first"),
            func.max(Invoice.number).label("last"),
        )
        .group_by(Invoice.sponsor_id, Invoice.series)
        .subquery()
    )
    given = InvoiceCounter
    same = and_(given.sponsor_id == numbers.c.sponsor_id, given.series == numbers.c.series)
    columns = (numbers.c.documents, numbers.c.first, numbers.c.last)
    with_numbers = (
        select(numbers.c.sponsor_id, numbers.c.series, given.last.label("counter"), *columns)
        .outerjoin(given, same)
        .where(
            or_(
                given.last.is_(None),
                given.last != numbers.c.last,
                numbers.c.first != 1,
                numbers.c.last != numbers.c.documents,
            )
        )
    )
    without = (
        select(given.sponsor_id, given.series, given.last, *columns)
        .outerjoin(numbers, same)
        .where(numbers.c.last.is_(None))
    )
    broken = union_all(with_numbers, without).subquery()
    row = db.session.execute(
        select(broken).order_by(broken.c.sponsor_id, broken.c.series).limit(1)
    ).first()
    if row is None:
        return None
    return (
        f"sponsor {row.sponsor_id} has {row.documents or 0} documents in {row.series}, from "
        f"{row.first} to {row.last}; the counter says {row.counter}"
    )


def invoices_match_the_ledger() -> str | None:
    """For each sponsor and currency, invoices less credit notes are what was released, with the
    platform's fees, less what was taken back."""
    signed = case(
        (Invoice.kind == InvoiceKind.CREDIT_NOTE, -Invoice.total_amount),
        else_=Invoice.total_amount,
    )
    escrow, wallet = Account.__table__.alias("escrow"), Account.__table__.alias("wallet")
    sides = union_all(
        select(Invoice.sponsor_id, Invoice.currency, signed.label("documents"), _none("ledger")),
        select(escrow.c.sponsor_id, Transfer.currency, _none("documents"), Transfer.amount)
        .join(escrow, escrow.c.id == Transfer.debit_account_id)
        .where(Transfer.kind.in_(_CHARGED)),
        select(wallet.c.sponsor_id, Transfer.currency, _none("documents"), -Transfer.amount)
        .join(wallet, wallet.c.id == Transfer.credit_account_id)
        .where(Transfer.kind == TransferKind.CLAWBACK),
    ).subquery()
    documents, ledger = _sum(sides.c.documents), _sum(sides.c.ledger)
    row = db.session.execute(
        select(sides.c.sponsor_id, sides.c.currency, documents, ledger)
        .group_by(sides.c.sponsor_id, sides.c.currency)
        .having(documents != ledger)
        .order_by(sides.c.sponsor_id, sides.c.currency)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"sponsor {row[0]} was invoiced {row[2]} {row[1]}, the ledger says {row[3]}"


def invoices_match_their_lines() -> str | None:
    """The total of a document is the sum of its lines, in one currency."""
    lines = func.coalesce(func.sum(InvoiceLine.amount), 0)
    row = db.session.execute(
        select(Invoice.id, Invoice.total_amount, cast(lines, BigInteger))
        .outerjoin(
            InvoiceLine,
            and_(InvoiceLine.invoice_id == Invoice.id, InvoiceLine.currency == Invoice.currency),
        )
        .group_by(Invoice.id)
        .having(Invoice.total_amount != lines)
        .order_by(Invoice.id)
        .limit(1)
    ).first()
    return None if row is None else f"invoice {row[0]} says {row[1]}, its lines {row[2]}"


def credit_notes_match_invoices() -> str | None:
    """A credit note points at an invoice of the same sponsor, currency and milestone, and all
    those of one invoice take back no more than it asked for."""
    note, every = aliased(Invoice), aliased(Invoice)
    taken = (
        select(func.sum(every.total_amount)).where(every.credits_id == Invoice.id).scalar_subquery()
    )
    stray = or_(
        Invoice.kind != InvoiceKind.INVOICE,
        note.kind != InvoiceKind.CREDIT_NOTE,
        note.sponsor_id != Invoice.sponsor_id,
        note.currency != Invoice.currency,
        note.reference != Invoice.reference,
        note.milestone != Invoice.milestone,
        taken > Invoice.total_amount,
    )
    row = db.session.execute(
        select(note.id, Invoice.id)
        .join(Invoice, Invoice.id == note.credits_id)
        .where(stray)
        .order_by(note.id)
        .limit(1)
    ).first()
    return None if row is None else f"credit note {row[0]} does not fit invoice {row[1]}"


INVOICE_CHECKS: dict[str, tuple[Callable[[], str | None], str]] = {
    "releases_are_invoiced": (
        releases_are_invoiced,
        "every release, commission, platform fee and clawback stands on one invoice line",
    ),
    "invoice_numbers_have_no_gaps": (
        invoice_numbers_have_no_gaps,
        "the invoices of every sponsor are numbered without gaps",
    ),
    "invoices_match_the_ledger": (
        invoices_match_the_ledger,
        "invoices less credit notes equal what was released with fees less what came back",
    ),
    "invoices_match_their_lines": (
        invoices_match_their_lines,
        "every invoice is the sum of its lines",
    ),
    "credit_notes_match_invoices": (
        credit_notes_match_invoices,
        "every credit note fits the invoice that it credits",
    ),
}


def _none(name: str) -> ColumnElement[int]:
    return cast(0, BigInteger).label(name)


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL sums big integers to numeric.
    return cast(func.sum(column), BigInteger)
