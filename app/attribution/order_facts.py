"""What a shop says of an order, whatever it came through: pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from enum import StrEnum
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.attribution.click_ids import PARAMETER
from app.core.money import MAX_AMOUNT, exponent, is_known_currency

LONGEST_ID = 100
LONGEST_CLICK_ID = 200
LONGEST_COUPON = 60
MOST_COUPONS = 10


class OrderSourceKind(StrEnum):
    """Through what an order came. Only `script` proves nothing."""

    ACCORD = "accord"
    SHOPIFY = "shopify"
    WOOCOMMERCE = "woocommerce"
    CSV = "csv"
    SCRIPT = "script"


class UnusableOrder(ValueError):
    """The order cannot be taken; the text says what is wrong with it, `field` where."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


@dataclass(frozen=True, kw_only=True)
class OrderFact:
    """An order as it stands at the shop, in minor units of its `currency`.

    `net` is what the commission counts: `total` without tax and shipping, None where the message
    does not say it. `refunded` is all that
    was given back of `total` until now. `cancelled` is whether the shop called the order off, None
    where the message does not say. `as_of` is when the order was last changed there, where the
    message says it. `only_known` facts say nothing about an order that is not
    here yet (it was never paid).
    """

    external_id: str
    ordered_at: datetime
    currency: str
    total: int
    net: int | None = None
    refunded: int = 0
    cancelled: bool | None = None
    as_of: datetime | None = None
    click_id: str | None = None
    coupons: tuple[str, ...] = ()
    only_known: bool = False

    def __post_init__(self) -> None:
        if not 1 <= len(self.external_id) <= LONGEST_ID:
            raise UnusableOrder("external_id", f"Give 1 to {LONGEST_ID} characters.")
        if not is_known_currency(self.currency):
            raise UnusableOrder("currency", "This is no currency that we know.")
        if not 0 <= self.total <= MAX_AMOUNT:
            raise UnusableOrder("total", f"Give an amount from 0 to {MAX_AMOUNT} minor units.")
        if self.net is not None and not 0 <= self.net <= self.total:
            raise UnusableOrder("net", "Give an amount from 0 to the total.")
        if not 0 <= self.refunded <= self.total:
            raise UnusableOrder("refunded", "Give an amount from 0 to the total.")
        if not 1970 <= self.ordered_at.year <= 2200:
            raise UnusableOrder("ordered_at", "Give a day between 1970 and 2200.")


def minor_units(text: Any, currency: str, field: str) -> int:
    """A decimal text such as `29.35` in minor units of `currency`, rounded half up.

    Raises UnusableOrder for what is no plain number.
    """
    try:
        units = Decimal(str(text).strip())
        if not units.is_finite() or abs(units) > MAX_AMOUNT:
            raise InvalidOperation
        scaled = units.scaleb(exponent(currency) if is_known_currency(currency) else 2)
        return int(scaled.to_integral_value(rounding=ROUND_HALF_UP))
    except (InvalidOperation, ValueError):
        raise UnusableOrder(field, "Give a number such as 29.35.") from None


def moment_of(text: Any, field: str = "ordered_at") -> datetime:
    """A moment of RFC 3339; without an offset it is UTC. Raises UnusableOrder."""
    try:
        found = datetime.fromisoformat(str(text).strip())
        if not 1970 <= found.year <= 2200:
            raise ValueError
    except ValueError:
        raise UnusableOrder(field, "Give a moment such as 2026-05-01T10:00:00Z.") from None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def click_of_address(address: Any) -> str | None:
    """The click id in the query of the page on which a buyer landed, if there is one."""
    if not isinstance(address, str) or PARAMETER not in address or len(address) > 4_000:
        return None
    try:
        found = parse_qs(urlsplit(address).query).get(PARAMETER, [])
    except ValueError:
        return None
    return click_id(found[-1]) if found else None


def click_id(text: Any) -> str | None:
    """`text` as a click id; None where it cannot be one."""
    return text if isinstance(text, str) and 0 < len(text) <= LONGEST_CLICK_ID else None
