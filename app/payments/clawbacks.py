"""Taking back what was released: from its hold period, from what is available, or from what is
earned next.

The sponsor's wallet gets what was taken, and no more: what an influencer has withdrawn already is
owed by them and due to the sponsor, and both fall as it is earned again. So nothing in a wallet
lacks the cash behind it (docs/decisions/015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.events import publish
from app.core.extensions import db
from app.core.faults import point
from app.core.money import Money
from app.payments import ledger, postings
from app.payments.clawback_models import Clawback
from app.payments.errors import MoreThanReleased, PostingConflict
from app.payments.events import FundsRefunded, FundsTakenBack
from app.payments.lifecycle import PAYMENT, PaymentEvent, PaymentStatus
from app.payments.models import Maturity, Payment, PaymentKind
from app.payments.postings import AccountKey

RELEASES = (PaymentKind.RELEASE, PaymentKind.COMMISSION)
SHOWN = 20


@dataclass(frozen=True)
class ClawedBack:
    """A clawback, and whether this call made it (False: its key was used before)."""

    clawback: Clawback
    new: bool


def claw_back(
    actor: Actor,
    *,
    reference: str,
    milestone: str,
    amount: int,
    reason: str,
    key: str = "",
    kinds: Sequence[PaymentKind] = RELEASES,
) -> ClawedBack:
    """Take `amount` minor units of a release back for the sponsor, wherever they are by now.

    Once for each `key` of a milestone. In its hold period the release shrinks; after it, what is
    available is taken and the rest is owed. `reason` is for the influencer to read. Raises
    NotFound without a release of these `kinds`, Invalid for an amount of nothing,
    MoreThanReleased, RefusedTransition while the release is contested, PostingConflict when the
    key took another amount. Nothing is changed then.
    """
    if amount <= 0:
        raise Invalid(amount="Take back more than nothing.")
    maturity, release = release_of(reference, milestone, kinds)
    kept = _kept(reference, milestone, key)
    if kept is not None:
        if kept.amount != amount:
            raise PostingConflict(f"{kept.id} took {kept.money} back already.")
        return ClawedBack(kept, new=False)
    if maturity.contested_at is not None:
        raise RefusedTransition("This release is contested: an admin decides it first.")
    left = release.amount - _taken(reference, milestone)
    if amount > left:
        raise MoreThanReleased(
            f"{Money(left, release.currency)} of this release is left. Nothing was changed.",
            left=left,
        )
    row = _new(release, amount, reason, key)
    point("clawback.after_row")
    if maturity.matured_at is None:
        take_from_hold(actor, maturity, release, amount, key=f"{row.id}:held")
    else:
        _take_or_owe(actor, row)
    publish(FundsTakenBack(row.id, row.influencer_id))
    return ClawedBack(row, new=True)


def collect(actor: Actor, influencer_id: str, currency: str) -> int:
    """Take what an influencer owes from what is available, the oldest claim first; returns its
    minor units. To be called whenever money becomes available (inside the same unit of work)."""
    claims = db.session.scalars(
        select(Clawback)
        .where(
            Clawback.influencer_id == influencer_id,
            Clawback.currency == currency,
            Clawback.owed > 0,
        )
        .order_by(Clawback.created_at, Clawback.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    return sum(_repay(actor, claim) for claim in claims)


def of_influencer(influencer_id: str) -> list[Clawback]:
    """What was taken back from an influencer: what is still owed first, then the newest."""
    return list(
        db.session.scalars(
            select(Clawback)
            .where(Clawback.influencer_id == influencer_id)
            .order_by((Clawback.owed > 0).desc(), Clawback.created_at.desc(), Clawback.id.desc())
            .limit(SHOWN)
        )
    )


def take_from_hold(
    actor: Actor, maturity: Maturity, release: Payment, amount: int, *, key: str = ""
) -> Payment:
    """Take a part of a release, or all of it, out of its hold period."""
    assert release.influencer_id is not None
    held = postings.held(release.influencer_id, release.currency)
    payment = _move(actor, release, held, amount, key)
    if amount == maturity.amount:
        maturity.matured_at = now()
        PAYMENT.move(release, actor, PaymentEvent.SETTLE, settled_at=now())
    else:
        maturity.amount -= amount
    db.session.flush()
    return payment


def release_of(
    reference: str, milestone: str, kinds: Sequence[PaymentKind]
) -> tuple[Maturity, Payment]:
    """What was released for a milestone, locked. Raises NotFound."""
    found = db.session.execute(
        select(Maturity, Payment)
        .join(Payment, Payment.id == Maturity.payment_id)
        .where(
            Payment.reference == reference,
            Payment.milestone == milestone,
            Payment.kind.in_(kinds),
        )
        .with_for_update(of=Maturity)
        .execution_options(populate_existing=True)
    ).first()
    if found is None:
        raise NotFound("Nothing was released for this.")
    return found.Maturity, found.Payment


def _take_or_owe(actor: Actor, row: Clawback) -> None:
    available = postings.available(row.influencer_id, row.currency)
    accounts = ledger.lock(available, postings.wallet(row.sponsor_id, row.currency))
    taken = min(accounts[available].balance, row.amount)
    if taken:
        _move(actor, row, available, taken, f"{row.id}:available")
    if taken == row.amount:
        return
    row.owed, row.settled_at = row.amount - taken, None
    db.session.flush()
    point("clawback.after_taking")
    ledger.post(
        actor,
        postings.owe(
            row.id, row.influencer_id, row.sponsor_id, row.currency, row.owed, row.reference
        ),
    )


def _repay(actor: Actor, claim: Clawback) -> int:
    available = postings.available(claim.influencer_id, claim.currency)
    accounts = ledger.lock(available, postings.wallet(claim.sponsor_id, claim.currency))
    part = min(accounts[available].balance, claim.owed)
    if part == 0:
        return 0
    _move(actor, claim, available, part, f"{claim.id}:{claim.owed}")
    point("clawback.after_repaying")
    ledger.post(
        actor,
        postings.repaid(
            claim.id,
            claim.influencer_id,
            claim.sponsor_id,
            claim.currency,
            part,
            claim.reference,
            before=claim.owed,
        ),
    )
    claim.owed -= part
    if claim.owed == 0:
        claim.settled_at = now()
    db.session.flush()
    return part


def _move(
    actor: Actor, of: Payment | Clawback, source: AccountKey, amount: int, key: str
) -> Payment:
    """Give the sponsor's wallet `amount` from `source`: one payment, which a credit note tells."""
    assert of.sponsor_id is not None
    payment = Payment(
        kind=PaymentKind.CLAWBACK,
        status=PaymentStatus.SETTLED,
        amount=amount,
        currency=of.currency,
        sponsor_id=of.sponsor_id,
        influencer_id=of.influencer_id,
        reference=of.reference,
        milestone=of.milestone,
        settled_at=now(),
    )
    posting = postings.take_back(
        source, of.sponsor_id, amount, of.reference or "", of.milestone or "", key
    )
    ledger.post(actor, posting, payment=payment)
    record(
        actor,
        "payment.clawback",
        subject_type="payment",
        subject_id=payment.id,
        amount=amount,
        currency=of.currency,
        reference=of.reference,
    )
    publish(FundsRefunded(payment.id, of.reference or ""))
    return payment


def _new(release: Payment, amount: int, reason: str, key: str) -> Clawback:
    row = Clawback(
        influencer_id=release.influencer_id,
        sponsor_id=release.sponsor_id,
        reference=release.reference,
        milestone=release.milestone,
        business_key=key,
        amount=amount,
        owed=0,
        currency=release.currency,
        reason=reason,
        settled_at=now(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _kept(reference: str, milestone: str, key: str) -> Clawback | None:
    return db.session.scalar(
        select(Clawback).where(
            Clawback.reference == reference,
            Clawback.milestone == milestone,
            Clawback.business_key == key,
        )
    )


def _taken(reference: str, milestone: str) -> int:
    """What was taken back of a milestone, or is owed for it."""
    paid = db.session.scalar(
        select(func.sum(Payment.amount)).where(
            Payment.reference == reference,
            Payment.milestone == milestone,
            Payment.kind == PaymentKind.CLAWBACK,
        )
    )
    owed = db.session.scalar(
        select(func.sum(Clawback.owed)).where(
            Clawback.reference == reference, Clawback.milestone == milestone
        )
    )
    return int(paid or 0) + int(owed or 0)
