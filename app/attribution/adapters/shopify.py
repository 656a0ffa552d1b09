"""Shopify's webhooks `orders/create`, `orders/paid`, `orders/updated` and `orders/cancelled`.

All four carry the order as it stands. Other topics, such as `refunds/create`, are passed over:
every refund also arrives as `orders/updated`, with all refunds until then.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.attribution.adapters.payloads import changed_at, coupon_texts, listed, order_id
from app.attribution.click_ids import PARAMETER
from app.attribution.order_facts import (
    OrderFact,
    click_id,
    click_of_address,
    minor_units,
    moment_of,
)

SIGNATURE = "x-shopify-hmac-sha256"
TOPIC = "x-shopify-topic"
TOPICS = frozenset({"orders/create", "orders/paid", "orders/updated", "orders/cancelled"})

PAID = frozenset({"paid", "partially_refunded", "refunded"})


def read(topic: str, order: Mapping[str, Any]) -> OrderFact | None:
    """The order of a message; None for other topics, test orders and what is not paid yet.

    Raises UnusableOrder.
    """
    if topic not in TOPICS or order.get("test") is True:
        return None
    status = str(order.get("financial_status"))
    ended = status == "voided" or order.get("cancelled_at") is not None
    if status not in PAID and not ended:
        return None
    currency = str(order.get("currency"))
    total = _amount(order, "total_price", currency)
    return OrderFact(
        external_id=order_id(order),
        ordered_at=moment_of(order.get("created_at"), "created_at"),
        currency=currency,
        total=total,
        net=min(total, _net(order, currency)),
        refunded=total if status == "refunded" else min(total, _refunded(order, currency)),
        cancelled=ended,
        as_of=changed_at(order, "updated_at"),
        click_id=_click(order),
        coupons=coupon_texts(order, "discount_codes"),
        only_known=status not in PAID,
    )


def _amount(thing: Mapping[str, Any], name: str, currency: str) -> int:
    return minor_units(thing.get(name), currency, name)


def _net(order: Mapping[str, Any], currency: str) -> int:
    # The subtotal is after discounts and before shipping; shops of many countries price with tax.
    net = _amount(order, "subtotal_price", currency)
    if order.get("taxes_included") is True:
        net -= _amount(order, "total_tax", currency)
    return max(0, net)


def _refunded(order: Mapping[str, Any], currency: str) -> int:
    paid_back = 0
    for refund in listed(order, "refunds"):
        for payment in listed(refund, "transactions"):
            if payment.get("kind") == "refund" and payment.get("status") == "success":
                if payment.get("currency", currency) != currency:
                    # Paid back in the buyer's currency: what the order lost says the same.
                    return _lost(order, currency)
                paid_back += _amount(payment, "amount", currency)
    return max(0, paid_back)


def _lost(order: Mapping[str, Any], currency: str) -> int:
    total = _amount(order, "total_price", currency)
    return max(0, total - _amount(order, "current_total_price", currency))


def _click(order: Mapping[str, Any]) -> str | None:
    for note in listed(order, "note_attributes"):
        if note.get("name") == PARAMETER and click_id(note.get("value")):
            return click_id(note.get("value"))
    return click_of_address(order.get("landing_site"))
