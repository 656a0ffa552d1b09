"""The tables of attribution."""

from __future__ import annotations

from app.attribution.link_models import Click, ClickSegment, CouponCode, LinkTable, TrackingLink
from app.attribution.order_models import (
    CommissionEntry,
    ExchangeRate,
    Order,
    OrderSource,
    Receipt,
    ReceiptTouch,
)

__all__ = [
    "Click",
    "ClickSegment",
    "CommissionEntry",
    "CouponCode",
    "ExchangeRate",
    "LinkTable",
    "Order",
    "OrderSource",
    "Receipt",
    "ReceiptTouch",
    "TrackingLink",
]
