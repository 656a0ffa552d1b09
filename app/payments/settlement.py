"""Talking to gateways, outside every unit of work; what they say goes through the inbox."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import partial

from app.core.errors import NotFound
from app.core.extensions import db
from app.core.faults import point
from app.core.transaction import unit_of_work
from app.payments import (
    deposits,
    inbox,
    maturing,
    operator_money,
    overdue_payouts,
    payout_sending,
    returned_payouts,
)
from app.payments.gateways.base import Gateway, GatewayFact, GatewayUnreachable, NotYet, Refused
from app.payments.gateways.registry import gateways, stripe_in_use

log = logging.getLogger(__name__)

BATCH = 500


def gateway_named(name: str) -> Gateway:
    """A gateway in use. Raises NotFound."""
    found = gateways().get(name)
    if found is None:
        raise NotFound("No such gateway is in use.")
    return found


def open_deposit(deposit_id: str) -> None:
    """Open a deposit at its gateway and take in what is known at once; safe to repeat."""
    asked = deposits.order_of(deposit_id)
    db.session.rollback()
    if asked is None:
        return
    gateway, order = asked
    checkout = gateway.open_deposit(order)
    point("deposit.after_checkout")
    deposits.opened(deposit_id, checkout)
    point("deposit.after_opening")
    for fact in checkout.facts:
        _take_in(gateway.name, fact)


def pay_out(withdrawal_id: str) -> None:
    """Send a withdrawal to its gateway; safe to repeat.

    One that may have been sent before is looked up first. Raises GatewayUnreachable, or Refused
    where it cannot be looked up, after marking the outcome as unknown, so that the job tries again
    later.
    """
    asked = payout_sending.start(withdrawal_id)
    if asked is None:
        _look_for_return(withdrawal_id)
        return
    gateway, order, maybe_sent = asked
    point("payout.after_start")
    try:
        answer = gateway.find_payout(order) if maybe_sent else None
        if answer is None and maybe_sent and not payout_sending.may_start_over(withdrawal_id):
            return
        answer = answer or gateway.send_payout(order)
    except NotYet as later:
        log.warning("%s has to wait: %s", withdrawal_id, later)
        payout_sending.not_yet(withdrawal_id, later.begun)
        return
    except (GatewayUnreachable, Refused):
        payout_sending.lost(withdrawal_id)
        raise
    point("payout.after_answer")
    payout_sending.named(withdrawal_id, answer.external_id)
    point("payout.after_name")
    if answer.fact is not None:
        _take_in(gateway.name, answer.fact)


def pay_out_again(withdrawal_id: str) -> bool:
    """`pay_out` for one of which nothing was heard; returns whether that went well.

    What fails is logged: the sweep asks again by itself, so it leaves no dead job behind.
    """
    try:
        pay_out(withdrawal_id)
    except Exception:
        db.session.rollback()
        log.exception("%s could not be sent or looked up; it is tried again", withdrawal_id)
        return False
    return True


def try_payouts_again() -> int:
    """Send or look up again every payout of which nothing was heard for a while; returns how
    many."""
    return _each(payout_sending.silent_payouts(BATCH), payout_sending.try_again)


def escalate_overdue_payouts() -> int:
    """Escalate every withdrawal that waits past its deadline, once; returns how many."""
    return _each(overdue_payouts.overdue(BATCH), overdue_payouts.escalate)


def book_gateway_costs() -> int:
    """Book what Stripe charged, and what the operator paid in or took out there; returns how many
    lines of its balance were looked at. Raises GatewayUnreachable."""
    gateway = stripe_in_use()
    if gateway is None:
        return 0
    since = operator_money.booked_until(gateway.name)
    db.session.rollback()
    facts = gateway.costs(since)
    for fact in facts:
        _take_in(gateway.name, fact)
    return len(facts)


def mature_due() -> int:
    """Move every release whose hold period is over; returns how many moved."""
    return _each(maturing.due_maturities(BATCH), maturing.mature)


def retry_waiting_events() -> int:
    """Try again what the inbox could not apply; returns how many were applied now."""
    return _each(inbox.waiting_events(BATCH), inbox.retry)


def _look_for_return(withdrawal_id: str) -> None:
    """A gateway that has news of a payout that was paid may say that it came back."""
    asked = returned_payouts.paid_order(withdrawal_id)
    if asked is None:
        return
    gateway, order = asked
    fact = gateway.find_return(order)
    if fact is not None:
        _take_in(gateway.name, fact)


def _take_in(gateway: str, fact: GatewayFact) -> None:
    unit_of_work(lambda: inbox.receive(gateway, fact))


def _each(ids: Iterable[str], step: Callable[[str], bool]) -> int:
    """Do `step` to each in a unit of its own; what fails is logged and holds up no other."""
    db.session.rollback()
    return sum(_one(row_id, step) for row_id in ids)


def _one(row_id: str, step: Callable[[str], bool]) -> bool:
    try:
        return unit_of_work(partial(step, row_id))
    except Exception:
        log.exception("%s could not be settled; it is tried again", row_id)
        return False
