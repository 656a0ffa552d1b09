"""Invoices and credit notes, issued in the transaction that moves the money.

`issue` runs as the last step of a unit of work (`before_commit`): it sees a milestone's fee and
the platform's share together, whichever was posted first, and keeps the sponsor's counter locked
no longer than it must.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite

from app.audit.service import record
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from app.identity.models import Influencer, Sponsor
from app.payments import naming
from app.payments.invoice_models import Invoice, InvoiceCounter, InvoiceLine
from app.payments.invoicing import Draft, Due, InvoiceKind, InvoiceLineKind, drafts, series
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from app.payments.postings import TransferKind
from app.payments.readers import zone_of

DOCUMENTED = frozenset(
    {
        TransferKind.RELEASE,
        TransferKind.COMMISSION,
        TransferKind.PLATFORM_FEE,
        TransferKind.CLAWBACK,
    }
)
"""The movements that a document is issued for."""

LINE_OF = {
    PaymentKind.RELEASE: InvoiceLineKind.FEE,
    PaymentKind.COMMISSION: InvoiceLineKind.COMMISSION,
    PaymentKind.FEE: InvoiceLineKind.PLATFORM_FEE,
    PaymentKind.CLAWBACK: InvoiceLineKind.CLAWBACK,
}
"""The line that a payment of each kind becomes."""


def issue(payment_ids: list[str]) -> list[Invoice]:
    """Issue the documents of payments that have none yet, inside a unit of work.

    A payment stands on exactly one line, whatever is asked for twice.
    """
    return [_store(draft) for draft in drafts(_due(Payment.id.in_(payment_ids)))]


def issue_missing(limit: int = 500) -> list[Invoice]:
    """Issue what payments from before there were documents lack, oldest first (inside a unit).

    About `limit` payments: those of a milestone stay together, since they are one document.
    """
    oldest = _undocumented(Payment.created_at.is_not(None))
    rows = db.session.scalars(oldest.limit(limit)).all()
    if not rows:
        return []
    whole = {(row.reference, row.milestone) for row in rows}
    due = _due(tuple_(Payment.reference, Payment.milestone).in_(whole))
    return [_store(draft) for draft in drafts(due)]


def _due(condition: ColumnElement[bool]) -> list[Due]:
    return [
        Due(
            payment_id=row.id,
            kind=LINE_OF[row.kind],
            amount=row.amount,
            currency=row.currency,
            sponsor_id=row.sponsor_id or "",
            earner=row.influencer_id,
            reference=row.reference or "",
            milestone=row.milestone or "",
        )
        for row in db.session.scalars(_undocumented(condition))
    ]


def _undocumented(condition: ColumnElement[bool]) -> Select[Payment]:
    return (
        select(Payment)
        .outerjoin(InvoiceLine, InvoiceLine.payment_id == Payment.id)
        .where(
            condition,
            InvoiceLine.id.is_(None),
            Payment.kind.in_(LINE_OF),
            Payment.status.in_([PaymentStatus.HELD, PaymentStatus.SETTLED]),
        )
        .order_by(Payment.created_at, Payment.id)
    )


def _store(draft: Draft) -> Invoice:
    first = draft.first
    sponsor = db.session.get_one(Sponsor, first.sponsor_id)
    credited = _credited(first) if draft.kind is InvoiceKind.CREDIT_NOTE else None
    influencer_id = draft.earner or _earner_before(first)
    moment = now()
    issued_on = moment.astimezone(zone_of(sponsor.time_zone)).date()
    own_series = series(draft.kind, issued_on)
    agreement = naming.agreements([first.reference]).get(first.reference)
    title = agreement.deliverables.get(first.milestone, "") if agreement else ""
    row = Invoice(
        kind=draft.kind,
        sponsor_id=sponsor.id,
        influencer_id=influencer_id,
        series=own_series,
        number=_next_number(sponsor.id, own_series),
        currency=first.currency,
        total_amount=draft.total,
        reference=first.reference,
        milestone=first.milestone,
        credits_id=credited.id if credited else None,
        snapshot=_snapshot(sponsor, influencer_id, agreement, title),
        issued_on=issued_on,
        issued_at=moment,
    )
    db.session.add(row)
    db.session.flush()
    db.session.add_all(_lines(row, draft, title))
    db.session.flush()
    record(
        SYSTEM,
        f"{draft.kind.value}.issued",
        subject_type="invoice",
        subject_id=row.id,
        amount=draft.total,
        currency=first.currency,
        reference=first.reference,
    )
    return row


def _lines(row: Invoice, draft: Draft, title: str) -> list[InvoiceLine]:
    return [
        InvoiceLine(
            invoice_id=row.id,
            position=position,
            kind=line.kind,
            title=title,
            amount=line.amount,
            currency=line.currency,
            payment_id=line.payment_id,
        )
        for position, line in enumerate(draft.lines)
    ]


def _next_number(sponsor_id: str, own_series: str) -> int:
    """The next number, its counter locked until the unit ends: a rollback gives it back."""
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if is_postgres else sqlite.insert)(InvoiceCounter)
    number = db.session.scalar(
        insert.values(sponsor_id=sponsor_id, series=own_series, last=1)
        .on_conflict_do_update(
            index_elements=[InvoiceCounter.sponsor_id, InvoiceCounter.series],
            set_={"last": InvoiceCounter.last + 1},
        )
        .returning(InvoiceCounter.last)
        .execution_options(populate_existing=True)
    )
    assert number is not None
    return int(number)


def _credited(clawback: Due) -> Invoice:
    """The invoice of the release that a clawback takes back; issued now if it has none yet."""
    release = (
        Payment.reference == clawback.reference,
        Payment.milestone == clawback.milestone,
        Payment.kind.in_([PaymentKind.RELEASE, PaymentKind.COMMISSION]),
    )
    found = (
        select(Invoice)
        .join(InvoiceLine, InvoiceLine.invoice_id == Invoice.id)
        .join(Payment, Payment.id == InvoiceLine.payment_id)
        .where(*release)
    )
    kept = db.session.scalar(found)
    if kept is not None:
        return kept
    ids = list(db.session.scalars(select(Payment.id).where(*release)))
    return issue(ids)[0]


def _earner_before(line: Due) -> str | None:
    """Whose work a document without their own line is about (the platform's share alone)."""
    return db.session.scalar(
        select(Payment.influencer_id)
        .where(Payment.reference == line.reference, Payment.influencer_id.is_not(None))
        .limit(1)
    )


def _snapshot(
    sponsor: Sponsor, influencer_id: str | None, agreement: naming.Agreement | None, title: str
) -> dict[str, Any]:
    influencer = db.session.get(Influencer, influencer_id) if influencer_id else None
    return {
        "issuer": _issuer(),
        "sponsor": {
            "id": sponsor.id,
            "name": sponsor.name,
            "kind": sponsor.kind.value,
            "country": sponsor.country,
            "site": sponsor.site,
        },
        "influencer": {
            "id": influencer.id,
            "name": influencer.name,
            "country": influencer.country,
        }
        if influencer
        else None,
        "campaign": {"id": agreement.campaign.id, "title": agreement.campaign.name}
        if agreement
        else None,
        "deliverable": title,
    }


def _issuer() -> dict[str, str] | None:
    """Who bills, as the settings say; None while they do not."""
    own = settings()
    if not own.issuer_name:
        return None
    return {"name": own.issuer_name, "address": own.issuer_address, "tax_id": own.issuer_tax_id}
