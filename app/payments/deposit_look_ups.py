"""Asking a gateway what became of a deposit: at the payer's return, and when no event came."""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import and_, or_, select

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Unavailable
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import deposits, inbox
from app.payments.gateways.base import GatewayUnreachable
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import DepositStatus
from app.payments.models import Deposit

log = logging.getLogger(__name__)

BATCH = 100
# Every gateway's pay page has ended long before.
GIVE_UP = timedelta(days=30)


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
    """Ask about open deposits of which nothing was heard for the gateway's patience; returns
    how many were asked about."""
    ids = unit_of_work(_due)
    for deposit_id in ids:
        try:
            _ask(deposit_id)
        except GatewayUnreachable as error:
            log.warning("the gateway of %s does not answer: %s", deposit_id, error)
    return len(ids)


def _ask(deposit_id: str) -> None:
    asked = deposits.order_of(deposit_id)
    db.session.rollback()
    if asked is None:
        return
    gateway, order = asked
    fact = gateway.find_deposit(order)
    if fact is not None:
        unit_of_work(lambda: inbox.receive(gateway.name, fact))


def _due() -> list[str]:
    """Take the next deposits to ask about, each for the length of its gateway's patience."""
    moment = now()
    waited = [
        and_(Deposit.gateway == gateway.name, Deposit.updated_at < moment - gateway.patience)
        for gateway in gateways().values()
        if gateway.patience is not None
    ]
    if not waited:
        return []
    rows = db.session.scalars(
        select(Deposit)
        .where(
            Deposit.status == DepositStatus.OPEN,
            Deposit.external_id.is_not(None),
            Deposit.created_at > moment - GIVE_UP,
            or_(*waited),
        )
        .order_by(Deposit.updated_at)
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.updated_at = moment
    db.session.flush()
    return [row.id for row in rows]
