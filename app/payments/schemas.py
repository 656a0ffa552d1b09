"""Wire shapes of payments."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from marshmallow import fields, validate

from app.core.schemas import Input, MoneyRead, Output, PageQuery, amount, day, page_of, text
from app.payments.gateways.base import PaysBy
from app.payments.lifecycle import DepositStatus, PaymentStatus
from app.payments.models import PaymentKind
from app.payments.postings import AccountKind, TransferKind


def _word(values: type[StrEnum], **kwargs: Any) -> fields.Enum:
    """A field whose values are those of an enum."""
    return fields.Enum(values, by_value=True, **kwargs)


def _currency(**kwargs: Any) -> fields.String:
    return fields.String(
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR."), **kwargs
    )


# --- wallets ------------------------------------------------------------------------------------


class WalletBalanceRead(Output):
    """Minor units of one currency: what may be committed, and what lies in escrows."""

    currency = fields.String(required=True)
    available = fields.Integer(required=True)
    held = fields.Integer(required=True)


class WalletTotalsRead(WalletBalanceRead):
    """A balance with the sums behind it, in minor units: `deposited` is `available + held +
    released + platform_fees + returned`; what was `refunded` is available again, what was
    `returned` was sent back to the sponsor's bank. `due_back` was withdrawn by influencers before
    it was taken back, and comes once they have earned it again."""

    deposited = fields.Integer(required=True)
    released = fields.Integer(required=True)
    refunded = fields.Integer(required=True)
    platform_fees = fields.Integer(required=True)
    returned = fields.Integer(required=True)
    due_back = fields.Integer(required=True)


class WalletRead(Output):
    """A sponsor's wallet."""

    balances = fields.List(fields.Nested(WalletTotalsRead), required=True)


class ComingWeekRead(Output):
    """Minor units that become withdrawable in the week from this Monday."""

    monday = fields.Date(required=True)
    amount = fields.Integer(required=True)


class EarningsBalanceRead(Output):
    """Minor units of one currency: what may be withdrawn, what waits for its date, what is on its
    way out, and the smallest withdrawal. Of what is `held`, `held_soon` comes within seven days and
    `contested` waits for a decision; `weeks` (of the reader's time zone, this one first) sum what
    has a date, the overdue in the first and all that is later in the last. `owed` was taken back
    after it was withdrawn: it is taken from what becomes available next."""

    currency = fields.String(required=True)
    available = fields.Integer(required=True)
    held = fields.Integer(required=True)
    in_flight = fields.Integer(required=True)
    minimum = fields.Integer(required=True)
    held_soon = fields.Integer(required=True)
    contested = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    weeks = fields.List(fields.Nested(ComingWeekRead), required=True)


class UpcomingRead(Output):
    """A release in its hold period that comes by itself."""

    payment_id = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="money")
    available_at = fields.AwareDateTime(required=True, attribute="due_at")
    reference = fields.String(required=True, allow_none=True, attribute="payment.reference")
    milestone = fields.String(required=True, allow_none=True, attribute="payment.milestone")


class TakenBackRead(Output):
    """What went back to a sponsor of something released, and why; `owed` is still to be taken from
    what becomes available next."""

    id = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="money")
    owed = fields.Nested(MoneyRead, required=True, attribute="money_owed")
    reason = fields.String(required=True)
    reference = fields.String(required=True)
    milestone = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)


class EarningsRead(Output):
    """An influencer's earnings; `upcoming` is what becomes available next, the soonest first;
    `taken_back` has what is still owed first, then the newest, at most 20."""

    balances = fields.List(fields.Nested(EarningsBalanceRead), required=True)
    upcoming = fields.List(fields.Nested(UpcomingRead), required=True)
    taken_back = fields.List(fields.Nested(TakenBackRead), required=True)


# --- payments -----------------------------------------------------------------------------------


class PaymentPartyRead(Output):
    """The sponsor or the influencer of a payment."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)


class PaymentRead(Output):
    """One movement as a person sees it. `reference` is the ad request, `milestone` its
    deliverable; `available_at` is the date on which a held release may be withdrawn, unless it is
    contested (`contested_at`): then an admin decides first."""

    id = fields.String(required=True)
    kind = _word(PaymentKind, required=True)
    status = _word(PaymentStatus, required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="money")
    reference = fields.String(required=True, allow_none=True)
    milestone = fields.String(required=True, allow_none=True)
    sponsor = fields.Nested(PaymentPartyRead, required=True, allow_none=True)
    influencer = fields.Nested(PaymentPartyRead, required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    available_at = fields.AwareDateTime(required=True, allow_none=True)
    contested_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="maturity.contested_at", dump_default=None
    )


PaymentPage = page_of(PaymentRead)


class PaymentFilters(Input):
    """Which payments are wanted; days are those of the reader's time zone, both included."""

    kind = _word(PaymentKind, load_default=None)
    status = _word(PaymentStatus, load_default=None)
    currency = _currency(load_default=None)
    reference = text(64, load_default=None)
    since = day(load_default=None)
    until = day(load_default=None)


class PaymentQuery(PaymentFilters, PageQuery):
    """Which payments, and which page of them."""


# --- deposits -----------------------------------------------------------------------------------


class DepositCreate(Input):
    """Money for the wallet. `outcome` is what the sandbox gateway shall play."""

    amount = amount(required=True)
    gateway = text(24, shortest=1, required=True)
    outcome = text(24, shortest=1, load_default=None, allow_none=True)


class TransferInstructionsRead(Output):
    """The account to transfer to, and the reference to write: only by it the money is found."""

    reference = fields.String(required=True)
    name = fields.String(required=True)
    iban = fields.String()
    account = fields.String()
    bic = fields.String()
    bank = fields.String()
    country = fields.String()


class DepositRead(Output):
    """A deposit. `pay_url` is where to pay, if the gateway has such a page, and `instructions` say
    where to transfer the money; both only while the deposit is open."""

    id = fields.String(required=True)
    payment_id = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="payment.money")
    gateway = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    status = _word(DepositStatus, required=True)
    failure = fields.String(required=True, allow_none=True)
    pay_url = fields.String(required=True, allow_none=True, attribute="open_pay_url")
    instructions = fields.Nested(TransferInstructionsRead, required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="payment.settled_at"
    )


DepositPage = page_of(DepositRead)


class DepositQuery(PageQuery):
    """Which of one's deposits are wanted."""

    status = _word(DepositStatus, load_default=None)


class GatewayRead(Output):
    """A gateway in use. `outcomes` are what a deposit may ask it to play."""

    name = fields.String(required=True)
    outcomes = fields.List(fields.String(), required=True)
    pays_by = _word(PaysBy, required=True)


class GatewayList(Output):
    """The gateways in use."""

    items = fields.List(fields.Nested(GatewayRead), required=True)


# --- the ledger ---------------------------------------------------------------------------------


class AccountBrief(Output):
    """One end of a transfer."""

    id = fields.String(required=True)
    kind = _word(AccountKind, required=True)
    owner_id = fields.String(required=True)
    reference = fields.String(required=True)


class TransferRead(Output):
    """One movement of the ledger."""

    id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    kind = _word(TransferKind, required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="money")
    debit = fields.Nested(AccountBrief, required=True, attribute="debit_account")
    credit = fields.Nested(AccountBrief, required=True, attribute="credit_account")
    reference = fields.String(required=True)
    subject = fields.String(required=True)
    payment_id = fields.String(required=True, allow_none=True)
    reverses_id = fields.String(required=True, allow_none=True)
    idempotency_key = fields.String(required=True)
    actor = fields.String(required=True)


TransferPage = page_of(TransferRead)


class TransferFilters(Input):
    """Which transfers are wanted; `account_id` finds both directions."""

    kind = _word(TransferKind, load_default=None)
    currency = _currency(load_default=None)
    reference = text(64, load_default=None)
    payment_id = text(32, load_default=None)
    account_id = text(32, load_default=None)


class TransferQuery(TransferFilters, PageQuery):
    """Which transfers, and which page of them."""


class CheckRead(Output):
    """One proof; `detail` names the first row that breaks it."""

    name = fields.String(required=True)
    ok = fields.Boolean(required=True)
    detail = fields.String(required=True)


class InvariantsRead(Output):
    """All proofs of the ledger; `ok` when every one holds."""

    ok = fields.Boolean(required=True)
    checks = fields.List(fields.Nested(CheckRead), required=True)
