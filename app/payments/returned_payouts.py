"""Payouts that were paid and came back: banks send some back after days."""

from __future__ import annotations

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import clawbacks, ledger, payout_endings, postings, queries
from app.payments.events import WithdrawalFailed
from app.payments.gateways.base import Gateway, GatewayFact, PayoutOrder
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import (
    PAYMENT,
    WITHDRAWAL,
    PaymentEvent,
    WithdrawalEvent,
    WithdrawalStatus,
)


def returned(gateway: str, fact: GatewayFact) -> str | None:
    """What was paid came back: the money may be withdrawn again. Returns why not, if so."""
    row = db.session.scalar(queries.withdrawal(fact.subject, locked=True))
    refusal = payout_endings.mismatch(
        row, gateway, fact, WithdrawalEvent.RETURN, WithdrawalStatus.FAILED
    )
    if row is None or refusal is not None:
        return refusal
    paid = payout_endings.paid_by(row)
    if paid is None or fact.entry_id is None:
        return "the withdrawal was never paid" if paid is None else "it names no statement line"
    if row.status is WithdrawalStatus.FAILED:
        return None
    posting = postings.payout_returned(
        row.id, row.influencer_id, gateway, fact.currency, fact.amount
    )
    ledger.post(SYSTEM, posting, payment=row.payment, reverses=paid)
    reason = f"It was paid and came back: {fact.reason or 'the bank sent it back.'}"[:300]
    WITHDRAWAL.move(
        row, SYSTEM, WithdrawalEvent.RETURN, note=reason, failure=reason, ended_at=now()
    )
    PAYMENT.move(row.payment, SYSTEM, PaymentEvent.RETURN)
    clawbacks.collect(SYSTEM, row.influencer_id, row.payment.currency)
    payout_endings.recorded(SYSTEM, row, "withdrawal.returned")
    publish(WithdrawalFailed(row.id, row.influencer_id))
    return None


def paid_order(withdrawal_id: str) -> tuple[Gateway, PayoutOrder] | None:
    """A withdrawal that was paid, as its gateway is asked whether it came back; None for others
    (opens its own unit of work)."""

    def work() -> tuple[Gateway, PayoutOrder] | None:
        row = db.session.scalar(queries.withdrawal(withdrawal_id))
        gateway = gateways().get(row.gateway) if row is not None else None
        if row is None or gateway is None or row.status is not WithdrawalStatus.PAID:
            return None
        return gateway, PayoutOrder(row.id, row.payment.amount, row.payment.currency)

    return unit_of_work(work)
