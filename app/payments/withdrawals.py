"""Money going out, in two phases: set aside when asked for, gone when the gateway says so.

An unknown outcome is looked up at the gateway; the money never comes back on a guess.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.core.jobs import Job, JobStatus, enqueue
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, User
from app.payments import clawbacks, ledger, payout_details, payout_rules, postings, queries
from app.payments.errors import MoneyOnHold
from app.payments.events import WithdrawalAwaitsApproval, WithdrawalFailed, WithdrawalPaid
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
from app.payments.models import Payment, PaymentKind, Transfer, Withdrawal
from app.payments.postings import TransferKind

AGAIN_AFTER = timedelta(minutes=10)
NOT_YET_AGAIN_AFTER = timedelta(hours=1)
AGAIN_AT_LEAST_EVERY = timedelta(hours=6)
SENDABLE = (WithdrawalStatus.QUEUED, WithdrawalStatus.SENDING, WithdrawalStatus.UNKNOWN)


def withdraw(actor: Actor, *, amount: Money) -> Withdrawal:
    """Set `amount` aside and ask for its payout to the actor.

    It is sent at once, after the wait that follows a change of the payout details, or when two
    admins approved it. Raises MoneyOnHold for a flagged account, BelowMinimum, InsufficientFunds
    when less is available, PayoutDetailsNeeded, and NoGateway when no gateway in use that pays
    there holds that much. Nothing is changed then.
    """
    assert actor.influencer_id is not None
    payout_rules.check_minimum(amount)
    return ask(actor, influencer_id=actor.influencer_id, amount=amount)


def ask(
    actor: Actor, *, influencer_id: str, amount: Money, retries_id: str | None = None
) -> Withdrawal:
    """`withdraw` for an influencer, who need not be the actor, without the minimum."""
    _check_hold(influencer_id)
    details = payout_details.current(influencer_id, locked=True)
    gateway = payout_rules.gateway_for(influencer_id, amount, details)
    needed = payout_rules.approvals_needed(influencer_id, amount)
    payment = Payment(
        kind=PaymentKind.WITHDRAWAL,
        status=PaymentStatus.PENDING,
        amount=amount.amount,
        currency=amount.currency,
        influencer_id=influencer_id,
    )
    db.session.add(payment)
    db.session.flush()
    point("withdraw.after_payment")
    row = Withdrawal(
        payment_id=payment.id,
        influencer_id=influencer_id,
        payout_details_id=details.id if details else None,
        retries_id=retries_id,
        gateway=gateway,
        status=WithdrawalStatus.AWAITING_APPROVAL if needed else WithdrawalStatus.QUEUED,
        requested_by=actor.label,
        approvals_needed=needed,
        send_after=payout_rules.held_until(details),
        payment=payment,
        details=details,
    )
    db.session.add(row)
    db.session.flush()
    point("withdraw.after_row")
    posting = postings.withdraw(row.id, influencer_id, gateway, amount.currency, amount.amount)
    ledger.post(actor, posting, payment=payment)
    point("withdraw.after_posting")
    recorded(actor, row, "withdrawal.requested")
    if needed:
        publish(WithdrawalAwaitsApproval(row.id, influencer_id))
    else:
        to_be_sent(row, by=actor)
    return row


def to_be_sent(row: Withdrawal, *, by: Actor) -> None:
    """Let a queued withdrawal be sent as soon as it may be."""
    moment = max(row.send_after or now(), now())
    row.next_try_at = moment + AGAIN_AFTER
    db.session.flush()
    enqueue("payments.pay_out", by=by, run_after=moment, withdrawal_id=row.id)


def cancel(actor: Actor, *, withdrawal_id: str) -> Withdrawal:
    """Take one's own withdrawal back before it is sent. Raises NotFound, RefusedTransition."""
    row = get_withdrawal(actor, withdrawal_id, locked=True)
    give_back(row, actor, WithdrawalEvent.CANCEL)
    recorded(actor, row, "withdrawal.cancelled")
    return row


def get_withdrawal(actor: Actor, withdrawal_id: str, *, locked: bool = False) -> Withdrawal:
    """A withdrawal of the actor, with its payment. Raises NotFound."""
    found = queries.withdrawals_of(actor.influencer_id).where(Withdrawal.id == withdrawal_id)
    row = db.session.scalar(queries.lock_withdrawal(found) if locked else found)
    if row is None:
        raise NotFound
    return row


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
            raise LookupError(f"the gateway {row.gateway} is not in use any more")
        destination = payout_details.destination_of(row.details)
        maybe_sent = row.status is not WithdrawalStatus.QUEUED
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
    """Ids of withdrawals that should have been heard of, the longest waiting first."""
    return list(
        db.session.scalars(
            select(Withdrawal.id)
            .where(Withdrawal.status.in_(SENDABLE), Withdrawal.next_try_at <= now())
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
    # Seldom, once it is on its way: a bank takes days.
    waited = (moment - row.sent_at) / 4 if row.sent_at else AGAIN_AFTER
    row.next_try_at = moment + min(max(waited, AGAIN_AFTER), AGAIN_AT_LEAST_EVERY)
    db.session.flush()
    if _asked_for(row.id):
        return False
    enqueue("payments.pay_out_again", withdrawal_id=row.id)
    return True


def settle(gateway: str, fact: GatewayFact) -> str | None:
    """The gateway paid. Returns why that cannot be booked yet, if so."""
    row = db.session.scalar(queries.withdrawal(fact.subject, locked=True))
    if row is not None and row.status is WithdrawalStatus.FAILED and paid_by(row) is not None:
        return None
    refusal = mismatch(row, gateway, fact, WithdrawalEvent.PAY, WithdrawalStatus.PAID)
    if row is None or refusal is not None or row.status is WithdrawalStatus.PAID:
        return refusal
    payment = row.payment
    posting = postings.payout(row.id, row.influencer_id, gateway, fact.currency, fact.amount)
    ledger.post(SYSTEM, posting, payment=payment)
    point("payout.after_posting")
    moment = now()
    WITHDRAWAL.move(row, SYSTEM, WithdrawalEvent.PAY, failure=None, ended_at=moment)
    PAYMENT.move(payment, SYSTEM, PaymentEvent.SETTLE, settled_at=moment)
    recorded(SYSTEM, row, "withdrawal.paid")
    publish(WithdrawalPaid(row.id, row.influencer_id))
    return None


def fail(gateway: str, fact: GatewayFact) -> str | None:
    """The gateway did not pay: the money may be withdrawn again. Returns why not, if so."""
    row = db.session.scalar(queries.withdrawal(fact.subject, locked=True))
    refusal = mismatch(row, gateway, fact, WithdrawalEvent.FAIL, WithdrawalStatus.FAILED)
    if row is None or refusal is not None or row.status is WithdrawalStatus.FAILED:
        return refusal
    give_back(row, SYSTEM, WithdrawalEvent.FAIL, reason=fact.reason)
    recorded(SYSTEM, row, "withdrawal.failed")
    publish(WithdrawalFailed(row.id, row.influencer_id))
    return None


def paid_by(row: Withdrawal) -> Transfer | None:
    """The transfer by which a withdrawal was paid, if it ever was."""
    found = ledger.transfer_of(f"payout:{row.id}")
    return found if found is not None and found.kind is TransferKind.PAYOUT else None


def give_back(
    row: Withdrawal, by: Actor, event: WithdrawalEvent, *, reason: str | None = None
) -> None:
    """End a withdrawal that was not paid: its money may be withdrawn again.

    Raises RefusedTransition, before anything moves.
    """
    WITHDRAWAL.target(row.status, event)
    payment = row.payment
    posting = postings.payout_failed(
        row.id, row.influencer_id, row.gateway, payment.currency, payment.amount
    )
    ledger.post(by, posting, payment=payment, reverses=ledger.transfer_of(f"withdraw:{row.id}"))
    point("payout.after_return")
    WITHDRAWAL.move(row, by, event, note=reason, failure=reason, ended_at=now(), ended_by=by.label)
    PAYMENT.move(payment, by, PaymentEvent.FAIL)
    clawbacks.collect(by, row.influencer_id, payment.currency)


def recorded(actor: Actor, row: Withdrawal, action: str) -> None:
    """Write an act on a withdrawal into the trail."""
    record(
        actor,
        action,
        subject_type="withdrawal",
        subject_id=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        gateway=row.gateway,
    )


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


def _check_hold(influencer_id: str) -> None:
    # Read inside the unit of work: a flag may have fallen since the sign-in was checked.
    if _on_hold(influencer_id):
        raise MoneyOnHold("An admin is looking into a flag. You can appeal; your money stays.")


def _on_hold(influencer_id: str) -> bool:
    found = db.session.scalar(
        select(User.money_on_hold)
        .join(Influencer, Influencer.user_id == User.id)
        .where(Influencer.id == influencer_id)
    )
    return bool(found)


def _may_leave(row: Withdrawal) -> bool:
    """What was sent once is followed to its end; what was not waits for its date and for flags."""
    if row.status is not WithdrawalStatus.QUEUED:
        return True
    waits = row.send_after is not None and row.send_after > now()
    return not waits and not _on_hold(row.influencer_id)


def mismatch(
    row: Withdrawal | None,
    gateway: str,
    fact: GatewayFact,
    event: WithdrawalEvent,
    done: WithdrawalStatus,
) -> str | None:
    """Why a fact is not about this withdrawal as it is, if so."""
    if row is None or row.gateway != gateway:
        return "no such withdrawal"
    if (row.payment.amount, row.payment.currency) != (fact.amount, fact.currency):
        return "the amount is not that of the withdrawal"
    if row.status is not done and not WITHDRAWAL.allows(row.status, event):
        return f"the withdrawal is {row.status.value}"
    return None
