"""Reading what any shop system sends: parts of another shape than expected are left out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app.attribution.order_facts import (
    LONGEST_COUPON,
    MOST_COUPONS,
    UnusableOrder,
    moment_of,
)


def order_id(order: Mapping[str, Any]) -> str:
    """The shop system's number of an order, as a text. Raises UnusableOrder."""
    found = order.get("id")
    if not isinstance(found, int) or isinstance(found, bool):
        raise UnusableOrder("id", "The order has no id.")
    return str(found)


def changed_at(order: Mapping[str, Any], name: str) -> datetime | None:
    """When the shop system last changed the order; None where it does not say."""
    try:
        return moment_of(order.get(name), name)
    except UnusableOrder:
        return None


def listed(thing: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    """The objects in the list `name`; none where there is no such list."""
    found = thing.get(name)
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def coupon_texts(order: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The codes in the list `name`, as they were typed."""
    codes = (line.get("code") for line in listed(order, name))
    usable = (code for code in codes if isinstance(code, str) and 0 < len(code) <= LONGEST_COUPON)
    return tuple(usable)[:MOST_COUPONS]
