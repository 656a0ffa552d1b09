"""Money of an agreement: held at acceptance, then released, refunded or taken as a fee.

Each movement has a permanent business key, so that a repeated call has one effect and the same
answer. `reference` is the ad request, `milestone` its deliverable; both are opaque here.
"""

from __future__ import annotations

from datetime import timedelta

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.payments import ledger, postings
from app.payments.events import FundsHeld, FundsRefunded, FundsReleased
from app.payments.fees import HOLD_DAYS
from app.payments.lifecycle import PaymentStatus
from app.payments.maturing import mature_now
from app.payments.models import Account, Maturity, Payment, PaymentKind
from app.payments.postings import Posting, TransferKind

_RELEASES = {
    PaymentKind.RELEASE: TransferKind.RELEASE,
    PaymentKind.COMMISSION: TransferKind.COMMISSION,
}


def hold(
    actor: Actor,
    *,
    reference: str,
    sponsor_id: str,
    currency: str,
    fee: int,
    commission_cap: int,
    platform_fee: int,
) -> Account:
    """Set a sponsor's money aside for an ad request; returns its escrow account.

    Amounts are minor units. Raises InsufficientFunds and changes nothing when the wallet has less
    than the three together; PostingConflict when this ad request holds another sum already.
    """
    parts = (fee, commission_cap, platform_fee)
    if any(part < 0 for part in parts):
        raise ValueError("amounts of a hold are not negative")
    posting = postings.hold(reference, sponsor_id, currency, sum(parts))
    payment = _post(actor, posting, PaymentKind.HOLD, sponsor_id=sponsor_id, event=FundsHeld)
    assert payment is not None
    account = ledger.escrow_account(reference)
    assert account is not None
    return account


def release(
    actor: Actor,
    *,
    reference: str,
    milestone: str,
    influencer_id: str,
    amount: int,
    hold_days: int | None = None,
    kind: PaymentKind = PaymentKind.RELEASE,
) -> Payment | None:
    """Give an influencer what a milestone earned; it may be withdrawn after `hold_days`.

    `hold_days` (0–90) is the option `hold_days` where left out; with 0 it may be withdrawn at
    once. `kind` is RELEASE or COMMISSION. An amount of 0 moves nothing and returns None. Raises
    NotFound without an escrow, EscrowExhausted when it holds less.
    """
    days = HOLD_DAYS.get() if hold_days is None else hold_days
    if not 0 <= days <= 90:
        raise ValueError("a hold period is 0 to 90 days")
    if amount == 0:
        return None
    account = _escrow(reference)
    posting = postings.release(account.key, milestone, influencer_id, amount, _RELEASES[kind])
    payment = Payment(
        kind=kind,
        status=PaymentStatus.HELD,
        amount=amount,
        currency=account.currency,
        sponsor_id=account.sponsor_id,
        influencer_id=influencer_id,
        reference=reference,
        milestone=milestone,
    )
    posted = ledger.post(actor, posting, payment=payment)
    if not posted.new:
        return db.session.get_one(Payment, posted.transfer.payment_id)
    maturity = Maturity(
        payment_id=payment.id,
        influencer_id=influencer_id,
        amount=amount,
        currency=account.currency,
        due_at=now() + timedelta(days=days),
    )
    point("release.after_posting")
    db.session.add(maturity)
    db.session.flush()
    _record(actor, payment)
    publish(FundsReleased(payment.id, reference))
    if days == 0:
        mature_now(actor, maturity, payment)
    return payment


def refund(actor: Actor, *, reference: str, milestone: str, amount: int) -> Payment | None:
    """Give held money back to the sponsor's wallet; an amount of 0 moves nothing (None).

    Raises NotFound without an escrow, EscrowExhausted when it holds less.
    """
    if amount == 0:
        return None
    account = _escrow(reference)
    return _post(
        actor,
        postings.refund(account.key, milestone, amount),
        PaymentKind.REFUND,
        sponsor_id=account.sponsor_id,
        event=FundsRefunded,
    )


def charge_platform_fee(
    actor: Actor, *, reference: str, milestone: str, amount: int
) -> Payment | None:
    """Take the platform's share of a milestone from the escrow; 0 moves nothing (None).

    Raises NotFound without an escrow, EscrowExhausted when it holds less.
    """
    if amount == 0:
        return None
    account = _escrow(reference)
    return _post(
        actor,
        postings.platform_fee(account.key, milestone, amount),
        PaymentKind.FEE,
        sponsor_id=account.sponsor_id,
    )


def escrow_balance(reference: str) -> int:
    """Minor units still held for an ad request; 0 where nothing ever was."""
    account = ledger.escrow_account(reference)
    return 0 if account is None else account.balance


def _escrow(reference: str) -> Account:
    account = ledger.escrow_account(reference)
    if account is None:
        raise NotFound("Nothing is held for this ad request.")
    return account


def _post(
    actor: Actor,
    posting: Posting,
    kind: PaymentKind,
    *,
    sponsor_id: str | None,
    event: type[FundsHeld] | type[FundsRefunded] | None = None,
) -> Payment:
    payment = Payment(
        kind=kind,
        status=PaymentStatus.SETTLED,
        amount=posting.amount,
        currency=posting.debit.currency,
        sponsor_id=sponsor_id,
        reference=posting.reference,
        milestone=posting.subject or None,
        settled_at=now(),
    )
    posted = ledger.post(actor, posting, payment=payment)
    if not posted.new:
        return db.session.get_one(Payment, posted.transfer.payment_id)
    _record(actor, payment)
    if event is not None:
        publish(event(payment.id, posting.reference))
    return payment


def _record(actor: Actor, payment: Payment) -> None:
    record(
        actor,
        f"payment.{payment.kind.value}",
        subject_type="payment",
        subject_id=payment.id,
        amount=payment.amount,
        currency=payment.currency,
        reference=payment.reference,
    )
