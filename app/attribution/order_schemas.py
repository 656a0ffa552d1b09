"""Orders, receipts and sources on the wire."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.attribution.commissions import Withheld
from app.attribution.order_facts import OrderSourceKind
from app.attribution.order_lifecycle import OrderStatus
from app.attribution.orders import Outcome
from app.attribution.touches import TouchKind, TouchOutcome
from app.campaigns.lifecycle import AttributionTouch
from app.core.schemas import MoneyRead, Output, page_of


def _money(*, null: bool = False) -> fields.Nested:
    return fields.Nested(MoneyRead, required=True, allow_none=null)


def _text(*, null: bool = False, **kwargs: Any) -> fields.String:
    return fields.String(required=True, allow_none=null, **kwargs)


def _moment(*, null: bool = False, **kwargs: Any) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=null, **kwargs)


class OrderTakenRead(Output):
    """What became of a message: the order as it stands now, or why it was not `taken`."""

    id = _text(null=True)
    external_id = _text(null=True)
    # Kept answers hold the words themselves.
    status = _text(null=True, validate=validate.OneOf([one.value for one in OrderStatus]))
    verified = fields.Boolean(required=True)
    taken = fields.Boolean(required=True)
    reason = _text(
        null=True, validate=validate.OneOf([Outcome.DIFFERS.value, Outcome.PASSED_OVER.value])
    )


class OrderCampaignRead(Output):
    """The campaign to which an order is credited."""

    id = _text()
    title = _text()


class OrderInfluencerRead(Output):
    """The influencer to whom an order or a touch belongs."""

    id = _text()
    name = _text()
    slug = _text()


class OrderLinkRead(Output):
    """The link of an order or a touch."""

    id = _text()
    code = _text()


class OrderCommissionRead(Output):
    """The commission of an order. `rate` is percent of net revenue, `due` what that is of what
    refunds left; `withheld` says why less than that is paid, or nothing. `kept_late` is more than
    that: a refund came too late to take it back."""

    rate = fields.Float(required=True, allow_none=True)
    due = _money()
    paid = _money()
    taken_back = _money()
    kept_late = _money()
    withheld = fields.Enum(Withheld, by_value=True, required=True, allow_none=True)
    paid_at = _moment(null=True)
    payment_id = _text(null=True)


class OrderRead(Output):
    """An order of the sponsor's shop. `told` is the total that the shop names now, where that is
    another than the recorded one. `revenue` is `net` in the campaign's currency by `rate`, and
    `refund` what refunds took of it; none without a campaign or a rate."""

    id = _text()
    external_id = _text()
    source = fields.Enum(OrderSourceKind, by_value=True, required=True)
    status = fields.Enum(OrderStatus, by_value=True, required=True)
    ordered_at = _moment()
    created_at = _moment()
    total = _money()
    net = _money()
    refunded = _money()
    told = _money(null=True)
    verified = fields.Boolean(required=True)
    verified_at = _moment(null=True)
    verified_by = _text(null=True)
    coupons = fields.List(fields.String(), required=True)
    touched_by = fields.Enum(OrderSourceKind, by_value=True, required=True, allow_none=True)
    campaign = fields.Nested(OrderCampaignRead, required=True, allow_none=True)
    influencer = fields.Nested(OrderInfluencerRead, required=True, allow_none=True)
    link = fields.Nested(OrderLinkRead, required=True, allow_none=True)
    ad_request_id = _text(null=True)
    rate = _text(null=True)
    revenue = _money(null=True)
    refund = _money(null=True)
    commission = fields.Nested(OrderCommissionRead, required=True, allow_none=True)


class TouchRead(Output):
    """One touch, and what became of it: `won`, or why not."""

    kind = fields.Enum(TouchKind, by_value=True, required=True)
    at = _moment()
    outcome = fields.Enum(TouchOutcome, by_value=True, required=True)
    link = fields.Nested(OrderLinkRead, required=True)
    influencer = fields.Nested(OrderInfluencerRead, required=True)
    campaign = fields.Nested(OrderCampaignRead, required=True, allow_none=True)
    ad_request_id = _text(null=True)
    coupon = _text(null=True)


class ReceiptRead(Output):
    """Whom an order is credited to under one rule, with all touches, the earliest first. One
    receipt `decides`; a replay shows what another rule would have said. `left_out` touches between
    the first and the last were too many to keep."""

    id = _text()
    number = fields.Integer(required=True)
    decides = fields.Boolean(required=True)
    is_replay = fields.Boolean(required=True)
    rule_version = fields.Integer(required=True)
    touch = fields.Enum(AttributionTouch, by_value=True, required=True)
    window_days = fields.Integer(required=True)
    coupon_beats_link = fields.Boolean(required=True)
    left_out = fields.Integer(required=True)
    computed_at = _moment()
    touches = fields.List(fields.Nested(TouchRead), required=True)


class OrderDetailRead(OrderRead):
    """An order with its receipts, the first made first."""

    receipts = fields.List(fields.Nested(ReceiptRead), required=True)


OrderPage = page_of(OrderRead)


# --- the influencer's view ----------------------------------------------------------------------


class OwnTouchRead(Output):
    """One touch on a receipt; of those of others neither link nor name is shown."""

    kind = fields.Enum(TouchKind, by_value=True, required=True, attribute="touch.kind")
    at = _moment(attribute="touch.at")
    outcome = fields.Enum(TouchOutcome, by_value=True, required=True, attribute="touch.outcome")
    own = fields.Boolean(required=True)
    link = fields.Nested(OrderLinkRead, required=True, allow_none=True)
    coupon = _text(null=True)


class OwnReceiptRead(Output):
    """A receipt as the influencer sees it; `won`: by this rule the order is theirs."""

    id = _text(attribute="receipt.id")
    number = fields.Integer(required=True, attribute="receipt.number")
    decides = fields.Boolean(required=True, attribute="receipt.decides")
    is_replay = fields.Boolean(required=True, attribute="receipt.is_replay")
    rule_version = fields.Integer(required=True, attribute="receipt.rule_version")
    touch = fields.Enum(AttributionTouch, by_value=True, required=True, attribute="receipt.touch")
    window_days = fields.Integer(required=True, attribute="receipt.window_days")
    coupon_beats_link = fields.Boolean(required=True, attribute="receipt.coupon_beats_link")
    left_out = fields.Integer(required=True, attribute="receipt.left_out")
    computed_at = _moment(attribute="receipt.computed_at")
    won = fields.Boolean(required=True)
    touches = fields.List(fields.Nested(OwnTouchRead), required=True)


class OwnOrderRead(Output):
    """An order that the influencer had a part in; amounts are shown of those that they `won`."""

    id = _text(attribute="order.id")
    external_id = _text(attribute="order.external_id")
    status = fields.Enum(OrderStatus, by_value=True, required=True, attribute="order.status")
    ordered_at = _moment(attribute="order.ordered_at")
    verified = fields.Boolean(required=True, attribute="order.verified")
    sponsor_name = _text(attribute="order.sponsor.name")
    won = fields.Boolean(required=True)
    campaign = fields.Nested(OrderCampaignRead, required=True, allow_none=True)
    ad_request_id = _text(null=True)
    revenue = _money(null=True)
    refund = _money(null=True)
    commission = fields.Nested(OrderCommissionRead, required=True, allow_none=True)


class OwnOrderDetailRead(OwnOrderRead):
    """An order with its receipts, the first made first."""

    receipts = fields.List(fields.Nested(OwnReceiptRead), required=True)


OwnOrderPage = page_of(OwnOrderRead)


# --- sources, rates, imports --------------------------------------------------------------------


class OrderSourceRead(Output):
    """A way by which orders come in. `address` is where the shop sends them; `hint` is the end of
    the secret. Until `previous_until` the secret before it is taken too. At `refused_at` a message
    came that was not taken; `refused_reason` is the type of the problem that it was answered with.
    """

    id = _text()
    kind = fields.Enum(OrderSourceKind, by_value=True, required=True)
    address = _text()
    hint = _text()
    created_at = _moment()
    rotated_at = _moment(null=True)
    previous_until = _moment(null=True)
    refused_at = _moment(null=True)
    refused_reason = _text()


class OrderSourceMadeRead(OrderSourceRead):
    """A source with its secret, shown this once (the script has none)."""

    secret = _text(null=True)


class OrderSourceList(Output):
    """The sources of a sponsor."""

    items = fields.List(fields.Nested(OrderSourceRead), required=True)


class ExchangeRateRead(Output):
    """One unit of `currency` is worth `rate` of `into`."""

    currency = _text()
    into = _text()
    rate = _text()
    stated_at = _moment()


class ExchangeRateList(Output):
    """The rates that a sponsor states."""

    items = fields.List(fields.Nested(ExchangeRateRead), required=True)


class RefusedLineRead(Output):
    """A line of the file that was not taken, and why."""

    line = fields.Integer(required=True)
    external_id = _text()
    reason = _text()


class OrderImportRead(Output):
    """What became of the lines of a file. Of many that were refused the first 500 are named;
    `left_out`: there were more lines than are read at once."""

    lines = fields.Integer(required=True)
    recorded = fields.Integer(required=True)
    changed = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    left_out = fields.Boolean(required=True)
    ignored_columns = fields.List(fields.String(), required=True)
    refusals = fields.List(fields.Nested(RefusedLineRead), required=True)
