"""What a withdrawal has to keep to: the smallest one, the wait after a change of the payout
details, the approval of a large one, and which gateway can pay it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select

from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money, exponent
from app.core.options import Option
from app.identity.models import Influencer, User
from app.payments import ledger, postings
from app.payments.errors import BelowMinimum, InsufficientFunds, NoGateway, PayoutDetailsNeeded
from app.payments.gateways.registry import gateways
from app.payments.lifecycle import OPEN_WITHDRAWALS, WithdrawalStatus
from app.payments.models import Account, Payment, Withdrawal
from app.payments.payout_models import PayoutDetails, PayoutMethod
from app.payments.postings import AccountKind

APPROVERS = 2
APPROVAL_WINDOW = timedelta(hours=24)
# A bank sends a payout back days after it was paid, and only one event tells of it.
LOOK_EVERY = timedelta(days=1)

MINIMUM = Option(
    "withdrawal_minimum",
    1,
    "The smallest withdrawal, in whole units of its currency (1 is €1 or ¥1).",
    lowest=0,
    highest=100_000_000,
    unit="currency units",
)
HOLD_HOURS = Option(
    "payout_details_hold_hours",
    24,
    "How long withdrawals wait after an influencer changed the payout details.",
    lowest=0,
    highest=24 * 14,
    unit="hours",
)
APPROVAL_ABOVE = Option(
    "withdrawal_approval_above",
    0,
    "What an influencer withdraws within 24 hours above this, in whole units of its currency, "
    "waits until two admins have approved it; 0 switches that off.",
    lowest=0,
    highest=10_000_000_000,
    unit="currency units",
)
APPROVAL_HOURS = Option(
    "withdrawal_approval_hours",
    48,
    "How long a withdrawal waits for approval before it is escalated.",
    lowest=1,
    highest=24 * 90,
    unit="hours",
)
PAID_HOURS = Option(
    "withdrawal_paid_hours",
    120,
    "How long a withdrawal waits to be paid, once it may be sent, before it is escalated.",
    lowest=1,
    highest=24 * 90,
    unit="hours",
)

# Which gateways can pay each method, the preferred one first; production has no sandbox.
_PAID_BY = {
    PayoutMethod.SANDBOX: ("sandbox",),
    PayoutMethod.BANK: ("manual", "sandbox"),
    PayoutMethod.STRIPE: ("stripe",),
}


def money_on_hold(influencer_id: str) -> bool:
    """Whether an admin looks into a flag, so that nothing is sent meanwhile."""
    return bool(on_hold([influencer_id]))


def on_hold(influencer_ids: Collection[str]) -> set[str]:
    """Those of these influencers whose money an admin's look into a flag holds."""
    return set(
        db.session.scalars(
            select(Influencer.id)
            .join(User, User.id == Influencer.user_id)
            .where(Influencer.id.in_(influencer_ids), User.money_on_hold)
        )
    )


def minimum(currency: str) -> int:
    """The smallest withdrawal, in minor units."""
    return MINIMUM.get() * 10 ** exponent(currency)


def check_minimum(amount: Money) -> None:
    """Raises BelowMinimum."""
    smallest = minimum(amount.currency)
    if amount.amount < smallest:
        raise BelowMinimum(minimum=Money(smallest, amount.currency))


def approve_by() -> datetime:
    """Until when a withdrawal that is asked for now should be approved."""
    return now() + timedelta(hours=APPROVAL_HOURS.get())


def pay_by(send_after: datetime | None) -> datetime:
    """Until when a withdrawal that may be sent now, or after `send_after`, should be paid."""
    return max(send_after or now(), now()) + timedelta(hours=PAID_HOURS.get())


def may_come_back(gateway: str) -> timedelta | None:
    """For how long a payout of this gateway is asked after, once it was paid; None where nobody
    can be asked."""
    found = gateways().get(gateway)
    return found.returns_within if found is not None else None


def next_look(gateway: str, paid_at: datetime) -> datetime | None:
    """When its gateway is asked next whether a payout that was paid came back; None once it is
    certain enough that it did not."""
    within, moment = may_come_back(gateway), now() + LOOK_EVERY
    return moment if within is not None and moment <= paid_at + within else None


def held_until(details: PayoutDetails | None) -> datetime | None:
    """Until when withdrawals wait because these details are new; None when they do not."""
    if details is None or not details.held:
        return None
    ends = details.created_at + timedelta(hours=HOLD_HOURS.get())
    return ends if ends > now() else None


def approvals_needed(influencer_id: str, amount: Money) -> int:
    """How many admins must approve; what was withdrawn in the last 24 hours counts too, so that
    a large sum cannot go out in small parts."""
    limit = APPROVAL_ABOVE.get() * 10 ** exponent(amount.currency)
    if not limit:
        return 0
    recent = db.session.scalar(
        select(func.coalesce(func.sum(Payment.amount), 0))
        .join(Withdrawal, Withdrawal.payment_id == Payment.id)
        .where(
            Withdrawal.influencer_id == influencer_id,
            Withdrawal.status.in_([*OPEN_WITHDRAWALS, WithdrawalStatus.PAID]),
            Withdrawal.created_at > now() - APPROVAL_WINDOW,
            Payment.currency == amount.currency,
        )
    )
    return APPROVERS if int(recent or 0) + amount.amount > limit else 0


def findings_needed(row: Withdrawal) -> int:
    """How many admins must say how a withdrawal ended whose gateway is not in use."""
    money = row.payment.money
    limit = APPROVAL_ABOVE.get() * 10 ** exponent(money.currency)
    large = row.approvals_needed or (limit and money.amount > limit)
    return APPROVERS if large else 1


def methods() -> list[PayoutMethod]:
    """The methods that a gateway in use can pay."""
    used = set(gateways())
    return [method for method, names in _PAID_BY.items() if used.intersection(names)]


def gateway_for(influencer_id: str, amount: Money, details: PayoutDetails | None) -> str:
    """The first gateway that can pay there and holds enough; a gateway pays out only what came in
    through it.

    The sandbox alone needs no payout details. Locks the influencer's accounts. Raises
    InsufficientFunds, PayoutDetailsNeeded, NoGateway.
    """
    wanted = _PAID_BY[details.method if details is not None else PayoutMethod.SANDBOX]
    names = [name for name in wanted if name in gateways()]
    currency = amount.currency
    available = postings.available(influencer_id, currency)
    # All at once and in id order, as every other movement locks them.
    accounts = ledger.lock(
        available,
        *(postings.cash(name, currency) for name in names),
        *(postings.in_flight(influencer_id, currency, name) for name in names),
    )
    balance = accounts[available].balance
    if balance < amount.amount:
        raise InsufficientFunds(
            wanted=amount.amount,
            available=balance,
            currency=currency,
            advice="Ask for less, or wait until held earnings are released.",
        )
    if details is None and not names:
        raise PayoutDetailsNeeded("Say where you want to be paid, then repeat.")
    for name in names:
        cash = accounts[postings.cash(name, currency)].balance
        if cash - _leaving(name, currency) >= amount.amount:
            return name
    raise NoGateway(
        f"No gateway in use that pays there holds {amount}. Nothing was changed. Try again "
        "later, or write to the platform's support."
    )


def _leaving(gateway: str, currency: str) -> int:
    """What is on its way out through a gateway and has not left its cash yet."""
    return int(db.session.scalar(_on_its_way(gateway, currency)) or 0)


def _on_its_way(gateway: str, currency: str) -> Select[int]:
    return select(func.coalesce(func.sum(Account.balance), 0)).where(
        Account.kind == AccountKind.WITHDRAWAL_IN_FLIGHT,
        Account.currency == currency,
        Account.reference == gateway,
    )
