"""Invoices and credit notes: the sponsor's own, those of an influencer's work, all for admins."""

from __future__ import annotations

from typing import Any

from flask import Response

from app.api.blueprint import Blueprint, etag_of
from app.api.export import Columns, at, csv_file
from app.api.limits import EXPORTS, by_actor
from app.api.security import access, current_actor
from app.core.actor import Role
from app.core.extensions import limiter
from app.core.spreadsheet import decimal
from app.payments import invoice_lists
from app.payments.document_schemas import (
    AdminInvoiceFilters,
    AdminInvoiceQuery,
    InvoiceFilters,
    InvoiceQuery,
    InvoiceRead,
    InvoiceSummaryPage,
)
from app.payments.invoice_models import Invoice
from app.payments.invoicing import InvoiceKind


def _total(row: Invoice) -> Any:
    """A credit note takes back what an invoice asked for, so that a column of both sums up."""
    sign = -1 if row.kind is InvoiceKind.CREDIT_NOTE else 1
    return decimal(sign * row.total.amount, row.currency)


_COLUMNS: Columns = {
    "id": at("id"),
    "number": at("label"),
    "kind": at("kind"),
    "issued_on": at("issued_on"),
    "total": _total,
    "currency": at("currency"),
    "sponsor": at("snapshot", "sponsor", "name"),
    "influencer": at("snapshot", "influencer", "name"),
    "campaign": at("snapshot", "campaign", "title"),
    "credits": at("credits", "label"),
    "reference": at("reference"),
    "issued_at": at("issued_at"),
}


def register(bp: Blueprint, role: Role) -> None:
    """Put the documents on the surface of `role`."""
    is_admin = role is Role.ADMIN
    reads = access(role, own=None if is_admin else role.value)

    @bp.route("/invoices", methods=["GET"])
    @reads
    @bp.arguments(AdminInvoiceQuery if is_admin else InvoiceQuery, location="query")
    @bp.response(200, InvoiceSummaryPage)
    def list_invoices(query: dict[str, Any]) -> Any:
        """Invoices and credit notes, the newest first."""
        return invoice_lists.invoices_of(current_actor(), **query)

    @bp.route("/invoices.csv", methods=["GET"])
    @reads
    @limiter.limit(EXPORTS, key_func=by_actor)
    @bp.arguments(AdminInvoiceFilters if is_admin else InvoiceFilters, location="query")
    @bp.response(200, {"type": "string"}, content_type="text/csv")
    def export_invoices(query: dict[str, Any]) -> Response:
        """The same documents as CSV, the oldest first; the total of a credit note is negative."""
        actor = current_actor()
        return csv_file(
            "invoices",
            _COLUMNS,
            lambda page: invoice_lists.invoices_of(actor, page, **query),
            order="issued_at",
        )

    @bp.route("/invoices/<string:invoice_id>", methods=["GET"])
    @reads
    @bp.response(200, InvoiceRead)
    def read_invoice(invoice_id: str) -> Any:
        """An invoice or credit note with its lines."""
        row = invoice_lists.get_invoice(current_actor(), invoice_id)
        # Nothing of it ever changes but which credit notes point at it.
        return row, 200, {"ETag": etag_of(row.id, len(row.credited_by))}

    @bp.route("/invoices/<string:invoice_id>.pdf", methods=["GET"])
    @limiter.limit("20 per minute")
    @reads
    @bp.response(200, {"type": "string", "format": "binary"}, content_type="application/pdf")
    def print_invoice(invoice_id: str) -> Response:
        """An invoice or credit note as a PDF, in the reader's language."""
        row = invoice_lists.get_invoice(current_actor(), invoice_id)
        return Response(
            invoice_lists.invoice_pdf(current_actor(), row),
            content_type="application/pdf",
            headers={"Content-Disposition": f'attachment; filename="{row.label}.pdf"'},
        )
