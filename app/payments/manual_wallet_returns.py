"""Money of a wallet that goes back to its sponsor: sent at the bank, and booked by its entry there.

It books what was done, as confirming a deposit does: the platform itself sends nothing.
"""

from __future__ import annotations

from sqlalchemy import select

from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.events import publish
from app.core.extensions import db
from app.core.money import Money
from app.identity.models import Sponsor
from app.payments import balances, inbox, ledger, postings, queries
from app.payments.balances import WalletTotals
from app.payments.errors import InsufficientFunds
from app.payments.events import WalletReturned
from app.payments.gateways import manual
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from app.payments.statement_entries import booked_as, check_entry


def wallet_of(sponsor_id: str) -> list[WalletTotals]:
    """The balances of any sponsor (for admins), also of one whose account is closed. Raises
    NotFound."""
    _require(sponsor_id)
    return balances.wallet_totals(sponsor_id)


def give_back(
    actor: Actor, *, sponsor_id: str, amount: Money, entry_id: str, reason: str
) -> Payment:
    """Book what was sent back to a sponsor, once for each entry of the bank's statement; again
    with the same figures it is the payment that was made before.

    Only what is available goes back, by the bank wherever it came from. Raises NotFound, Invalid
    for nothing, InsufficientFunds, EntryBooked for an entry that counted for something else, and
    RefusedTransition when less lies at the bank. Nothing is changed then.
    """
    _require(sponsor_id)
    if amount.amount <= 0:
        raise Invalid(amount="Return more than nothing.")
    booked = booked_as(entry_id)
    posting = postings.wallet_return(
        sponsor_id, manual.NAME, amount.currency, amount.amount, booked
    )
    accounts = ledger.lock(posting.debit, posting.credit)
    done = _booked_before(sponsor_id, amount, posting.key)
    if done is not None:
        return done
    available = accounts[posting.debit].balance
    if available < amount.amount:
        raise InsufficientFunds(
            wanted=amount.amount,
            available=available,
            currency=amount.currency,
            advice="What is held for agreements comes back once they are settled or cancelled.",
        )
    payment = Payment(
        kind=PaymentKind.WALLET_RETURN,
        status=PaymentStatus.PENDING,
        amount=amount.amount,
        currency=amount.currency,
        sponsor_id=sponsor_id,
    )
    db.session.add(payment)
    db.session.flush()
    _take_in(payment, booked, reason)
    record(
        actor,
        "payment.wallet_return",
        subject_type="payment",
        subject_id=payment.id,
        amount=amount.amount,
        currency=amount.currency,
        sponsor_id=sponsor_id,
        entry_id=booked,
        reason=reason,
    )
    publish(WalletReturned(payment.id, sponsor_id, reason))
    return _shown(payment.id)


def _require(sponsor_id: str) -> None:
    if db.session.scalar(select(Sponsor.id).where(Sponsor.id == sponsor_id)) is None:
        raise NotFound


def _take_in(payment: Payment, booked: str, reason: str) -> None:
    fact = GatewayFact(
        event_id=f"returned:{booked}",
        kind=FactKind.WALLET_RETURNED,
        subject=payment.id,
        amount=payment.amount,
        currency=payment.currency,
        entry_id=booked,
        reason=reason,
        statement_id=booked,
    )
    check_entry(manual.NAME, fact)
    event = inbox.receive(manual.NAME, fact)
    if event.error is not None:
        raise RefusedTransition(f"Nothing was changed: {event.error}.")


def _booked_before(sponsor_id: str, amount: Money, key: str) -> Payment | None:
    """The payment of the same movement; the accounts are locked."""
    kept = ledger.transfer_of(key)
    if kept is None or kept.payment_id is None:
        return None
    payment = _shown(kept.payment_id)
    return payment if (payment.sponsor_id, payment.money) == (sponsor_id, amount) else None


def _shown(payment_id: str) -> Payment:
    found = queries.payment(payment_id).execution_options(populate_existing=True)
    return db.session.scalars(found).one()
