"""Money of a wallet that was sent back to its sponsor."""

from __future__ import annotations

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.payments import ledger, postings
from app.payments.gateways.base import GatewayFact
from app.payments.lifecycle import PAYMENT, PaymentEvent
from app.payments.models import Payment, PaymentKind


def settle(gateway: str, fact: GatewayFact) -> str | None:
    """The money was sent back. Returns why that cannot be booked, if so."""
    payment = db.session.get(Payment, fact.subject)
    if payment is None or payment.kind is not PaymentKind.WALLET_RETURN or not fact.entry_id:
        return "nothing was to be returned"
    posting = postings.wallet_return(
        payment.sponsor_id or "", gateway, fact.currency, fact.amount, fact.entry_id
    )
    if ledger.lock(posting.debit, posting.credit)[posting.credit].balance < fact.amount:
        return "the ledger has less cash there: book own money that you paid in first"
    ledger.post(SYSTEM, posting, payment=payment)
    PAYMENT.move(payment, SYSTEM, PaymentEvent.SETTLE, settled_at=now())
    return None
