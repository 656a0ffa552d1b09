"""Payments as a file: what a sponsor or an influencer sees of their money, row by row."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response

from app.api.export import Columns, amount, at, csv_file
from app.core.paging import Page, PageRequest
from app.payments.models import Payment

_COLUMNS: Columns = {
    "id": at("id"),
    "kind": at("kind"),
    "status": at("status"),
    "amount": amount("money"),
    "currency": at("currency"),
    "reference": at("reference"),
    "milestone": at("milestone"),
    "sponsor": at("sponsor", "name"),
    "influencer": at("influencer", "name"),
    "created_at": at("created_at"),
    "settled_at": at("settled_at"),
    "available_at": at("available_at"),
}


def payments_file(read: Callable[[PageRequest], Page[Payment]]) -> Response:
    """The payments that `read` pages through, the oldest first."""
    return csv_file("payments", _COLUMNS, read)
