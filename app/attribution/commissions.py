"""What commission an order earns: pure, in minor units of the campaign's currency.

A commission is a rate on net revenue: what the buyer paid without tax and shipping, less what was
given back. It is paid once an order, from what is left of the agreement's cap; a refund takes back
what was paid too much, and nothing is ever paid a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from app.core.money import exponent


class Withheld(StrEnum):
    """Why less than the rate is paid, or nothing."""

    UNVERIFIED = "unverified"
    UNATTRIBUTED = "unattributed"
    NO_AGREEMENT = "no_agreement"
    NO_COMMISSION = "no_commission"
    NO_RATE = "no_rate"
    CAP = "cap"
    CLOSED = "closed"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Standing:
    """What was paid for an order, and what of it was taken back."""

    paid: int = 0
    taken_back: int = 0

    @property
    def kept(self) -> int:
        """What the influencer keeps of it."""
        return self.paid - self.taken_back


def kept_revenue(net: int, total: int, refunded: int) -> int:
    """What is left of `net` after `refunded` of `total` was given back, in the same proportion.

    Rounded half up to a minor unit; 0 for an order of nothing and for one given back whole.
    """
    left = total - refunded
    if total <= 0 or left <= 0:
        return 0
    return (2 * net * left + total) // (2 * total)


def same_part(of: int, refunded: int, total: int) -> int:
    """The part of `of` that `refunded` is of `total`, rounded half up: all where all was given
    back, and nothing of an order of nothing."""
    return 0 if total <= 0 else (2 * of * refunded + total) // (2 * total)


def due(revenue: int, basis_points: int) -> int:
    """The commission on `revenue` at a rate of hundredths of a percent, rounded half up."""
    return (revenue * basis_points + 5_000) // 10_000


def next_move(wanted: int, standing: Standing, left: int) -> int:
    """What is to be moved now that the commission is `wanted` in all: more than 0 is paid to the
    influencer, less than 0 taken back. `left` is what remains of the cap.

    It pays once, at most what is left, and takes back at most what the influencer keeps.
    """
    if standing.paid == 0:
        return max(0, min(wanted, left))
    return min(0, max(0, wanted) - standing.kept)


def convert(amount: int, currency: str, into: str, rate: Decimal) -> int:
    """`amount` minor units of `currency` in minor units of `into`; `rate` is what one unit (not
    minor unit) of `currency` is worth. Rounded half up."""
    units = Decimal(amount).scaleb(exponent(into) - exponent(currency)) * rate
    return int(units.to_integral_value(rounding=ROUND_HALF_UP))
