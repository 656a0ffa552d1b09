"""Figures of money that an admin may change, and what follows from them."""

from __future__ import annotations

from app.core.money import percent_of
from app.core.options import Option

PLATFORM_FEE_PERCENT = Option(
    "platform_fee_percent",
    0.0,
    "What the platform takes on top of an influencer's fee, paid by the sponsor.",
    lowest=0,
    highest=30,
    unit="percent",
)
HOLD_DAYS = Option(
    "hold_days",
    7,
    "How long released money waits before an influencer may withdraw it.",
    lowest=0,
    highest=90,
    unit="days",
)


def platform_fee(fee: int) -> int:
    """The platform's share of `fee`, in the same minor units, rounded half up; 0 by default."""
    return percent_of(fee, PLATFORM_FEE_PERCENT.get())


def hold_days() -> int:
    """Days from a release until its money may be withdrawn, where a campaign says nothing."""
    return HOLD_DAYS.get()
