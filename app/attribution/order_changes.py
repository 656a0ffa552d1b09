"""What shops say later of an order that they vouched for: refunds, and another total."""

from __future__ import annotations

from app.attribution import commissions
from app.attribution.crediting import count_amounts
from app.attribution.models import Order
from app.attribution.order_events import OrderEdited
from app.attribution.order_facts import OrderFact
from app.attribution.order_lifecycle import ORDER, OrderEvent, OrderStatus
from app.attribution.settling import whom
from app.core.actor import Actor
from app.core.events import publish
from app.core.extensions import db


def differs(order: Order, fact: OrderFact) -> bool:
    """Whether the fact names another total than the one that is recorded."""
    return (order.total_amount, order.currency) != (fact.total, fact.currency)


def follow(actor: Actor, order: Order, fact: OrderFact) -> bool:
    """Bring an order (locked, verified) in step with what its shop says now; whether anything of
    it changed.

    The total stays. Of an order that was edited in the shop the same part is given back as there,
    and the other total is kept beside it (`told`).
    """
    edited = _note_total(order, fact)
    refunded = commissions.same_part(order.total_amount, fact.refunded, fact.total)
    return _refund(actor, order, refunded) or edited


def _note_total(order: Order, fact: OrderFact) -> bool:
    edited = differs(order, fact)
    told = (fact.total, fact.currency) if edited else (None, None)
    if (order.told_amount, order.told_currency) == told:
        return False
    order.told_amount, order.told_currency = told
    order.touch()
    db.session.flush()
    if edited:
        publish(OrderEdited(**whom(order)))
    return True


def _refund(actor: Actor, order: Order, refunded: int) -> bool:
    if refunded <= order.refunded_amount:
        return False
    whole = refunded == order.total_amount
    if order.status is not OrderStatus.REFUNDED:
        event = OrderEvent.REFUND_ALL if whole else OrderEvent.REFUND_PART
        ORDER.move(order, actor, event, refunded_amount=refunded)
    count_amounts(order, order.counted_currency)
    db.session.flush()
    return True
