"""Releases that somebody disputes within their hold period: kept there, then divided."""

from __future__ import annotations

from sqlalchemy import select, update

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.statements import changed_rows
from app.payments import ledger, postings
from app.payments.errors import HoldOver
from app.payments.events import FundsRefunded
from app.payments.lifecycle import PAYMENT, PaymentEvent, PaymentStatus
from app.payments.models import Maturity, Payment, PaymentKind


def contest(actor: Actor, *, reference: str, milestone: str) -> None:
    """Keep a release in its hold period, whatever its date, until the contest is settled.

    Raises NotFound without a release, HoldOver when it may be withdrawn already.
    """
    maturity, payment = _release_of(reference, milestone)
    claim = (
        update(Maturity)
        .where(
            Maturity.id == maturity.id,
            Maturity.matured_at.is_(None),
            Maturity.contested_at.is_(None),
        )
        .values(contested_at=now())
    )
    if changed_rows(claim) != 1:
        raise HoldOver("The released money may be withdrawn already. Nothing was changed.")
    record(actor, "payment.contested", subject_type="payment", subject_id=payment.id)


def settle_contest(
    actor: Actor, *, reference: str, milestone: str, take_back: int
) -> Payment | None:
    """Give the sponsor's wallet `take_back` minor units of a contested release; the rest goes on
    to its date. Returns the clawback, None for 0. Raises NotFound without a contested release.
    """
    maturity, release = _release_of(reference, milestone)
    if maturity.contested_at is None:
        raise NotFound("This release is not contested.")
    if not 0 <= take_back <= maturity.amount:
        raise ValueError("no more can be taken back than was released")
    payment = _take_back(actor, release, take_back) if take_back else None
    maturity.contested_at = None
    if take_back == maturity.amount:
        maturity.matured_at = now()
        PAYMENT.move(release, actor, PaymentEvent.SETTLE, settled_at=now())
    else:
        maturity.amount -= take_back
    db.session.flush()
    return payment


def _take_back(actor: Actor, release: Payment, amount: int) -> Payment:
    assert release.influencer_id is not None
    assert release.sponsor_id is not None
    payment = Payment(
        kind=PaymentKind.CLAWBACK,
        status=PaymentStatus.SETTLED,
        amount=amount,
        currency=release.currency,
        sponsor_id=release.sponsor_id,
        influencer_id=release.influencer_id,
        reference=release.reference,
        milestone=release.milestone,
        settled_at=now(),
    )
    posting = postings.take_back(
        release.influencer_id,
        release.sponsor_id,
        release.currency,
        amount,
        release.reference or "",
        release.milestone or "",
    )
    ledger.post(actor, posting, payment=payment)
    record(
        actor,
        "payment.clawback",
        subject_type="payment",
        subject_id=payment.id,
        amount=amount,
        currency=release.currency,
        reference=release.reference,
    )
    publish(FundsRefunded(payment.id, release.reference or ""))
    return payment


def _release_of(reference: str, milestone: str) -> tuple[Maturity, Payment]:
    found = db.session.execute(
        select(Maturity, Payment)
        .join(Payment, Payment.id == Maturity.payment_id)
        .where(
            Payment.reference == reference,
            Payment.milestone == milestone,
            Payment.kind == PaymentKind.RELEASE,
        )
        .with_for_update(of=Maturity)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound("Nothing was released for this.")
    return found.Maturity, found.Payment
