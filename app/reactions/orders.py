"""Open pages of both sides hear of orders and commissions at once."""

from __future__ import annotations

from app.attribution.order_events import (
    CommissionPaid,
    CommissionTakenBack,
    OrderChanged,
    OrderFactBase,
    OrderRecorded,
)
from app.identity import people
from app.notifications import live

HEARD: tuple[type, ...] = (OrderRecorded, OrderChanged, CommissionPaid, CommissionTakenBack)


def on_order(fact: OrderFactBase) -> None:
    """Let the sponsor's members, and whoever the order is credited to, look again."""
    users = people.members(fact.sponsor_id)
    if fact.influencer_id is not None:
        users += people.behind(fact.influencer_id)
    live.push(users, "order", {"order_id": fact.order_id, "campaign_id": fact.campaign_id})
