"""What shops say later of an order that they vouched for: it is given back, cancelled, goes on
after all, or has another total."""

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

# Every event leads to one state, from wherever.
_LEADS_TO = ORDER.table[OrderStatus.CANCELLED]


def differs(order: Order, fact: OrderFact) -> bool:
    """Whether the fact names another total than the one that is recorded."""
    return (order.total_amount, order.currency) != (fact.total, fact.currency)


def follow(actor: Actor, order: Order, fact: OrderFact) -> bool:
    """Bring an order (locked, verified) in step with what its shop says now; whether anything of
    it changed.

    The total stays. Of an order that was edited in the shop the same part is given back as there,
    and the other total is kept beside it (`told`). What was given back only grows; whether the
    order is cancelled is what the shop said last, by its own clock.
    """
    part = commissions.same_part(order.total_amount, fact.refunded, fact.total)
    refunded = max(order.refunded_amount, part)
    cancelled = order.status is OrderStatus.CANCELLED
    if order.as_of is not None and fact.as_of is not None and fact.as_of < order.as_of:
        return _move(actor, order, refunded, cancelled)
    order.as_of = fact.as_of or order.as_of
    edited = _note_total(order, fact)
    said = cancelled if fact.cancelled is None else fact.cancelled
    return _move(actor, order, refunded, said) or edited


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


def _move(actor: Actor, order: Order, refunded: int, cancelled: bool) -> bool:
    event = _event(order, refunded, cancelled)
    if refunded == order.refunded_amount and order.status is _LEADS_TO[event]:
        return False
    ORDER.move(order, actor, event, refunded_amount=refunded)
    count_amounts(order, order.counted_currency)
    db.session.flush()
    return True


def _event(order: Order, refunded: int, cancelled: bool) -> OrderEvent:
    if refunded and refunded == order.total_amount:
        return OrderEvent.REFUND_ALL
    if cancelled:
        return OrderEvent.CANCEL
    return OrderEvent.REFUND_PART if refunded else OrderEvent.REOPEN
