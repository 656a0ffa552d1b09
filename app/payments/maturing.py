"""The end of a hold period: what was released may be withdrawn."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select, update

from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.batches import ids_in_batches
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.core.statements import changed_rows
from app.payments import clawbacks, ledger, postings
from app.payments.events import FundsMatured
from app.payments.lifecycle import PAYMENT, PaymentEvent
from app.payments.models import Maturity, Payment


def mature_now(actor: Actor, maturity: Maturity, payment: Payment) -> bool:
    """Move a release to what may be withdrawn; False when that happened already, or when the
    release is contested."""
    moment = now()
    claim = (
        update(Maturity)
        .where(
            Maturity.id == maturity.id,
            Maturity.matured_at.is_(None),
            Maturity.contested_at.is_(None),
        )
        .values(matured_at=moment)
    )
    if changed_rows(claim) != 1:
        return False
    point("mature.after_claim")
    ledger.post(
        actor,
        postings.mature(
            maturity.id,
            maturity.influencer_id,
            maturity.currency,
            maturity.amount,
            payment.reference or "",
        ),
        payment=payment,
    )
    PAYMENT.move(payment, actor, PaymentEvent.SETTLE, settled_at=moment)
    record(
        actor,
        "payment.matured",
        subject_type="payment",
        subject_id=payment.id,
        amount=maturity.amount,
        currency=maturity.currency,
    )
    publish(FundsMatured(payment.id))
    clawbacks.collect(actor, maturity.influencer_id, maturity.currency)
    return True


def due_maturities(batch: int) -> Iterator[str]:
    """Ids of all releases whose hold period is over, the oldest first, read in batches."""
    return ids_in_batches(
        Maturity.due_at,
        Maturity.id,
        Maturity.matured_at.is_(None),
        Maturity.contested_at.is_(None),
        Maturity.due_at <= now(),
        batch=batch,
    )


def mature(maturity_id: str) -> bool:
    """Mature one release if it is due and was not matured before (inside a unit of work)."""
    row = db.session.execute(
        select(Maturity, Payment)
        .join(Payment, Payment.id == Maturity.payment_id)
        .where(Maturity.id == maturity_id)
        # Somebody may be dividing it: read what is left once they are done.
        .with_for_update(of=Maturity)
        .execution_options(populate_existing=True)
    ).first()
    if row is None or row.Maturity.due_at > now():
        return False
    return mature_now(SYSTEM, row.Maturity, row.Payment)
