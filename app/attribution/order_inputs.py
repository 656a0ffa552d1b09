"""What comes in about orders: the webhook, the page's form, the sponsor's acts."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from flask_smorest.fields import Upload
from marshmallow import ValidationError, fields, post_load, validate

from app.attribution.commissions import Withheld
from app.attribution.exchange_rates import Rate
from app.attribution.order_facts import (
    LONGEST_CLICK_ID,
    LONGEST_COUPON,
    LONGEST_ID,
    OrderFact,
    OrderSourceKind,
    UnusableOrder,
    minor_units,
)
from app.attribution.order_lifecycle import OrderStatus
from app.attribution.touches import Rule
from app.campaigns.lifecycle import AttributionTouch
from app.core.clock import now
from app.core.money import MAX_AMOUNT, Money, is_known_currency
from app.core.schemas import (
    Input,
    MoneyInput,
    PageQuery,
    StrictInteger,
    day,
    flag,
    moment,
    text,
    whole_number,
)

_CURRENCY = validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR.")
_RATE = re.compile(r"\d{1,7}(\.\d{1,12})?\Z", re.ASCII)


class _Told(StrEnum):
    PAID = "paid"
    REFUNDED = "refunded"


class OrderMoneyInput(MoneyInput):
    """Minor units (0 … 10¹²) of an ISO currency: an order may cost nothing."""

    amount = StrictInteger(
        required=True,
        validate=validate.Range(0, MAX_AMOUNT, error="Give an amount from {min} to {max}."),
        metadata={"example": 4990, "description": "Minor units."},
    )


class OrderCreate(Input):
    """An order as it stands in the shop. `net` is the total without tax and shipping (the total
    where left out), `refunded` all that was given back of the total until now; with the status
    `refunded` that is the whole, unless it is said."""

    external_id = text(LONGEST_ID, shortest=1, required=True)
    total = fields.Nested(OrderMoneyInput, required=True)
    net = fields.Nested(OrderMoneyInput, load_default=None, allow_none=True)
    click_id = text(LONGEST_CLICK_ID, load_default=None, allow_none=True)
    coupon = text(LONGEST_COUPON, load_default=None, allow_none=True)
    ordered_at = moment(required=True)
    status = fields.Enum(_Told, by_value=True, load_default=_Told.PAID)
    refunded = fields.Nested(OrderMoneyInput, load_default=None, allow_none=True)

    @post_load
    def _fact(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, OrderFact]:
        total: Money = data["total"]
        for name in ("net", "refunded"):
            part: Money | None = data[name]
            if part is not None and part.currency != total.currency:
                raise ValidationError({name: {"currency": [f"The total is in {total.currency}."]}})
        refunded = data["refunded"]
        whole = total.amount if data["status"] is _Told.REFUNDED else 0
        return {
            "fact": _made(
                external_id=data["external_id"],
                ordered_at=data["ordered_at"],
                currency=total.currency,
                total=total.amount,
                net=data["net"].amount if data["net"] else None,
                refunded=refunded.amount if refunded else whole,
                click_id=data["click_id"] or None,
                coupons=(data["coupon"],) if data["coupon"] else (),
            )
        }


class PageOrderForm(Input):
    """What the script on a thank-you page sends: the total as a decimal, such as 49.90."""

    external_id = text(LONGEST_ID, shortest=1, required=True)
    total = text(20, shortest=1, required=True)
    currency = text(3, shortest=3, required=True)
    click_id = text(LONGEST_CLICK_ID, load_default=None)
    coupon = text(LONGEST_COUPON, load_default=None)

    @post_load
    def _fact(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, OrderFact]:
        currency = data["currency"].upper()
        if not is_known_currency(currency):
            raise ValidationError({"currency": ["This is no currency that we know."]})
        try:
            total = minor_units(data["total"], currency, "total")
        except UnusableOrder as error:
            raise ValidationError({error.field: [error.reason]}) from None
        return {
            "fact": _made(
                external_id=data["external_id"],
                ordered_at=now(),
                currency=currency,
                total=total,
                click_id=data["click_id"] or None,
                coupons=(data["coupon"],) if data["coupon"] else (),
            )
        }


def _made(**values: Any) -> OrderFact:
    try:
        return OrderFact(**values)
    except UnusableOrder as error:
        raise ValidationError({error.field: [error.reason]}) from None


# --- the sponsor's acts -------------------------------------------------------------------------


class OrderSourceCreate(Input):
    """A way by which orders come in. `secret` is the one of the shop system: Shopify shows it,
    WooCommerce takes one that you choose; without one Accord makes it."""

    kind = fields.Enum(OrderSourceKind, by_value=True, required=True)
    secret = text(200, shortest=16, load_default=None, allow_none=True)


class OrderSourceRotate(Input):
    """Another secret; as with a new source it is made where left out, but for Shopify."""

    secret = text(200, shortest=16, load_default=None, allow_none=True)


class OrderFile(Input):
    """A multipart form with one CSV file of orders."""

    file = Upload(required=True)


class RuleInput(Input):
    """A rule by which an order could have been credited."""

    touch = fields.Enum(AttributionTouch, by_value=True, required=True)
    window_days = whole_number(1, 90, required=True)
    coupon_beats_link = flag(required=True)

    @post_load
    def _rule(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Rule]:
        return {"rule": Rule(**data)}


def _sane_rate(value: str) -> None:
    try:
        sane = bool(_RATE.match(value)) and 0 < Decimal(value) <= 1_000_000
    except InvalidOperation:
        sane = False
    if not sane:
        raise ValidationError("Give a decimal such as 0.92, above 0 and up to 1000000.")


def _known_currency(value: str) -> None:
    if not is_known_currency(value):
        raise ValidationError("This is no currency that we know.")


class ExchangeRateInput(Input):
    """One unit of `currency` is worth `rate` of `into`."""

    currency = fields.String(required=True, validate=[_CURRENCY, _known_currency])
    into = fields.String(required=True, validate=[_CURRENCY, _known_currency])
    rate = fields.String(
        required=True,
        validate=[validate.Length(1, 20), _sane_rate],
        metadata={"example": "0.92", "pattern": r"^\d{1,7}(\.\d{1,12})?$"},
    )

    @post_load
    def _made(self, data: dict[str, Any], **_kwargs: Any) -> Rate:
        return Rate(**data)


class ExchangeRatesInput(Input):
    """All rates that hold from now on."""

    rates = fields.List(
        fields.Nested(ExchangeRateInput),
        required=True,
        validate=validate.Length(0, 50, error="At most {max} rates."),
    )


# --- which orders -------------------------------------------------------------------------------


class OrderFilters(Input):
    """Which orders are wanted; days are those of the reader's time zone, both included."""

    external_id = text(LONGEST_ID, load_default=None)
    status = fields.Enum(OrderStatus, by_value=True, load_default=None)
    source = fields.Enum(OrderSourceKind, by_value=True, load_default=None)
    verified = fields.Boolean(load_default=None)
    differs = fields.Boolean(load_default=None)
    withheld = fields.Enum(Withheld, by_value=True, load_default=None)
    campaign_id = text(32, load_default=None)
    influencer_id = text(32, load_default=None)
    ad_request_id = text(32, load_default=None)
    link_id = text(32, load_default=None)
    since = day(load_default=None)
    until = day(load_default=None)


class OrderQuery(OrderFilters, PageQuery):
    """Which orders, and which page of them."""


class OwnOrderFilters(Input):
    """Which orders of the influencer: `won` ones are credited to them."""

    won = fields.Boolean(load_default=True)
    ad_request_id = text(32, load_default=None)
    since = day(load_default=None)
    until = day(load_default=None)


class OwnOrderQuery(OwnOrderFilters, PageQuery):
    """Which orders of the influencer, and which page of them."""
