"""How withdrawals end: paid when the gateway says so, given back when it did not pay."""

from __future__ import annotations

from sqlalchemy import select

from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import RefusedTransition
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.payments import clawbacks, ledger, payout_rules, postings, queries
from app.payments.events import WithdrawalFailed, WithdrawalPaid
from app.payments.gateways import manual
from app.payments.gateways.base import GatewayFact
from app.payments.lifecycle import (
    PAYMENT,
    WITHDRAWAL,
    PaymentEvent,
    WithdrawalEvent,
    WithdrawalStatus,
)
from app.payments.models import Transfer, Withdrawal
from app.payments.payout_batch_models import PayoutLine
from app.payments.postings import TransferKind

NO_CASH = "the ledger has less cash there: a deposit, or own money, is not booked yet"


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
    cash = postings.cash(gateway, fact.currency)
    # It did leave, whatever we hold: a cost may have taken what was there when it was asked for.
    if ledger.lock(posting.debit, cash)[cash].balance < fact.amount:
        return NO_CASH
    ledger.post(SYSTEM, posting, payment=payment)
    point("payout.after_posting")
    moment = now()
    WITHDRAWAL.move(
        row,
        SYSTEM,
        WithdrawalEvent.PAY,
        failure=None,
        ended_at=moment,
        escalate_at=None,
        next_try_at=payout_rules.next_look(gateway, moment),
    )
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
    if event is not WithdrawalEvent.FAIL:
        _check_not_sent(row, event)
    payment = row.payment
    posting = postings.payout_failed(
        row.id, row.influencer_id, row.gateway, payment.currency, payment.amount
    )
    ledger.post(by, posting, payment=payment, reverses=ledger.transfer_of(f"withdraw:{row.id}"))
    point("payout.after_return")
    WITHDRAWAL.move(
        row,
        by,
        event,
        note=reason,
        failure=reason,
        ended_at=now(),
        ended_by=by.label,
        escalate_at=None,
    )
    PAYMENT.move(payment, by, PaymentEvent.FAIL)
    clawbacks.collect(by, row.influencer_id, payment.currency)


def _check_not_sent(row: Withdrawal, event: WithdrawalEvent) -> None:
    # Asked anew: a batch may have taken it while this waited for its lock.
    batch = select(PayoutLine.batch_id).where(PayoutLine.withdrawal_id == row.id)
    waits = row.gateway == manual.NAME and db.session.scalar(batch) is None
    if row.status is WithdrawalStatus.SENDING and not waits:
        raise RefusedTransition(
            "This withdrawal is on its way: who has it says how it ends. Nothing was changed.",
            state=row.status.value,
            event=event.value,
        )


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
