"""Wire shapes of withdrawals, of where they go, and of what admins see of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema
from stdnum import bic as bics
from stdnum import iban as ibans

from app.core.schemas import (
    Input,
    MoneyRead,
    Output,
    PageQuery,
    amount,
    multiline,
    page_of,
    public_id,
    text,
)
from app.payments.lifecycle import WithdrawalStatus
from app.payments.payout_models import PayoutMethod

# --- payout details -----------------------------------------------------------------------------

SANDBOX_ACCOUNTS = ("pays", "fails", "slow", "unknown")
# Which fields each method takes; of the bank's `iban` and `account` one is given.
_FIELDS = {
    PayoutMethod.SANDBOX: {"account"},
    PayoutMethod.BANK: {"name", "country", "iban", "bic", "account", "bank_code"},
    PayoutMethod.STRIPE: {"account_id"},
}


# Hyphens and dashes of all kinds, as people group the digits of a number.
_GROUPING = re.compile(r"[\s.\u00ad\u200b\u2010-\u2015\u2212-]")
_CODE = validate.Regexp(
    r"^[A-Za-z0-9][A-Za-z0-9 ./-]*\Z", error="Start with a digit or a letter from A to Z."
)


class Compact(fields.String):
    """A number as people write it, kept in capitals and digits of ASCII alone: as banks read it."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        given = super()._deserialize(value, attr, data, **kwargs)
        compact = _GROUPING.sub("", unicodedata.normalize("NFKC", given))
        if not compact.isascii() or not compact.isalnum():
            raise ValidationError("Give digits and the letters A to Z.")
        return compact.upper()


def code(longest: int, *, shortest: int) -> fields.String:
    """A number that no spreadsheet takes for a formula, so that a file of it is what was given."""
    field = text(longest, shortest=shortest)
    field.validators.append(_CODE)
    return field


class PayoutDetailsInput(Input):
    """Where to be paid. `bank` takes `name` and `country` with an `iban` (and `bic`), or with an
    `account` and its `bank_code` where there are no IBANs; `stripe` takes `account_id`; `sandbox`
    may take an `account` that plays an outcome."""

    method = fields.Enum(PayoutMethod, by_value=True, required=True)
    name = text(70, shortest=2)
    country = fields.String(
        validate=validate.Regexp(r"^[A-Z]{2}\Z", error="Give a country such as DE.")
    )
    iban = Compact(validate=validate.Length(max=34), metadata={"example": "DE89370400440532013000"})
    bic = Compact(validate=validate.Length(max=11), metadata={"example": "COBADEFFXXX"})
    account = code(34, shortest=4)
    bank_code = code(20, shortest=2)
    account_id = fields.String(
        validate=validate.Regexp(r"^acct_[A-Za-z0-9]{8,40}\Z", error="This is no Stripe account.")
    )

    @validates_schema(skip_on_field_errors=True)
    def _fits(self, data: dict[str, Any], **_kwargs: Any) -> None:
        method: PayoutMethod = data["method"]
        faults = {
            name: ["Leave this out for this method."]
            for name in data.keys() - _FIELDS[method] - {"method"}
        }
        faults |= _CHECKS[method](data)
        if faults:
            raise ValidationError(faults)

    @post_load
    def _split(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {"method": data.pop("method"), "destination": data}


def _bank_faults(data: dict[str, Any]) -> dict[str, list[str]]:
    faults = {
        name: ["Give this for a bank account."] for name in ("name", "country") if name not in data
    }
    if ("iban" in data) == ("account" in data):
        faults["iban"] = ["Give an IBAN, or an account number with its bank code."]
    elif "iban" in data:
        if not ibans.is_valid(data["iban"]):
            faults["iban"] = ["The check digits or the length of this IBAN are wrong."]
        elif data.get("country", data["iban"][:2]) != data["iban"][:2]:
            faults["country"] = ["This is not the country of the IBAN."]
    elif "bank_code" not in data:
        faults["bank_code"] = ["Give the code of the bank."]
    elif not data["account"].isascii() or not data["account"].replace("-", "").isalnum():
        faults["account"] = ["An account number has digits, letters and hyphens only."]
    if "bic" in data and not bics.is_valid(data["bic"]):
        faults["bic"] = ["This is no BIC."]
    return faults


def _stripe_faults(data: dict[str, Any]) -> dict[str, list[str]]:
    return {} if "account_id" in data else {"account_id": ["Give the Stripe account."]}


def _sandbox_faults(data: dict[str, Any]) -> dict[str, list[str]]:
    if data.get("account", SANDBOX_ACCOUNTS[0]) in SANDBOX_ACCOUNTS:
        return {}
    return {"account": [f"Choose one of: {', '.join(SANDBOX_ACCOUNTS)}."]}


_CHECKS = {
    PayoutMethod.SANDBOX: _sandbox_faults,
    PayoutMethod.BANK: _bank_faults,
    PayoutMethod.STRIPE: _stripe_faults,
}


class PayoutDetailsRead(Output):
    """Where one is paid, masked; all null before there are details. `held_until` is when a
    withdrawal that is asked for now is sent at the earliest, `methods` what may be chosen."""

    method = fields.Enum(PayoutMethod, by_value=True, required=True, allow_none=True)
    label = fields.String(required=True, allow_none=True)
    changed_at = fields.AwareDateTime(required=True, allow_none=True)
    held_until = fields.AwareDateTime(required=True, allow_none=True)
    methods = fields.List(fields.Enum(PayoutMethod, by_value=True), required=True)


class PayeeCreate(Input):
    """The country in which one is paid."""

    country = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Z]{2}\Z", error="Give a country such as DE."),
    )


class PayeeLinkRead(Output):
    """Where to complete the account at the gateway; the address is good for minutes."""

    url = fields.String(required=True)


# --- withdrawals --------------------------------------------------------------------------------


class WithdrawalCreate(Input):
    """What to pay out, of what is available."""

    amount = amount(required=True)


class StepRead(Output):
    """A step of a withdrawal: requested, approved, sent, escalated, and how it ended. `at` is null
    while it is still to come."""

    name = fields.String(required=True)
    at = fields.AwareDateTime(required=True, allow_none=True)


class WithdrawalRead(Output):
    """A withdrawal and where it stands. `to` is where it goes, masked; it is sent at `send_after`
    at the earliest (null: as soon as possible). It is escalated to the admins when it is not
    approved, and then not paid, until `escalate_at` (null once it has ended)."""

    id = fields.String(required=True)
    payment_id = fields.String(required=True)
    amount = fields.Nested(MoneyRead, required=True, attribute="payment.money")
    gateway = fields.String(required=True)
    to = fields.String(required=True, allow_none=True, attribute="details.label", dump_default=None)
    status = fields.Enum(WithdrawalStatus, by_value=True, required=True)
    failure = fields.String(required=True, allow_none=True)
    send_after = fields.AwareDateTime(required=True, allow_none=True)
    escalate_at = fields.AwareDateTime(required=True, allow_none=True)
    escalated_at = fields.AwareDateTime(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    settled_at = fields.AwareDateTime(
        required=True, allow_none=True, attribute="payment.settled_at"
    )
    retries_id = fields.String(required=True, allow_none=True)
    steps = fields.List(fields.Nested(StepRead), required=True)
    actions = fields.List(fields.String(), required=True, attribute="own_actions")


WithdrawalPage = page_of(WithdrawalRead)


# --- what admins see ----------------------------------------------------------------------------


class PayoutAdmin(Output):
    """The admin who did something, or the user who asked."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class PayoutInfluencer(Output):
    """Who is paid."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)


class PayoutApprovalRead(Output):
    """An admin's yes."""

    by = fields.Nested(PayoutAdmin, required=True, attribute="admin")
    at = fields.AwareDateTime(required=True)


class PayoutFindingRead(Output):
    """What an admin found out about a withdrawal whose gateway is not in use any more."""

    by = fields.Nested(PayoutAdmin, required=True, attribute="admin")
    outcome = fields.String(required=True, validate=validate.OneOf(("paid", "failed")))
    entry_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class PayoutRead(WithdrawalRead):
    """A withdrawal as admins see it; `actions` are what the caller may do now. `ended_by` is who
    refused or cancelled it, `retry_id` the withdrawal that repeats it."""

    influencer = fields.Nested(PayoutInfluencer, required=True)
    requested_by = fields.Nested(PayoutAdmin, required=True, allow_none=True, attribute="requester")
    ended_by = fields.Nested(PayoutAdmin, required=True, allow_none=True, attribute="ender")
    approvals_needed = fields.Integer(required=True)
    approvals = fields.List(fields.Nested(PayoutApprovalRead), required=True)
    findings = fields.List(fields.Nested(PayoutFindingRead), required=True)
    external_id = fields.String(required=True, allow_none=True)
    retry_id = fields.String(
        required=True, allow_none=True, attribute="retry.id", dump_default=None
    )
    actions = fields.List(fields.String(), required=True, attribute="admin_actions")


PayoutPage = page_of(PayoutRead)


class PayoutFilters(Input):
    """Which payouts are wanted."""

    status = fields.Enum(WithdrawalStatus, by_value=True, load_default=None)
    gateway = text(24, load_default=None)
    currency = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR."),
    )
    influencer_id = public_id("inf", load_default=None)
    overdue = fields.Boolean(load_default=None)


class PayoutQuery(PayoutFilters, PageQuery):
    """Which payouts, and which page of them."""


class PayoutRefuse(Input):
    """Why, for the influencer to read."""

    reason = multiline(300, shortest=1, required=True)


class PayoutOutcome(Input):
    """How a withdrawal ended whose gateway is not in use: `paid` by a line of the gateway's
    statement (`entry_id`), or `failed`. `reason` is where that is seen; the influencer reads it of
    one that failed."""

    outcome = fields.String(required=True, validate=validate.OneOf(("paid", "failed")))
    entry_id = text(64, shortest=1, load_default=None, allow_none=True)
    reason = text(300, shortest=1, required=True)
