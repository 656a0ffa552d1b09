"""Taking in what shops say of orders: recorded once, verified, refunded, credited, paid.

An order is found by the sponsor and the shop's number, so it does not matter how often, through
what and in which order it is told: the first verified total stands, and refunds only grow.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.attribution.crediting import count_amounts, credit_order
from app.attribution.models import Order
from app.attribution.order_changes import differs, follow
from app.attribution.order_errors import OrderDiffers
from app.attribution.order_events import OrderChanged, OrderRecorded
from app.attribution.order_facts import OrderFact, OrderSourceKind
from app.attribution.order_lifecycle import OrderStatus
from app.attribution.settling import settle, whom
from app.audit.service import record as keep_trace
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.events import publish
from app.core.extensions import db

# How long after an order its thank-you page may still tell who brought it.
PAGE_FOLLOWS = timedelta(hours=1)


class Outcome(StrEnum):
    """What became of a message about an order."""

    RECORDED = "recorded"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DIFFERS = "differs"
    PASSED_OVER = "passed_over"


@dataclass(frozen=True)
class Taken:
    """An order after a message; None where the message is about none that is known."""

    order: Order | None
    outcome: Outcome


def take_in(actor: Actor, *, sponsor_id: str, kind: OrderSourceKind, fact: OrderFact) -> Taken:
    """Take in what a source says of an order (inside a unit of work).

    What differs from the total that a verified source named before (`differs`) leaves it as it is:
    only what was given back is taken, in proportion.
    """
    order, is_new = _locked(sponsor_id, kind, fact)
    if order is None:
        return Taken(None, Outcome.PASSED_OVER)
    by_whom = None if kind is OrderSourceKind.SCRIPT else kind.value
    before = order.link_id, order.ad_request_id
    known = order.verified and not is_new
    was_cancelled = order.status is OrderStatus.CANCELLED
    if is_new:
        _verify(order, by_whom)
        credit_order(order, actor)
    elif by_whom is None:
        if not _take_touches(actor, order, fact):
            return Taken(order, Outcome.UNCHANGED)
    elif not order.verified:
        _replace(actor, order, kind, fact)
    other = known and differs(order, fact)
    if by_whom is not None and not follow(actor, order, fact) and known:
        return Taken(order, Outcome.DIFFERS if other else Outcome.UNCHANGED)
    if is_new:
        publish(OrderRecorded(**whom(order), verified=order.verified))
    settle(actor, order, again=was_cancelled and order.status is not OrderStatus.CANCELLED)
    if is_new:
        return Taken(order, Outcome.RECORDED)
    _tell_of_change(order, before)
    return Taken(order, Outcome.DIFFERS if other else Outcome.CHANGED)


def require_same(taken: Taken) -> Order | None:
    """The order, unless the message differs from what is recorded. Raises OrderDiffers."""
    if taken.outcome is Outcome.DIFFERS and taken.order is not None:
        raise OrderDiffers(
            f"Order {taken.order.external_id} is recorded with {taken.order.total}. Nothing was"
            " changed. To give a part back, send the same total with what was refunded.",
            order_id=taken.order.id,
        )
    return taken.order


def confirm(actor: Actor, *, order_id: str) -> Order:
    """Let the sponsor vouch for an unverified order; its commission is paid now.

    Raises NotFound, and RefusedTransition for one that is verified.
    """
    order = lock(actor.sponsor_id, order_id)
    if order.verified:
        raise RefusedTransition("This order is verified already. Nothing was changed.")
    before = order.link_id, order.ad_request_id
    _verify(order, actor.label)
    order.touch()
    settle(actor, order)
    keep_trace(actor, "order.confirmed", subject_type="order", subject_id=order.id)
    _tell_of_change(order, before)
    return order


def lock(sponsor_id: str | None, order_id: str) -> Order:
    """An order of the sponsor, locked. Raises NotFound."""
    order = db.session.scalar(
        select(Order)
        .where(Order.id == order_id, Order.sponsor_id == sponsor_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if order is None:
        raise NotFound
    return order


def settle_again(order_id: str) -> bool:
    """Count and pay an order that waited for a rate; False when it waits no more."""
    sponsor_id = db.session.scalar(select(Order.sponsor_id).where(Order.id == order_id))
    order = lock(sponsor_id, order_id)
    if order.revenue_amount is not None or order.counted_currency is None:
        return False
    count_amounts(order, order.counted_currency)
    if order.revenue_amount is None:
        return False
    order.touch()
    settle(SYSTEM, order)
    _tell_of_change(order, (order.link_id, order.ad_request_id))
    return True


def _locked(sponsor_id: str, kind: OrderSourceKind, fact: OrderFact) -> tuple[Order | None, bool]:
    """The order of a fact, locked, and whether it was made now; none for one that is not to be
    made. Of two who make it at once the second waits and finds it."""
    wanted = (
        select(Order)
        .where(Order.sponsor_id == sponsor_id, Order.external_id == fact.external_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    order = db.session.scalar(wanted)
    if order is not None or fact.only_known:
        return order, False
    is_postgres = db.session.get_bind().dialect.name == "postgresql"
    added = db.session.scalar(
        (postgresql.insert if is_postgres else sqlite.insert)(Order)
        .values(
            sponsor_id=sponsor_id,
            external_id=fact.external_id,
            source=kind,
            **_touches(kind, fact),
            **_figures(fact),
        )
        .on_conflict_do_nothing()
        .returning(Order.id)
    )
    return db.session.scalar(wanted), added is not None


def _figures(fact: OrderFact) -> dict[str, Any]:
    return {
        "ordered_at": fact.ordered_at,
        "currency": fact.currency,
        "total_amount": fact.total,
        "net_amount": fact.total if fact.net is None else fact.net,
    }


def _touches(kind: OrderSourceKind, fact: OrderFact) -> dict[str, Any]:
    touched = fact.click_id is not None or bool(fact.coupons)
    return {
        "click_id": fact.click_id,
        "coupons": list(fact.coupons),
        "touched_by": kind if touched else None,
    }


def _take_touches(actor: Actor, order: Order, fact: OrderFact) -> bool:
    """Whether the page told who brought a verified order of which the shop does not know it.

    A page proves nothing else, so it changes nothing else; and whoever was there knew the total,
    and came at once.
    """
    touched = fact.click_id is not None or bool(fact.coupons)
    late = now() - order.ordered_at > PAGE_FOLLOWS
    if not touched or order.touched_by or not order.verified or differs(order, fact) or late:
        return False
    _set(order, _touches(OrderSourceKind.SCRIPT, fact))
    order.touch()
    db.session.flush()
    credit_order(order, actor)
    return True


def _set(order: Order, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(order, name, value)


def _replace(actor: Actor, order: Order, kind: OrderSourceKind, fact: OrderFact) -> None:
    """What the shop says takes the place of what a page said. The page's touches stay where the
    shop names none: whoever knew the total was there, and is believed."""
    same = not differs(order, fact)
    _set(order, _figures(fact))
    order.source = kind
    if fact.click_id or fact.coupons:
        _set(order, _touches(kind, fact))
    elif not same:
        order.click_doubted, order.coupons = True, []
    _verify(order, kind.value)
    order.touch()
    db.session.flush()
    credit_order(order, actor)


def _verify(order: Order, by: str | None) -> None:
    if by is not None:
        order.verified_at, order.verified_by = now(), by


def _tell_of_change(order: Order, before: tuple[str | None, str | None]) -> None:
    publish(OrderChanged(**whom(order), link_before=before[0], ad_request_before=before[1]))
