"""Why an order, or something about orders, is refused."""

from __future__ import annotations

from app.core.errors import Conflict, DomainError


class OrderDiffers(Conflict):
    """The same number stands for another order already."""

    type = "order-differs"
    title = "This order is recorded with another total"


class SourceExists(Conflict):
    type = "source-exists"
    title = "There is a source of this kind already"


class UnreadableOrder(DomainError):
    """A shop's message that was signed, and says less than an order needs."""

    type = "unreadable-order"
    title = "This order cannot be read"
    status = 422
