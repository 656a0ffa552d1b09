"""States of an order: it is paid for, then some or all of it is given back."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class OrderStatus(StrEnum):
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"


class OrderEvent(StrEnum):
    REFUND_PART = "refund_part"
    REFUND_ALL = "refund_all"


_REFUNDS = {
    OrderEvent.REFUND_PART: OrderStatus.PARTLY_REFUNDED,
    OrderEvent.REFUND_ALL: OrderStatus.REFUNDED,
}

ORDER = Lifecycle(
    "order",
    {
        OrderStatus.PAID: _REFUNDS,
        OrderStatus.PARTLY_REFUNDED: _REFUNDS,
        OrderStatus.REFUNDED: {},
    },
)
