"""Reading invoices and credit notes: lists, one with everything, and its PDF."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Select, false, func, select
from sqlalchemy.orm import joinedload, selectinload

from app.core.actor import Actor, Role
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.payments import papers
from app.payments.invoice_models import Invoice, InvoiceLine
from app.payments.invoicing import InvoiceLineKind
from app.payments.queries import filtered
from app.payments.readers import reader_of

_NOT_THE_PLATFORMS = InvoiceLine.kind != InvoiceLineKind.PLATFORM_FEE


def invoices_of(
    actor: Actor,
    page: PageRequest,
    *,
    since: date | None = None,
    until: date | None = None,
    **filters: Any,
) -> Page[Invoice]:
    """The documents that the actor may see: the sponsor's own, those about the influencer's work
    (without what the platform takes of the sponsor), all for an admin. Filters: kind, currency,
    reference, sponsor_id, influencer_id, and the days of issue from `since` to `until`, both
    included."""
    statement = filtered(_seen_by(actor), Invoice, **filters)
    if since is not None:
        statement = statement.where(Invoice.issued_on >= since)
    if until is not None:
        statement = statement.where(Invoice.issued_on <= until)
    page_of_rows = paginate(
        statement.options(joinedload(Invoice.credits)),
        page,
        sorts={"issued_at": Invoice.issued_at, "total": Invoice.total_amount},
        default="-issued_at",
        id_column=Invoice.id,
    )
    if actor.role is Role.INFLUENCER:
        _hide_platform_fee([*page_of_rows.items, *(row.credits for row in page_of_rows.items)])
    return page_of_rows


def get_invoice(actor: Actor, invoice_id: str) -> Invoice:
    """One document with its lines and what it credits or was credited by. Raises NotFound."""
    is_influencer = actor.role is Role.INFLUENCER
    lines = Invoice.lines.and_(_NOT_THE_PLATFORMS) if is_influencer else Invoice.lines
    row = db.session.scalar(
        _seen_by(actor)
        .where(Invoice.id == invoice_id)
        .options(
            joinedload(Invoice.credits),
            selectinload(lines),
            selectinload(Invoice.credited_by),
        )
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    if is_influencer:
        _hide_platform_fee([row, row.credits, *row.credited_by])
    return row


def invoice_pdf(actor: Actor, row: Invoice) -> bytes:
    """The PDF of a document (from `get_invoice`) in the actor's language."""
    reader = reader_of(actor)
    money = papers.amount_in(reader, row.currency)
    sponsor, influencer = row.snapshot["sponsor"], row.snapshot["influencer"]
    campaign = row.snapshot["campaign"]
    content = {
        "kind": row.kind.value,
        "number": row.label,
        "issued_on": papers.day_in(reader, row.issued_on),
        "credits": row.credits.label if row.credits else None,
        "currency": row.currency,
        "issuer": _lines_of(row.snapshot.get("issuer")),
        "sponsor": _address(sponsor, "name", "country", "site"),
        "influencer": _address(influencer, "name", "country") if influencer else [],
        "campaign": campaign["title"] if campaign else None,
        "lines": [
            {
                "kind": line.kind.value,
                "title": line.title,
                "amount": money(line.amount),
            }
            for line in row.lines
        ],
        "total": money(row.total.amount),
        "reference": row.reference,
    }
    # Setting it takes a while: nothing is held meanwhile.
    db.session.expunge_all()
    db.session.rollback()
    return papers.pdf("invoice", reader, content)


def _seen_by(actor: Actor) -> Select[Invoice]:
    found = select(Invoice)
    if actor.role is Role.ADMIN:
        return found
    if actor.role is Role.SPONSOR and actor.sponsor_id:
        return found.where(Invoice.sponsor_id == actor.sponsor_id)
    if actor.role is Role.INFLUENCER and actor.influencer_id:
        own = select(InvoiceLine.id).where(InvoiceLine.invoice_id == Invoice.id, _NOT_THE_PLATFORMS)
        return found.where(Invoice.influencer_id == actor.influencer_id, own.exists())
    return found.where(false())


def _hide_platform_fee(rows: Iterable[Invoice | None]) -> None:
    """Show no total with what the platform takes of the sponsor (one statement for all)."""
    documents = {row.id: row for row in rows if row is not None}
    sums = db.session.execute(
        select(InvoiceLine.invoice_id, func.sum(InvoiceLine.amount))
        .where(InvoiceLine.invoice_id.in_(documents), _NOT_THE_PLATFORMS)
        .group_by(InvoiceLine.invoice_id)
    )
    for invoice_id, amount in sums:
        documents[invoice_id].show_only(int(amount))


def _lines_of(issuer: dict[str, str] | None) -> list[str]:
    """The issuer as it is printed; the lines of its address stand between semicolons."""
    if issuer is None:
        return []
    address = [part.strip() for part in issuer["address"].split(";")]
    return [part for part in (issuer["name"], *address, issuer["tax_id"]) if part]


def _address(party: dict[str, Any], *names: str) -> list[str]:
    return [party[name] for name in names if party.get(name)]
