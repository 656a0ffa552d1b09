"""Money going out, in two phases: set aside when asked for, gone when the gateway says so.

Here it is asked for and taken back; `payout_sending` gives it to the gateway, and `payout_endings`
books how it ended.
"""

from __future__ import annotations

from datetime import timedelta

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.core.jobs import enqueue
from app.core.money import Money
from app.payments import ledger, payout_details, payout_rules, postings, queries
from app.payments.errors import MoneyOnHold
from app.payments.events import WithdrawalAwaitsApproval
from app.payments.lifecycle import PaymentStatus, WithdrawalEvent, WithdrawalStatus
from app.payments.models import Payment, PaymentKind, Withdrawal
from app.payments.payout_endings import give_back, recorded

AGAIN_AFTER = timedelta(minutes=10)


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
    send_after = payout_rules.held_until(details)
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
        send_after=send_after,
        escalate_at=payout_rules.approve_by() if needed else payout_rules.pay_by(send_after),
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
    """Take one's own withdrawal back before it is sent, a bank transfer before a batch holds it.
    Raises NotFound, RefusedTransition."""
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


def _check_hold(influencer_id: str) -> None:
    # Read inside the unit of work: a flag may have fallen since the sign-in was checked.
    if payout_rules.money_on_hold(influencer_id):
        raise MoneyOnHold("An admin is looking into a flag. You can appeal; your money stays.")
