"""Wire shapes of statements, invoices and credit notes."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import fields, validate

from app.core.schemas import Input, MoneyRead, Output, PageQuery, day, page_of, text
from app.payments.invoicing import InvoiceKind, InvoiceLineKind
from app.payments.postings import TransferKind


def _word(values: type[StrEnum], **kwargs: Any) -> fields.Enum:
    return fields.Enum(values, by_value=True, **kwargs)


def _currency() -> fields.String:
    return fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR."),
    )


# --- statements ---------------------------------------------------------------------------------


class StatementExportQuery(Input):
    """Which statement: days of the reader's time zone, both included, at most 400; this month and
    the own currency where left out."""

    since = day(load_default=None)
    until = day(load_default=None)
    currency = _currency()


class StatementQuery(PageQuery):
    """Which statement, and which page of its lines (they run from the first to the last)."""

    since = day(load_default=None)
    until = day(load_default=None)
    currency = _currency()


class StatementNameRead(Output):
    """A campaign by its title, or the other side by its name; `slug` is that of the profile."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True, allow_none=True)


class StatementLineRead(Output):
    """One movement: `in` or `out` is set, `balance` is what there was after it."""

    id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    kind = _word(TransferKind, required=True)
    campaign = fields.Nested(StatementNameRead, required=True, allow_none=True)
    party = fields.Nested(StatementNameRead, required=True, allow_none=True)
    deliverable = fields.String(required=True, allow_none=True)
    reference = fields.String(required=True, allow_none=True)
    payment_id = fields.String(required=True, allow_none=True)
    money_in = fields.Nested(MoneyRead, required=True, allow_none=True, data_key="in")
    money_out = fields.Nested(MoneyRead, required=True, allow_none=True, data_key="out")
    balance = fields.Nested(MoneyRead, required=True, attribute="money_after")


class StatementRead(Output):
    """A statement and a page of its lines; the balances and sums are those of the whole period.

    `unfinished`: its last day is not over in `time_zone`, more lines may come.
    """

    currency = fields.String(required=True)
    since = fields.Date(required=True, attribute="period.since")
    until = fields.Date(required=True, attribute="period.until")
    time_zone = fields.String(required=True, attribute="period.time_zone")
    unfinished = fields.Boolean(required=True)
    opening = fields.Nested(MoneyRead, required=True)
    came_in = fields.Nested(MoneyRead, required=True, data_key="in")
    went_out = fields.Nested(MoneyRead, required=True, data_key="out")
    closing = fields.Nested(MoneyRead, required=True)
    items = fields.List(fields.Nested(StatementLineRead), required=True, attribute="lines.items")
    next = fields.String(required=True, allow_none=True, attribute="lines.next")
    total = fields.Integer(required=True, attribute="lines.total")


# --- invoices -----------------------------------------------------------------------------------


class InvoiceFilters(Input):
    """Which documents are wanted; days are those of issue, both included."""

    kind = _word(InvoiceKind, load_default=None)
    currency = _currency()
    reference = text(64, load_default=None)
    since = day(load_default=None)
    until = day(load_default=None)


class InvoiceQuery(InvoiceFilters, PageQuery):
    """Which documents, and which page of them."""


class AdminInvoiceFilters(InvoiceFilters):
    """Which documents of all are wanted."""

    sponsor_id = text(32, load_default=None)
    influencer_id = text(32, load_default=None)


class AdminInvoiceQuery(AdminInvoiceFilters, PageQuery):
    """Which documents of all, and which page of them."""


class InvoicePartyRead(Output):
    """A side as it was on the day of issue."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    country = fields.String(required=True)
    site = fields.String(allow_none=True)


class InvoiceCampaignRead(Output):
    """The campaign as it was called on the day of issue."""

    id = fields.String(required=True)
    title = fields.String(required=True)


class InvoiceNumberRead(Output):
    """Another document."""

    id = fields.String(required=True)
    number = fields.String(required=True, attribute="label")
    total = fields.Nested(MoneyRead, required=True)


class InvoiceSummaryRead(Output):
    """An invoice or credit note in a list. `reference` is the ad request."""

    id = fields.String(required=True)
    number = fields.String(
        required=True, attribute="label", metadata={"example": "7QK2ZD-2026-000001"}
    )
    kind = _word(InvoiceKind, required=True)
    issued_on = fields.Date(required=True)
    issued_at = fields.AwareDateTime(required=True)
    total = fields.Nested(MoneyRead, required=True)
    reference = fields.String(required=True)
    sponsor = fields.Nested(InvoicePartyRead, required=True, attribute="snapshot.sponsor")
    influencer = fields.Nested(
        InvoicePartyRead, required=True, allow_none=True, attribute="snapshot.influencer"
    )
    campaign = fields.Nested(
        InvoiceCampaignRead, required=True, allow_none=True, attribute="snapshot.campaign"
    )
    credits = fields.Nested(InvoiceNumberRead, required=True, allow_none=True)


class InvoiceLineRead(Output):
    """A line, for one payment. `title` is the deliverable's, empty where there is none."""

    id = fields.String(required=True)
    kind = _word(InvoiceLineKind, required=True)
    title = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="money")
    payment_id = fields.String(required=True)


class InvoiceRead(InvoiceSummaryRead):
    """An invoice or credit note with its lines, and the credit notes that point at it."""

    lines = fields.List(fields.Nested(InvoiceLineRead), required=True)
    credited_by = fields.List(fields.Nested(InvoiceNumberRead), required=True)


InvoiceSummaryPage = page_of(InvoiceSummaryRead)
