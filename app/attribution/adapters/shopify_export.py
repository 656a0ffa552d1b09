"""The file that Shopify's *Export orders* gives: pure.

It is read as it is, since only its column `Id` is what Shopify's webhooks call an order: under its
`Name` (#1001) the same order would be another, and pay twice.
"""

from __future__ import annotations

from collections.abc import Callable

from app.attribution.adapters.shopify import PAID
from app.attribution.order_facts import (
    LONGEST_COUPON,
    OrderFact,
    UnusableOrder,
    minor_units,
    moment_of,
)

COLUMNS = frozenset({"id", "name", "financial status", "created at", "currency", "total"})


def read(cell: Callable[[str], str]) -> OrderFact | None:
    """The order of a line, of which `cell` gives what stands in a column; None for the further
    lines of an order, which name no total. Raises UnusableOrder."""
    if not cell("total"):
        return None
    status, cancelled = cell("financial status"), bool(cell("cancelled at"))
    if status not in PAID:
        raise UnusableOrder("financial status", "The order is not paid.")
    number = cell("id")
    if not number.isdecimal():
        raise UnusableOrder("id", "Give the file as Shopify made it.")
    currency = cell("currency")

    def amount(name: str) -> int:
        return minor_units(cell(name) or "0", currency, name)

    total, coupon = amount("total"), cell("discount code")
    return OrderFact(
        external_id=number,
        # 2026-05-01 10:00:00 -0400
        ordered_at=moment_of("".join(cell("created at").rsplit(" ", 1)), "created at"),
        currency=currency,
        total=total,
        net=min(total, max(0, total - amount("shipping") - amount("taxes"))),
        refunded=total if status == "refunded" else min(total, amount("refunded amount")),
        # What a file leaves out, it may have been too old to know.
        cancelled=cancelled or None,
        coupons=(coupon,) if 0 < len(coupon) <= LONGEST_COUPON else (),
    )
