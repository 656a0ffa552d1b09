"""What several processes do at once to the orders of one shop."""

from __future__ import annotations

from typing import Any

from app.attribution import orders
from app.attribution.order_facts import OrderFact, OrderSourceKind, moment_of
from app.core.actor import SYSTEM
from app.core.transaction import unit_of_work


def tell(sponsor_id: str, kind: str, ordered_at: str, **values: Any) -> str:
    """Tell of an order; what became of the message."""
    fact = OrderFact(ordered_at=moment_of(ordered_at), **values)
    return unit_of_work(
        lambda: (
            orders.take_in(
                SYSTEM, sponsor_id=sponsor_id, kind=OrderSourceKind(kind), fact=fact
            ).outcome.value
        )
    )
