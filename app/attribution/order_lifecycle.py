"""States of an order: it is paid for, then some or all of it is given back. A shop may cancel it,
and let it go on."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class OrderStatus(StrEnum):
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


class OrderEvent(StrEnum):
    REFUND_PART = "refund_part"
    REFUND_ALL = "refund_all"
    CANCEL = "cancel"
    REOPEN = "reopen"


_ENDS = {
    OrderEvent.REFUND_PART: OrderStatus.PARTLY_REFUNDED,
    OrderEvent.REFUND_ALL: OrderStatus.REFUNDED,
    OrderEvent.CANCEL: OrderStatus.CANCELLED,
}

ORDER = Lifecycle(
    "order",
    {
        OrderStatus.PAID: _ENDS,
        OrderStatus.PARTLY_REFUNDED: _ENDS,
        OrderStatus.REFUNDED: {},
        OrderStatus.CANCELLED: {**_ENDS, OrderEvent.REOPEN: OrderStatus.PAID},
    },
)
