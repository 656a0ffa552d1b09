"""Wire shapes of what admins confirm from the bank's statement."""

from __future__ import annotations

from marshmallow import fields, validate

from app.core.schemas import Input, MoneyRead, Output, PageQuery, amount, page_of, public_id, text
from app.payments.bank_statements import GATEWAYS
from app.payments.lifecycle import DepositStatus, PayoutBatchStatus, PayoutLineStatus
from app.payments.manual_own_money import OwnMoneyKind
from app.payments.payout_batches import LARGEST_BATCH
from app.payments.payout_schemas import PayoutAdmin
from app.payments.schemas import PaymentPartyRead
from app.payments.statement_comparison import LineState

# The bank's entry id, as admins copy it.
ENTRY = 64


class AdminDepositRead(Output):
    """A deposit as admins see it; `reference` is what the payer writes on a bank transfer."""

    id = fields.String(required=True)
    payment_id = fields.String(required=True)
    reference = fields.String(required=True, allow_none=True, attribute="external_id")
    sponsor = fields.Nested(PaymentPartyRead, required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="payment.money")
    gateway = fields.String(required=True)
    status = fields.Enum(DepositStatus, by_value=True, required=True)
    failure = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="payment.settled_at"
    )


AdminDepositPage = page_of(AdminDepositRead)


class AdminDepositFilters(Input):
    """Which deposits are wanted; `search` is a reference or an id."""

    gateway = text(24, load_default=None)
    status = fields.Enum(DepositStatus, by_value=True, load_default=None)
    search = text(64, load_default=None)


class AdminDepositQuery(AdminDepositFilters, PageQuery):
    """Which deposits, and which page of them."""


class DepositConfirmation(Input):
    """What came, as the bank's statement says it; `return_entry_id` is the entry by which it was
    sent back, where the sponsor's account is closed."""

    amount = amount(required=True)
    entry_id = text(ENTRY, shortest=1, required=True)
    return_entry_id = text(ENTRY, shortest=1, load_default=None, allow_none=True)


class DepositDecline(Input):
    """Why no money counts; the sponsor reads it."""

    reason = text(300, shortest=1, required=True)


class WalletReturnCreate(Input):
    """What was sent back to a sponsor by a bank transfer, by which entry of the bank's statement,
    and why; the sponsor reads the reason."""

    amount = amount(required=True)
    entry_id = text(ENTRY, shortest=1, required=True)
    reason = text(250, shortest=1, required=True)


# --- payout batches -----------------------------------------------------------------------------


class PayoutLineRead(Output):
    """One payout of a batch; `account` is masked, the file has it whole. One that was paid and
    came back has `returned_at`; `failure` is why it failed or came back. One that is `on_hold`
    waits for the end of a flag, and is not in the file."""

    id = fields.String(required=True)
    withdrawal_id = fields.String(required=True)
    reference = fields.String(required=True)
    influencer = fields.Nested(PaymentPartyRead, required=True, attribute="withdrawal.influencer")
    account = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="withdrawal.payment.money")
    status = fields.Enum(PayoutLineStatus, by_value=True, required=True)
    on_hold = fields.Boolean(required=True)
    entry_id = fields.String(required=True, allow_none=True)
    failure = fields.String(required=True, allow_none=True, attribute="why_not")
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    returned_at = fields.AwareDateTime(required=True, allow_none=True)


class PayoutBatchBrief(Output):
    """A batch of payouts; `waiting` lines are neither paid nor failed yet. `downloaded_at` is when
    its file for the bank was taken last."""

    id = fields.String(required=True)
    status = fields.Enum(PayoutBatchStatus, by_value=True, required=True)
    total = fields.Nested(MoneyRead, required=True)
    count = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    created_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    closed_at = fields.AwareDateTime(required=True, allow_none=True)
    downloaded_at = fields.AwareDateTime(required=True, allow_none=True)


PayoutBatchPage = page_of(PayoutBatchBrief)


class PayoutBatchRead(PayoutBatchBrief):
    """A batch with its lines, and who took its file last."""

    downloaded_by = fields.Nested(
        PayoutAdmin, required=True, allow_none=True, attribute="downloader"
    )
    lines = fields.List(fields.Nested(PayoutLineRead), required=True)


class PayoutBatchFilters(Input):
    """Which batches are wanted."""

    status = fields.Enum(PayoutBatchStatus, by_value=True, load_default=None)


class PayoutBatchQuery(PayoutBatchFilters, PageQuery):
    """Which batches, and which page of them."""


class WaitingPayoutsRead(Output):
    """Payouts by bank transfer of one currency that are in no batch yet."""

    total = fields.Nested(MoneyRead, required=True)
    count = fields.Integer(required=True)


class WaitingPayoutsList(Output):
    """What a new batch would hold, by currency."""

    items = fields.List(fields.Nested(WaitingPayoutsRead), required=True)


class PayoutBatchCreate(Input):
    """The currency whose waiting payouts are collected, the oldest first."""

    currency = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR."),
    )


class PayoutReturn(Input):
    """By which entry of the bank's statement a payout came back, and why; the influencer reads
    the reason."""

    entry_id = text(ENTRY, shortest=1, required=True)
    reason = text(250, shortest=1, required=True)


class PayoutBatchConfirmation(Input):
    """How lines ended: `paid` with the bank's entry, or `failed` with a reason; without
    `line_ids` all that still wait and are not on hold. `reuse_entry` says that the entry, which
    paid another batch already, is of both together."""

    outcome = fields.String(required=True, validate=validate.OneOf(("paid", "failed")))
    entry_id = text(ENTRY, shortest=1, load_default=None, allow_none=True)
    reason = text(300, shortest=1, load_default=None, allow_none=True)
    line_ids = fields.List(
        public_id("pol"),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, LARGEST_BATCH),
    )
    reuse_entry = fields.Boolean(load_default=False)


# --- the operator's own money -------------------------------------------------------------------


class GatewayMoneyRead(Output):
    """Minor units at a gateway: all of it, and what the operator paid in there less what they took
    out and its costs (`own`)."""

    gateway = fields.String(required=True)
    currency = fields.String(required=True)
    cash = fields.Integer(required=True)
    own = fields.Integer(required=True)


class CurrencyMoneyRead(Output):
    """Minor units at all gateways together: what must be there for others (`of_users`), and what is
    the operator's `own`, the `fees` that the platform earned among it. Below zero it is missing."""

    currency = fields.String(required=True)
    cash = fields.Integer(required=True)
    of_users = fields.Integer(required=True)
    fees = fields.Integer(required=True)
    own = fields.Integer(required=True)


class GatewayMoneyList(Output):
    """What lies at each gateway, and whose it is, by currency."""

    items = fields.List(fields.Nested(GatewayMoneyRead), required=True)
    currencies = fields.List(fields.Nested(CurrencyMoneyRead), required=True)


class OwnMoneyCreate(Input):
    """What the operator paid into the bank account of transfers (`in`), took out of it (`out`), or
    was charged by the bank (`charge`), and by which entry of the bank's statement."""

    kind = fields.Enum(OwnMoneyKind, by_value=True, load_default=OwnMoneyKind.IN)
    amount = amount(required=True)
    entry_id = text(ENTRY, shortest=1, required=True)
    reason = text(250, shortest=1, required=True)


# --- the statement of a bank, beside ours -------------------------------------------------------


class StatementFile(Input):
    """A statement as CSV: of `manual` with the columns date, entry id, amount, currency, text; of
    `stripe` its balance transactions."""

    gateway = fields.String(required=True, validate=validate.OneOf(GATEWAYS))
    content = fields.String(required=True, validate=validate.Length(1, 900_000))


class ComparedLineRead(Output):
    """A line of the bank's, of ours, or of both; `line` is its place in the file."""

    state = fields.Enum(LineState, by_value=True, required=True)
    line = fields.Integer(required=True, allow_none=True, attribute="number")
    on = fields.Date(required=True)
    name = fields.String(required=True)
    text = fields.String(required=True)
    theirs = fields.Nested(MoneyRead, required=True, allow_none=True)
    ours = fields.Nested(MoneyRead, required=True, allow_none=True)
    subjects = fields.List(fields.String(), required=True)


class ComparisonRead(Output):
    """A statement beside ours, what does not match first; days are those of the file."""

    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    matched = fields.Integer(required=True)
    other_amount = fields.Integer(required=True)
    missing_here = fields.Integer(required=True)
    missing_there = fields.Integer(required=True)
    lines = fields.List(fields.Nested(ComparedLineRead), required=True)


# --- gateway events -----------------------------------------------------------------------------


class GatewayEventRead(Output):
    """Something that a gateway said; `error` is why it could not be applied."""

    id = fields.String(required=True)
    gateway = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="payload")
    error = fields.String(required=True, allow_none=True)
    received_at = fields.AwareDateTime(required=True)
    set_aside_at = fields.AwareDateTime(required=True, allow_none=True)
    set_aside_by = fields.Nested(PayoutAdmin, required=True, allow_none=True, attribute="admin")
    set_aside_because = fields.String(required=True, allow_none=True)


GatewayEventPage = page_of(GatewayEventRead)


class GatewayEventFilters(Input):
    """Which events are wanted: those that wait to be applied, or those that were set aside.
    `subject` is the deposit or withdrawal that the gateway named."""

    state = fields.String(validate=validate.OneOf(("waiting", "set_aside")), load_default="waiting")
    gateway = text(24, load_default=None)
    subject = text(64, load_default=None)


class GatewayEventQuery(GatewayEventFilters, PageQuery):
    """Which events, and which page of them."""


class GatewayEventSetAside(Input):
    """Why the event will never be applied; it is kept with the event."""

    reason = text(300, shortest=1, required=True)
