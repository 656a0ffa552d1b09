"""Giving withdrawals to their gateway, and asking again about those of which nothing was heard.

An unknown outcome is looked up at the gateway; the money never comes back on a guess.
"""

from __future__ import annotations

import logging
from datetime import timedelta

from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, enqueue
from app.core.transaction import unit_of_work
from app.payments import payout_details, payout_rules, queries
from app.payments.gateways.base import Gateway, PayoutOrder
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import WITHDRAWAL, WithdrawalEvent, WithdrawalStatus
from app.payments.models import Withdrawal
from app.payments.withdrawals import AGAIN_AFTER

log = logging.getLogger(__name__)

NOT_YET_AGAIN_AFTER = timedelta(hours=1)
AGAIN_AT_LEAST_EVERY = timedelta(hours=6)
SENDABLE = (WithdrawalStatus.QUEUED, WithdrawalStatus.SENDING, WithdrawalStatus.UNKNOWN)
ASKED_AFTER = (*SENDABLE, WithdrawalStatus.PAID)


def start(withdrawal_id: str) -> tuple[Gateway, PayoutOrder, bool] | None:
    """Mark a withdrawal as being sent (opens its own unit of work).

    Returns the gateway, the order, and whether it may have been sent before, in which case it is
    looked up first; None when there is nothing to send, or not yet.
    """

    def work() -> tuple[Gateway, PayoutOrder, bool] | None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        if row is None or row.status not in SENDABLE or not _may_leave(row):
            return None
        gateway = gateways().get(row.gateway)
        if gateway is None:
            log.warning("%s waits: the gateway %s is not in use any more", row.id, row.gateway)
            return None
        destination = payout_details.destination_of(row.details)
        maybe_sent = row.sent_at is not None
        if row.status is not WithdrawalStatus.SENDING:
            WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.SEND, sent_at=row.sent_at or now())
        order = PayoutOrder(
            row.id,
            row.payment.amount,
            row.payment.currency,
            destination,
            refusals=row.refusals,
            external_id=row.external_id,
        )
        return gateway, order, maybe_sent

    return unit_of_work(work)


def may_start_over(withdrawal_id: str) -> bool:
    """Whether a payout that its gateway never saw may be sent to it now (opens its own unit of
    work). A flag may have fallen meanwhile: it then waits as if it had not been sent."""

    def work() -> bool:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        if row is None or row.status is not WithdrawalStatus.SENDING:
            return False
        if not payout_rules.money_on_hold(row.influencer_id):
            return True
        # `sent_at` stays, so that it is looked up again before it is sent.
        WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.DEFER)
        return False

    return unit_of_work(work)


def named(withdrawal_id: str, external_id: str) -> None:
    """Keep the gateway's name of a payout (opens its own unit of work)."""

    def work() -> None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        assert row is not None
        row.external_id = external_id
        db.session.flush()

    unit_of_work(work)


def lost(withdrawal_id: str) -> None:
    """The gateway did not say what became of a payout (opens its own unit of work)."""

    def work() -> None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        if row is not None and row.status is WithdrawalStatus.SENDING:
            WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.LOSE)

    unit_of_work(work)


def not_yet(withdrawal_id: str, begun: str | None) -> None:
    """The gateway did nothing, and is asked again later (opens its own unit of work).

    A payout that it had not begun waits to be sent, as before; one that it had (`begun`, its name
    there) is on its way.
    """

    def work() -> None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        if row is None or row.status is not WithdrawalStatus.SENDING:
            return
        row.refusals += 1
        row.next_try_at = now() + NOT_YET_AGAIN_AFTER
        if begun is not None:
            row.external_id = begun
        db.session.flush()
        if begun is None:
            WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.DEFER, sent_at=None)

    unit_of_work(work)


def silent_payouts(limit: int) -> list[str]:
    """Ids of withdrawals that should have been heard of, or that may have come back, the longest
    waiting first."""
    return list(
        db.session.scalars(
            select(Withdrawal.id)
            .where(Withdrawal.status.in_(ASKED_AFTER), Withdrawal.next_try_at <= now())
            .order_by(Withdrawal.next_try_at)
            .limit(limit)
        )
    )


def try_again(withdrawal_id: str) -> bool:
    """Ask for one of them to be sent or looked up (inside a unit of work), unless that is asked
    for already."""
    row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
    moment = now()
    if row is None or row.next_try_at is None or row.next_try_at > moment:
        return False
    if row.status is WithdrawalStatus.PAID:
        row.next_try_at = payout_rules.next_look(row.gateway, row.payment.settled_at or moment)
    else:
        # Seldom, once it is on its way: a bank takes days.
        waited = (moment - row.sent_at) / 4 if row.sent_at else AGAIN_AFTER
        row.next_try_at = moment + min(max(waited, AGAIN_AFTER), AGAIN_AT_LEAST_EVERY)
    db.session.flush()
    if _asked_for(row.id):
        return False
    enqueue("payments.pay_out_again", withdrawal_id=row.id)
    return True


def _asked_for(withdrawal_id: str) -> bool:
    """Whether a job that would send it, or look it up, waits or runs."""
    found = db.session.scalar(
        select(Job.id)
        .where(
            Job.status.in_((JobStatus.QUEUED, JobStatus.RUNNING)),
            Job.name.in_(("payments.pay_out", "payments.pay_out_again")),
            Job.args["withdrawal_id"].as_string() == withdrawal_id,
        )
        .limit(1)
    )
    return found is not None


def _may_leave(row: Withdrawal) -> bool:
    """What was sent once is followed to its end; what was not waits for its date and for flags."""
    if row.status is not WithdrawalStatus.QUEUED:
        return True
    waits = row.send_after is not None and row.send_after > now()
    return not waits and not payout_rules.money_on_hold(row.influencer_id)
