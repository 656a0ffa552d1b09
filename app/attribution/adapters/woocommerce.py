"""WooCommerce's webhooks `order.created` and `order.updated`: the order as its REST API gives it.

Each carries the order as it stands, with all refunds until then.
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

SIGNATURE = "x-wc-webhook-signature"
TOPIC = "x-wc-webhook-topic"
TOPICS = frozenset({"order.created", "order.updated", "order.restored"})

_PAID = frozenset({"processing", "completed", "refunded"})
_ENDED = frozenset({"cancelled", "failed", "trash"})
# What WooCommerce itself notes of the page on which a buyer landed.
_LANDING = "_wc_order_attribution_session_entry"


def read(topic: str, order: Mapping[str, Any]) -> OrderFact | None:
    """The order of a message; None for other topics and what is not paid yet.

    Raises UnusableOrder.
    """
    status = str(order.get("status"))
    if topic not in TOPICS or status not in _PAID | _ENDED:
        return None
    currency = str(order.get("currency"))
    total = _amount(order, "total", currency)
    untaxed = total - _amount(order, "total_tax", currency)
    return OrderFact(
        external_id=order_id(order),
        ordered_at=moment_of(order.get("date_created_gmt"), "date_created_gmt"),
        currency=currency,
        total=total,
        net=min(total, max(0, untaxed - _amount(order, "shipping_total", currency))),
        refunded=total if status == "refunded" else _refunded(order, currency, total),
        cancelled=status in _ENDED,
        as_of=changed_at(order, "date_modified_gmt"),
        click_id=_click(order),
        coupons=coupon_texts(order, "coupon_lines"),
        only_known=status in _ENDED,
    )


def is_ping(content_type: str, body: bytes) -> bool:
    """Whether this is the call, without a signature, that WooCommerce makes when a webhook is
    saved: it wants to hear that somebody answers."""
    return content_type == "application/x-www-form-urlencoded" and (
        body.startswith(b"webhook_id=") and body[11:].isdigit() and len(body) < 40
    )


def _amount(thing: Mapping[str, Any], name: str, currency: str) -> int:
    return minor_units(thing.get(name, "0"), currency, name)


def _refunded(order: Mapping[str, Any], currency: str, total: int) -> int:
    # The totals of refunds are negative.
    given_back = -sum(_amount(one, "total", currency) for one in listed(order, "refunds"))
    return min(total, max(0, given_back))


def _click(order: Mapping[str, Any]) -> str | None:
    notes = {
        note.get("key"): note.get("value")
        for note in listed(order, "meta_data")
        if isinstance(note.get("key"), str)
    }
    own = click_id(notes.get(PARAMETER)) or click_id(notes.get(f"_{PARAMETER}"))
    return own or click_of_address(notes.get(_LANDING))
