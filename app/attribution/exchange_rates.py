"""What a sponsor states another currency to be worth in that of a campaign."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select

from app.attribution import orders
from app.attribution.models import ExchangeRate, Order
from app.audit.service import record as keep_trace
from app.core.actor import Actor
from app.core.batches import ids_in_batches
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.jobs import enqueue
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor

log = logging.getLogger(__name__)

BATCH = 200


@dataclass(frozen=True)
class Rate:
    """One unit of `currency` is worth `rate` (a decimal text) of `into`."""

    currency: str
    into: str
    rate: str


def rates_of(actor: Actor) -> list[ExchangeRate]:
    """The rates that the sponsor states."""
    return list(
        db.session.scalars(
            select(ExchangeRate)
            .where(ExchangeRate.sponsor_id == actor.sponsor_id)
            .order_by(ExchangeRate.currency, ExchangeRate.into)
        )
    )


def state(actor: Actor, *, rates: Sequence[Rate]) -> list[ExchangeRate]:
    """Put these rates in the place of all that were stated before.

    Orders that waited for one are counted and paid soon; those that were counted keep theirs.
    Raises Invalid for a pair that is given twice or of one currency.
    """
    pairs = [(rate.currency, rate.into) for rate in rates]
    if len(set(pairs)) < len(pairs):
        raise Invalid(rates="Give each pair of currencies once.")
    if any(currency == into for currency, into in pairs):
        raise Invalid(rates="A currency needs no rate into itself.")
    # Of two who state rates at once, the second replaces all of the first's.
    held = select(Sponsor.id).where(Sponsor.id == actor.sponsor_id)
    db.session.execute(held.with_for_update(key_share=True))
    db.session.execute(delete(ExchangeRate).where(ExchangeRate.sponsor_id == actor.sponsor_id))
    for rate in rates:
        db.session.add(
            ExchangeRate(
                sponsor_id=actor.sponsor_id,
                currency=rate.currency,
                into=rate.into,
                rate=rate.rate,
                stated_by=actor.label,
            )
        )
    db.session.flush()
    keep_trace(
        actor,
        "exchange_rates.stated",
        subject_type="sponsor",
        subject_id=actor.sponsor_id or "",
        rates=[f"{rate.currency} {rate.into} {rate.rate}" for rate in rates],
    )
    enqueue("attribution.count_waiting", by=actor, sponsor_id=actor.sponsor_id)
    return rates_of(actor)


def count_waiting(sponsor_id: str) -> int:
    """Count and pay the sponsor's orders that waited for a rate, each in a unit of its own: one
    that fails is logged and holds up none behind it. Returns how many were counted."""
    waiting = ids_in_batches(
        Order.created_at,
        Order.id,
        Order.sponsor_id == sponsor_id,
        Order.counted_currency.is_not(None),
        Order.revenue_amount.is_(None),
        batch=BATCH,
    )
    return sum(_counted(row) for row in waiting)


def _counted(order_id: str) -> bool:
    try:
        return unit_of_work(lambda: orders.settle_again(order_id))
    except Exception:
        log.exception("order %s could not be counted by the stated rate", order_id)
        return False
