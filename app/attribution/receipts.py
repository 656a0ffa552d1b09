"""Receipts: whom an order is credited to, and whom it would be under another rule."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.attribution.crediting import credit_order
from app.attribution.models import Receipt, ReceiptTouch
from app.attribution.orders import lock
from app.attribution.touches import Rule
from app.audit.service import record as keep_trace
from app.core.actor import Actor
from app.core.errors import Conflict
from app.core.extensions import db

MOST_REPLAYS = 50


def replay(actor: Actor, *, order_id: str, rule: Rule) -> Receipt:
    """Add the receipt that an order of the sponsor would have had under `rule`.

    What counts and what was paid stay as they are. The same rule is asked once: then its receipt is
    given again. Raises NotFound, and Conflict after MOST_REPLAYS.
    """
    order = lock(actor.sponsor_id, order_id)
    replays = list(
        db.session.scalars(select(Receipt).where(Receipt.order_id == order.id, Receipt.is_replay))
    )
    kept = next((receipt for receipt in replays if receipt.rule == rule), None)
    if kept is not None:
        return read(kept.id)
    if len(replays) >= MOST_REPLAYS:
        raise Conflict(f"This order was replayed {MOST_REPLAYS} times: look at those receipts.")
    receipt, _winner = credit_order(order, actor, rule)
    order.touch()
    db.session.flush()
    keep_trace(
        actor,
        "order.replayed",
        subject_type="order",
        subject_id=order.id,
        receipt_id=receipt.id,
        touch=rule.touch.value,
        window_days=rule.window_days,
        coupon_beats_link=rule.coupon_beats_link,
    )
    return read(receipt.id)


def read(receipt_id: str) -> Receipt:
    """A receipt with what is shown of it."""
    return db.session.scalars(
        select(Receipt)
        .where(Receipt.id == receipt_id)
        .options(
            selectinload(Receipt.touches).options(
                joinedload(ReceiptTouch.influencer),
                joinedload(ReceiptTouch.link),
                joinedload(ReceiptTouch.campaign),
            )
        )
        .execution_options(populate_existing=True)
    ).one()
