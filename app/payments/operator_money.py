"""What of a gateway's cash is the operator's own: paid in by them, and used up by its costs.

With it the cash account is what the gateway's balance says (docs/decisions/014). A cost is booked
even where the operator has paid in too little: their account falls below zero, which is what they
owe to those whose money it is. Cash itself never does; a cost that is more than the cash waits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.payments import ledger, postings
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import Account, GatewayEvent
from app.payments.postings import AccountKind

KINDS = (
    FactKind.COST_CHARGED, FactKind.COST_RETURNED, FactKind.OWN_MONEY_IN, FactKind.OWN_MONEY_OUT,
)  # fmt: skip
FIRST_LOOK = timedelta(days=30)
OVERLAP = timedelta(days=2)


@dataclass(frozen=True)
class GatewayMoney:
    """Minor units at a gateway: all of it, and what the operator paid in there less what they took
    out and its costs. Below zero where they took out fees that the platform earned."""

    gateway: str
    currency: str
    cash: int
    own: int


@dataclass(frozen=True)
class CurrencyMoney:
    """Minor units at all gateways. What the platform earned lies at no gateway of its own, so that
    whose money it is can be said of a currency only: `own` is the operator's, earned `fees` among
    it (below zero: so much is missing for others)."""

    currency: str
    cash: int
    fees: int
    own: int

    @property
    def of_users(self) -> int:
        """What must be there for sponsors and influencers."""
        return self.cash - self.own


def in_currencies() -> list[CurrencyMoney]:
    """What lies at all gateways together, and whose it is, by currency."""
    kinds = (AccountKind.CASH, AccountKind.OPERATOR_MONEY, AccountKind.PLATFORM_FEES)
    rows = db.session.execute(
        select(Account.currency, Account.kind, func.sum(Account.balance))
        .where(Account.kind.in_(kinds))
        .group_by(Account.currency, Account.kind)
        .order_by(Account.currency)
    ).all()
    found: dict[str, dict[AccountKind, int]] = {}
    for currency, kind, total in rows:
        found.setdefault(currency, dict.fromkeys(kinds, 0))[kind] = int(total)
    return [
        CurrencyMoney(
            currency,
            cash=sums[AccountKind.CASH],
            fees=sums[AccountKind.PLATFORM_FEES],
            own=sums[AccountKind.OPERATOR_MONEY] + sums[AccountKind.PLATFORM_FEES],
        )
        for currency, sums in found.items()
    ]


def at_gateways() -> list[GatewayMoney]:
    """What lies at each gateway, and whose it is."""
    rows = db.session.execute(
        select(Account.reference, Account.currency, Account.kind, Account.balance)
        .where(Account.kind.in_([AccountKind.CASH, AccountKind.OPERATOR_MONEY]))
        .order_by(Account.reference, Account.currency)
    ).all()
    found: dict[tuple[str, str], dict[AccountKind, int]] = {}
    for gateway, currency, kind, balance in rows:
        found.setdefault((gateway, currency), {})[kind] = balance
    return [
        GatewayMoney(
            gateway,
            currency,
            cash=sums.get(AccountKind.CASH, 0),
            own=sums.get(AccountKind.OPERATOR_MONEY, 0),
        )
        for (gateway, currency), sums in found.items()
    ]


def book(gateway: str, fact: GatewayFact) -> str | None:
    """A cost, or the operator's own money, moved at a gateway. Returns why it cannot be booked
    yet, if so."""
    # A cost that is given back, and own money that is taken out, are the same the other way round.
    turned = fact.kind in (FactKind.COST_RETURNED, FactKind.OWN_MONEY_OUT)
    cost = fact.kind in (FactKind.COST_CHARGED, FactKind.COST_RETURNED)
    rule = postings.gateway_cost if cost else postings.own_money
    posting = rule(gateway, fact.currency, -fact.amount if turned else fact.amount, fact.subject)
    cash = postings.cash(gateway, fact.currency)
    accounts = ledger.lock(posting.debit, posting.credit)
    leaves = posting.credit == cash and ledger.transfer_of(posting.key) is None
    if leaves and accounts[cash].balance < fact.amount:
        return "the ledger has less cash there: a deposit, or own money, is not booked yet"
    ledger.post(SYSTEM, posting)
    return None


def booked_until(gateway: str) -> datetime:
    """From when on the gateway is to be asked; what is asked for twice is booked once."""
    last = db.session.scalar(
        select(func.max(GatewayEvent.received_at)).where(
            GatewayEvent.gateway == gateway, GatewayEvent.kind.in_([kind.value for kind in KINDS])
        )
    )
    return last - OVERLAP if last is not None else now() - FIRST_LOOK
