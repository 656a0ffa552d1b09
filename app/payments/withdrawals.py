"""Money going out, in two phases: set aside when asked for, gone when the gateway says so.

An unknown outcome is looked up at the gateway; the money never comes back on a guess.
"""

from __future__ import annotations

from sqlalchemy import func, select

from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.jobs import enqueue
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.payments import ledger, postings, queries
from app.payments.errors import InsufficientFunds, MoneyOnHold, NoGateway
from app.payments.events import WithdrawalFailed, WithdrawalPaid
from app.payments.gateways.base import Gateway, GatewayFact, PayoutOrder
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import (
    PAYMENT,
    WITHDRAWAL,
    PaymentEvent,
    PaymentStatus,
    WithdrawalEvent,
    WithdrawalStatus,
)
from app.payments.models import Account, Payment, PaymentKind, Withdrawal
from app.payments.postings import AccountKind


def withdraw(actor: Actor, *, amount: Money) -> Withdrawal:
    """Set `amount` aside and ask for its payout to the actor.

    Raises MoneyOnHold for a flagged account, InsufficientFunds when less is available, NoGateway
    when no gateway in use holds that much. Nothing is changed then.
    """
    influencer_id = actor.influencer_id
    assert influencer_id is not None
    # Read again inside the unit of work: a flag may have fallen since the sign-in was checked.
    if db.session.scalar(select(User.money_on_hold).where(User.id == actor.user_id)):
        raise MoneyOnHold("An admin is looking into a flag. You can appeal; your money stays.")
    gateway = _gateway_for(influencer_id, amount)
    payment = Payment(
        kind=PaymentKind.WITHDRAWAL,
        status=PaymentStatus.PENDING,
        amount=amount.amount,
        currency=amount.currency,
        influencer_id=influencer_id,
    )
    db.session.add(payment)
    db.session.flush()
    row = Withdrawal(
        payment_id=payment.id,
        influencer_id=influencer_id,
        gateway=gateway,
        requested_by=actor.label,
        payment=payment,
    )
    db.session.add(row)
    db.session.flush()
    posting = postings.withdraw(row.id, influencer_id, gateway, amount.currency, amount.amount)
    ledger.post(actor, posting, payment=payment)
    record(
        actor,
        "withdrawal.requested",
        subject_type="withdrawal",
        subject_id=row.id,
        amount=amount.amount,
        currency=amount.currency,
        gateway=gateway,
    )
    enqueue("payments.pay_out", by=actor, withdrawal_id=row.id)
    return row


def get_withdrawal(actor: Actor, withdrawal_id: str) -> Withdrawal:
    """A withdrawal of the actor, with its payment. Raises NotFound."""
    found = queries.withdrawals_of(actor.influencer_id).where(Withdrawal.id == withdrawal_id)
    row = db.session.scalar(found)
    if row is None:
        raise NotFound
    return row


def start(withdrawal_id: str) -> tuple[Gateway, PayoutOrder, bool] | None:
    """Mark a withdrawal as being sent (opens its own unit of work).

    Returns the gateway, the order, and whether it may have been sent before, in which case it is
    looked up first; None when there is nothing to send.
    """

    def work() -> tuple[Gateway, PayoutOrder, bool] | None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id, locked=True))
        if row is None or row.status not in (
            WithdrawalStatus.QUEUED,
            WithdrawalStatus.SENDING,
            WithdrawalStatus.UNKNOWN,
        ):
            return None
        gateway = gateways().get(row.gateway)
        if gateway is None:
            raise LookupError(f"the gateway {row.gateway} is not in use any more")
        maybe_sent = row.status is not WithdrawalStatus.QUEUED
        if row.status is not WithdrawalStatus.SENDING:
            WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.SEND)
        return gateway, PayoutOrder(row.id, row.payment.amount, row.payment.currency), maybe_sent

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


def settle(gateway: str, fact: GatewayFact) -> str | None:
    """The gateway paid. Returns why that cannot be booked yet, if so."""
    row = db.session.scalar(queries.withdrawal(fact.subject, locked=True))
    refusal = _mismatch(row, gateway, fact, WithdrawalEvent.PAY, WithdrawalStatus.PAID)
    if row is None or refusal is not None or row.status is WithdrawalStatus.PAID:
        return refusal
    payment = row.payment
    posting = postings.payout(row.id, row.influencer_id, gateway, fact.currency, fact.amount)
    ledger.post(SYSTEM, posting, payment=payment)
    WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.PAY, failure=None)
    PAYMENT.move(payment, SYSTEM, PaymentEvent.SETTLE, settled_at=now())
    _record(row, "withdrawal.paid")
    publish(WithdrawalPaid(row.id, row.influencer_id))
    return None


def fail(gateway: str, fact: GatewayFact) -> str | None:
    """The gateway did not pay: the money may be withdrawn again. Returns why not, if so."""
    row = db.session.scalar(queries.withdrawal(fact.subject, locked=True))
    refusal = _mismatch(row, gateway, fact, WithdrawalEvent.FAIL, WithdrawalStatus.FAILED)
    if row is None or refusal is not None or row.status is WithdrawalStatus.FAILED:
        return refusal
    payment = row.payment
    posting = postings.payout_failed(row.id, row.influencer_id, gateway, fact.currency, fact.amount)
    ledger.post(SYSTEM, posting, payment=payment, reverses=ledger.transfer_of(f"withdraw:{row.id}"))
    WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.FAIL, note=fact.reason, failure=fact.reason)
    PAYMENT.move(payment, SYSTEM, PaymentEvent.FAIL)
    _record(row, "withdrawal.failed")
    publish(WithdrawalFailed(row.id, row.influencer_id))
    return None


def _gateway_for(influencer_id: str, amount: Money) -> str:
    """The first gateway that holds enough; a gateway pays out only what came in through it."""
    names = list(gateways())
    currency = amount.currency
    available = postings.available(influencer_id, currency)
    # All at once and in id order, as every other movement locks them.
    accounts = ledger.lock(
        available,
        *(postings.cash(name, currency) for name in names),
        *(postings.in_flight(influencer_id, currency, name) for name in names),
    )
    balance = accounts[available].balance
    if balance < amount.amount:
        raise InsufficientFunds(
            wanted=amount.amount,
            available=balance,
            currency=currency,
            advice="Ask for less, or wait until held earnings are released.",
        )
    for name in names:
        cash = accounts[postings.cash(name, currency)].balance
        if cash - _leaving(name, currency) >= amount.amount:
            return name
    raise NoGateway(
        f"No gateway in use holds {amount}. Nothing was changed. Try again later, or write to "
        "the platform's support."
    )


def _leaving(gateway: str, currency: str) -> int:
    """What is on its way out through a gateway and has not left its cash yet."""
    total = db.session.scalar(
        select(func.coalesce(func.sum(Account.balance), 0)).where(
            Account.kind == AccountKind.WITHDRAWAL_IN_FLIGHT,
            Account.currency == currency,
            Account.reference == gateway,
        )
    )
    return int(total or 0)


def _mismatch(
    row: Withdrawal | None,
    gateway: str,
    fact: GatewayFact,
    event: WithdrawalEvent,
    done: WithdrawalStatus,
) -> str | None:
    if row is None or row.gateway != gateway:
        return "no such withdrawal"
    if (row.payment.amount, row.payment.currency) != (fact.amount, fact.currency):
        return "the amount is not that of the withdrawal"
    if row.status is not done and not WITHDRAWAL.allows(row.status, event):
        return f"the withdrawal is {row.status.value}"
    return None


def _record(row: Withdrawal, action: str) -> None:
    record(
        SYSTEM,
        action,
        subject_type="withdrawal",
        subject_id=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        gateway=row.gateway,
    )
