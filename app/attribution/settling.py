"""Paying the commission of an order, once, and taking back what a refund leaves too much.

The order is locked before the agreement, and the agreement before its campaign and accounts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from app.ad_requests import settlement
from app.ad_requests.lifecycle import AdRequestStatus
from app.ad_requests.models import AdRequest
from app.ad_requests.ownership import get_for
from app.attribution import commissions
from app.attribution.commissions import Standing, Withheld
from app.attribution.models import CommissionEntry, Order
from app.attribution.order_events import CommissionPaid, CommissionTakenBack
from app.attribution.order_lifecycle import OrderStatus
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.core.options import Option

REFUND_DAYS = Option(
    "refund_days",
    90,
    "How long after a commission was paid a refund or cancellation of its order takes it back.",
    lowest=1,
    highest=730,
    unit="days",
)


def milestone_of(order: Order, entry: CommissionEntry) -> str:
    """The business key of an order's commission: the same order pays once, and once more each time
    that it goes on after it was cancelled."""
    return f"order:{order.id}:{entry.repaid}" if entry.repaid else f"order:{order.id}"


def settle(actor: Actor, order: Order, *, again: bool = False) -> CommissionEntry:
    """Bring the commission of an order (locked, credited) in step with what is left of it.

    Once something was paid, the agreement under which it was stays. `again`: the order goes on
    after it was cancelled, and what was taken back for that is paid anew.
    """
    entry = _entry(order)
    if not entry.paid_amount:
        entry.ad_request_id = order.ad_request_id
        entry.currency = order.counted_currency or order.currency
    agreement = _agreement(entry.ad_request_id)
    entry.basis_points = agreement.commission_basis_points if agreement else None
    entry.due_amount = _due(order, entry)
    if agreement is None or (why := _withheld(order, entry)) is not None:
        entry.withheld = why if agreement else _nobody(order)
    else:
        _move(actor, order, entry, agreement, again=again)
    db.session.flush()
    return entry


def _entry(order: Order) -> CommissionEntry:
    entry = db.session.scalar(select(CommissionEntry).where(CommissionEntry.order_id == order.id))
    if entry is None:
        entry = CommissionEntry(
            order_id=order.id,
            currency=order.currency,
            due_amount=0,
            paid_amount=0,
            taken_back_amount=0,
            repaid=0,
        )
        db.session.add(entry)
    return entry


def _agreement(ad_request_id: str | None) -> AdRequest | None:
    return db.session.get(AdRequest, ad_request_id) if ad_request_id else None


def _due(order: Order, entry: CommissionEntry) -> int:
    if order.revenue_amount is None or entry.basis_points is None:
        return 0
    return commissions.due(order.revenue_amount - (order.refund_amount or 0), entry.basis_points)


def _nobody(order: Order) -> Withheld:
    return Withheld.NO_AGREEMENT if order.link_id else Withheld.UNATTRIBUTED


def _withheld(order: Order, entry: CommissionEntry) -> Withheld | None:
    """Why nothing can be paid whatever the cap holds; None also where something was paid."""
    if entry.paid_amount:
        return None
    if entry.basis_points is None:
        return Withheld.NO_COMMISSION
    if order.revenue_amount is None:
        return Withheld.NO_RATE
    if order.status is OrderStatus.REFUNDED:
        return Withheld.REFUNDED
    if order.status is OrderStatus.CANCELLED:
        return Withheld.CANCELLED
    return None if order.verified else Withheld.UNVERIFIED


def _move(
    actor: Actor, order: Order, entry: CommissionEntry, agreement: AdRequest, *, again: bool
) -> None:
    left = _left(agreement.id)
    standing = Standing() if again and entry.standing.kept == 0 else entry.standing
    amount = commissions.next_move(entry.due_amount, standing, left)
    if amount > 0:
        _pay(actor, order, entry, amount)
    elif amount < 0 and not _is_too_late(entry):
        _take_back(actor, order, entry, -amount)
    if entry.standing.kept >= entry.due_amount:
        entry.withheld = None
    else:
        entry.withheld = Withheld.CAP if _is_held(agreement) else Withheld.CLOSED


def _is_too_late(entry: CommissionEntry) -> bool:
    """Whether the influencer keeps a commission whatever comes back of its order: else a sponsor
    could take it back for ever."""
    limit = timedelta(days=REFUND_DAYS.get())
    return entry.paid_at is not None and now() - entry.paid_at > limit


def _left(ad_request_id: str) -> int:
    """What is left of the cap, with the agreement locked."""
    agreement = get_for(SYSTEM, ad_request_id, lock=True)
    return agreement.commission_left if _is_held(agreement) else 0


def _is_held(agreement: AdRequest) -> bool:
    """Whether the cap still waits for orders: after the end of the agreement, until its date."""
    until = agreement.commission_until
    return agreement.status is AdRequestStatus.ACTIVE if until is None else until > now()


def _pay(actor: Actor, order: Order, entry: CommissionEntry, amount: int) -> None:
    assert entry.ad_request_id is not None
    if entry.paid_amount:
        entry.repaid += 1
    payment = settlement.pay_commission(
        actor,
        ad_request_id=entry.ad_request_id,
        milestone=milestone_of(order, entry),
        amount=amount,
    )
    entry.paid_amount, entry.taken_back_amount = amount, 0
    entry.paid_at = now()
    entry.payment_id = payment.id if payment else None
    db.session.flush()
    publish(CommissionPaid(**whom(order), amount=amount, currency=entry.currency))


def _take_back(actor: Actor, order: Order, entry: CommissionEntry, amount: int) -> None:
    assert entry.ad_request_id is not None
    ended = "cancelled" if order.status is OrderStatus.CANCELLED else "refunded"
    settlement.take_back_commission(
        actor,
        ad_request_id=entry.ad_request_id,
        milestone=milestone_of(order, entry),
        amount=amount,
        reason=f"Order {order.external_id} was {ended}.",
        # What had come back before names this step: it is taken once.
        key=f"after {entry.taken_back_amount}",
    )
    entry.taken_back_amount += amount
    db.session.flush()
    publish(CommissionTakenBack(**whom(order), amount=amount, currency=entry.currency))


def whom(order: Order) -> dict[str, Any]:
    """Whom a fact about an order concerns."""
    return {
        "order_id": order.id,
        "sponsor_id": order.sponsor_id,
        "influencer_id": order.influencer_id,
        "link_id": order.link_id,
        "ad_request_id": order.ad_request_id,
        "campaign_id": order.campaign_id,
    }
