"""Asking a gateway what became of a deposit: at the payer's return, and when no event came.

Every deposit ends: what is not paid in time is declined, and still settles if money comes.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial

from sqlalchemy import and_, or_, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Unavailable
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import deposits, inbox, queries, settlement
from app.payments.gateways.base import FactKind, GatewayFact, GatewayUnreachable
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import DepositStatus
from app.payments.models import Deposit

log = logging.getLogger(__name__)

BATCH = 100
# Every gateway's pay page has ended long before, and the slowest bank has said yes or no.
GIVE_UP = timedelta(days=30)
# Longer than the job that opens a deposit tries.
UNOPENED_AFTER = timedelta(minutes=15)


def check_deposit(actor: Actor, deposit_id: str) -> Deposit:
    """Ask the gateway about a deposit of the actor's sponsor (opens its own units of work).

    The payer's return from the pay page: it settles without a webhook, and with one once. Raises
    NotFound, or Unavailable when the gateway does not answer.
    """
    deposits.get_deposit(actor, deposit_id)
    try:
        _ask(deposit_id)
    except GatewayUnreachable as error:
        raise Unavailable(
            "The gateway does not answer. Nothing is lost: we ask it again by ourselves.",
            headers={"Retry-After": "10"},
        ) from error
    return deposits.get_deposit(actor, deposit_id)


def look_up_deposits() -> int:
    """Ask about open deposits of which nothing was heard for the gateway's patience, and open
    those that could not be opened before; returns how many were asked about.

    A gateway that does not answer is left alone until the next time.
    """
    asked = 0
    silent: set[str] = set()
    for deposit_id, gateway, opened in unit_of_work(_due):
        if gateway in silent:
            continue
        asked += 1
        try:
            if opened:
                _ask(deposit_id)
            else:
                settlement.open_deposit(deposit_id)
        except GatewayUnreachable as error:
            silent.add(gateway)
            log.warning("%s does not answer about %s: %s", gateway, deposit_id, error)
        except Exception:
            db.session.rollback()
            log.exception("%s could not be looked up; it is tried again", deposit_id)
    return asked


def end_unpaid_deposits() -> int:
    """Decline open deposits that were not paid in time, whatever their gateway; returns how many.

    Money that comes later is credited all the same.
    """
    ids = list(
        db.session.scalars(
            select(Deposit.id)
            .where(Deposit.status == DepositStatus.OPEN, Deposit.created_at <= now() - GIVE_UP)
            .order_by(Deposit.created_at)
            .limit(BATCH)
        )
    )
    db.session.rollback()
    return sum(unit_of_work(partial(_give_up, deposit_id)) for deposit_id in ids)


def _give_up(deposit_id: str) -> bool:
    row = db.session.scalar(queries.deposit(deposit_id, locked=True))
    if row is None or row.status is not DepositStatus.OPEN:
        return False
    fact = GatewayFact(
        event_id=f"unpaid:{row.id}",
        kind=FactKind.DEPOSIT_DECLINED,
        subject=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        reason=f"It was not paid within {GIVE_UP.days} days.",
    )
    return inbox.receive(row.gateway, fact).error is None


def _ask(deposit_id: str) -> None:
    asked = deposits.order_of(deposit_id)
    db.session.rollback()
    if asked is None:
        return
    gateway, order = asked
    fact = gateway.find_deposit(order)
    if fact is not None:
        unit_of_work(lambda: inbox.receive(gateway.name, fact))


def _due() -> list[tuple[str, str, bool]]:
    """Take the next deposits to ask about, each for the length of its gateway's patience: id,
    gateway, and whether it was opened there."""
    moment = now()
    waited = [
        and_(
            Deposit.gateway == gateway.name,
            Deposit.external_id.is_not(None),
            Deposit.updated_at < moment - gateway.patience,
        )
        for gateway in gateways().values()
        if gateway.patience is not None
    ]
    unopened = and_(
        Deposit.gateway.in_(list(gateways())),
        Deposit.external_id.is_(None),
        Deposit.updated_at < moment - UNOPENED_AFTER,
    )
    rows = db.session.scalars(
        select(Deposit)
        .where(
            Deposit.status == DepositStatus.OPEN,
            Deposit.created_at > moment - GIVE_UP,
            or_(unopened, *waited),
        )
        .order_by(Deposit.updated_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.updated_at = moment
    db.session.flush()
    return [(row.id, row.gateway, row.external_id is not None) for row in rows]
