"""Money coming in: a sponsor asks, the gateway opens the deposit, an event settles it."""

from __future__ import annotations

from app.audit.service import record
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.jobs import enqueue
from app.core.money import Money
from app.core.paging import Page, PageRequest, paginate
from app.core.settings import settings
from app.core.transaction import unit_of_work
from app.identity.standing import hold_accounts
from app.payments import ledger, postings, queries
from app.payments.events import DepositDeclined, DepositSettled
from app.payments.gateways.base import Checkout, DepositOrder, Gateway, GatewayFact
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import (
    DEPOSIT,
    PAYMENT,
    DepositEvent,
    DepositStatus,
    PaymentEvent,
    PaymentStatus,
)
from app.payments.models import Deposit, Payment, PaymentKind


def deposit(actor: Actor, *, amount: Money, gateway: str, outcome: str | None = None) -> Deposit:
    """Ask to pay `amount` into the wallet of the actor's sponsor.

    `outcome` is for gateways that play one. Raises Invalid for a gateway that is not in use, an
    outcome that it does not know or an amount that it does not take, and AccountBarred.
    """
    # Nobody closes the account beside it: the money would reach a wallet that nobody may use.
    hold_accounts(actor, sponsor_id=actor.sponsor_id)
    chosen = _gateway(gateway, amount)
    payment = Payment(
        kind=PaymentKind.DEPOSIT,
        status=PaymentStatus.PENDING,
        amount=amount.amount,
        currency=amount.currency,
        sponsor_id=actor.sponsor_id,
    )
    db.session.add(payment)
    db.session.flush()
    row = Deposit(
        payment_id=payment.id,
        sponsor_id=actor.sponsor_id,
        gateway=chosen.name,
        outcome=_outcome(chosen, outcome),
        payment=payment,
    )
    db.session.add(row)
    db.session.flush()
    record(
        actor,
        "deposit.requested",
        subject_type="deposit",
        subject_id=row.id,
        amount=amount.amount,
        currency=amount.currency,
        gateway=chosen.name,
    )
    enqueue(
        "payments.open_deposit",
        by=actor,
        run_after=now() + chosen.delay(row.outcome),
        deposit_id=row.id,
    )
    return _shown(row)


def get_deposit(actor: Actor, deposit_id: str) -> Deposit:
    """A deposit of the actor's sponsor, with its payment. Raises NotFound."""
    row = db.session.scalar(queries.deposits_of(actor.sponsor_id).where(Deposit.id == deposit_id))
    if row is None:
        raise NotFound
    return _shown(row)


def deposits_of(
    actor: Actor, page: PageRequest, *, status: DepositStatus | None = None
) -> Page[Deposit]:
    """The deposits of the actor's sponsor, all or those in one state."""
    found = paginate(
        queries.filtered(queries.deposits_of(actor.sponsor_id), Deposit, status=status),
        page,
        sorts={"created_at": Deposit.created_at},
        default="-created_at",
        id_column=Deposit.id,
    )
    for row in found.items:
        _shown(row)
    return found


def order_of(deposit_id: str) -> tuple[Gateway, DepositOrder] | None:
    """What to ask of which gateway; None once the deposit is no longer open."""
    row = db.session.scalar(queries.deposit(deposit_id))
    if row is None or row.status is not DepositStatus.OPEN:
        return None
    chosen = gateways().get(row.gateway)
    if chosen is None:
        raise LookupError(f"the gateway {row.gateway} is not in use any more")
    return chosen, order_for(row)


def order_for(row: Deposit) -> DepositOrder:
    """A deposit (with its payment) as its gateway is asked about it."""
    return DepositOrder(
        deposit_id=row.id,
        amount=row.payment.amount,
        currency=row.payment.currency,
        outcome=row.outcome,
        external_id=row.external_id,
        return_url=settings().public_url + return_path(row.id),
    )


def return_path(deposit_id: str) -> str:
    """Our page to which a payer comes back."""
    return f"/sponsor/wallet?deposit={deposit_id}"


def opened(deposit_id: str, checkout: Checkout) -> None:
    """Keep the gateway's name and pay page of a deposit (opens its own unit of work)."""

    def work() -> None:
        row = db.session.scalar(queries.deposit(deposit_id, locked=True))
        assert row is not None
        row.external_id = checkout.external_id
        row.pay_url = checkout.pay_url
        db.session.flush()

    unit_of_work(work)


def settle(gateway: str, fact: GatewayFact) -> str | None:
    """The money came in: credit the wallet, once. Returns why that cannot be done, if so."""
    row = db.session.scalar(queries.deposit(fact.subject, locked=True))
    refusal = _mismatch(row, gateway, fact)
    if row is None or refusal is not None:
        return refusal
    if row.status is DepositStatus.SETTLED:
        return None
    payment = row.payment
    posting = postings.deposit(row.id, row.sponsor_id, gateway, fact.currency, fact.amount)
    ledger.post(SYSTEM, posting, payment=payment)
    DEPOSIT.move(row, SYSTEM, DepositEvent.SETTLE, failure=None)
    PAYMENT.move(payment, SYSTEM, PaymentEvent.SETTLE, settled_at=now())
    record(
        SYSTEM,
        "payment.deposit",
        subject_type="payment",
        subject_id=payment.id,
        amount=payment.amount,
        currency=payment.currency,
    )
    publish(DepositSettled(row.id, row.sponsor_id))
    return None


def decline(gateway: str, fact: GatewayFact) -> str | None:
    """The gateway declined; money that came in all the same stays. Returns why not, if so."""
    row = db.session.scalar(queries.deposit(fact.subject, locked=True))
    refusal = _mismatch(row, gateway, fact)
    if row is None or refusal is not None:
        return refusal
    if row.status is not DepositStatus.OPEN:
        return None
    DEPOSIT.move(row, SYSTEM, DepositEvent.DECLINE, note=fact.reason, failure=fact.reason)
    PAYMENT.move(row.payment, SYSTEM, PaymentEvent.FAIL)
    publish(DepositDeclined(row.id, row.sponsor_id))
    return None


def _outcome(gateway: Gateway, outcome: str | None) -> str | None:
    if outcome is None:
        return gateway.outcomes[0] if gateway.outcomes else None
    if outcome not in gateway.outcomes:
        choices = ", ".join(gateway.outcomes)
        raise Invalid(
            outcome=f"Choose one of: {choices}."
            if choices
            else "Leave this out: the gateway decides."
        )
    return outcome


def _gateway(name: str, amount: Money) -> Gateway:
    """A gateway in use that takes `amount`. Raises Invalid."""
    chosen = gateways().get(name)
    if chosen is None:
        names = ", ".join(gateways()) or "none is set up on this platform"
        raise Invalid(gateway=f"This gateway is not in use; those in use: {names}.")
    refusal = chosen.refusal(DepositOrder("", amount.amount, amount.currency))
    if refusal is not None:
        raise Invalid(amount=refusal)
    return chosen


def _shown(row: Deposit) -> Deposit:
    """The deposit with where to transfer it to, while that is still to be done."""
    chosen = gateways().get(row.gateway)
    if chosen is not None and row.status is DepositStatus.OPEN:
        row.instructions = chosen.instructions(order_for(row))
    return row


def _mismatch(row: Deposit | None, gateway: str, fact: GatewayFact) -> str | None:
    if row is None or row.gateway != gateway:
        return "no such deposit"
    if (row.payment.amount, row.payment.currency) != (fact.amount, fact.currency):
        return "the amount is not that of the deposit"
    return None
