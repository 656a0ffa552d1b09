"""Releases that somebody disputes within their hold period: kept there, then divided."""

from __future__ import annotations

from sqlalchemy import update

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.statements import changed_rows
from app.payments.clawbacks import release_of, take_from_hold
from app.payments.errors import HoldOver
from app.payments.models import Maturity, Payment, PaymentKind

RELEASE = (PaymentKind.RELEASE,)


def contest(actor: Actor, *, reference: str, milestone: str) -> None:
    """Keep a release in its hold period, whatever its date, until the contest is settled.

    Raises NotFound without a release, HoldOver when it may be withdrawn already.
    """
    maturity, payment = release_of(reference, milestone, RELEASE)
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
    maturity, release = release_of(reference, milestone, RELEASE)
    if maturity.contested_at is None:
        raise NotFound("This release is not contested.")
    if not 0 <= take_back <= maturity.amount:
        raise ValueError("no more can be taken back than was released")
    payment = take_from_hold(actor, maturity, release, take_back) if take_back else None
    maturity.contested_at = None
    db.session.flush()
    return payment
