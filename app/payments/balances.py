"""What a sponsor or an influencer has, per currency."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql import ColumnElement

from app.core.extensions import db
from app.identity.models import Influencer, Sponsor
from app.payments import payout_rules
from app.payments.models import Account, Maturity
from app.payments.postings import AccountKind

UPCOMING = 50


@dataclass(frozen=True)
class WalletBalance:
    """Minor units: `available` may be committed, `held` lies in escrows."""

    currency: str
    available: int
    held: int


@dataclass(frozen=True)
class EarningsBalance:
    """Minor units: `available` may be withdrawn, `held` waits for its date, `in_flight` is on
    its way out; `minimum` is the smallest withdrawal."""

    currency: str
    available: int
    held: int
    in_flight: int
    minimum: int


@dataclass(frozen=True)
class Earnings:
    """What an influencer has earned and not been paid yet; `upcoming` is what will be released,
    the soonest first."""

    balances: list[EarningsBalance]
    upcoming: list[Maturity]


def wallet(sponsor_id: str) -> list[WalletBalance]:
    """A sponsor's balances, by currency; its own currency stands there even when it is empty."""
    by_currency = _sums(Account.sponsor_id == sponsor_id, _own_currency(Sponsor, sponsor_id))
    return [
        WalletBalance(
            currency,
            available=sums[AccountKind.SPONSOR_WALLET],
            held=sums[AccountKind.ESCROW],
        )
        for currency, sums in sorted(by_currency.items())
    ]


def earnings(influencer_id: str) -> Earnings:
    """An influencer's balances, by currency (their own one always), and the next releases."""
    by_currency = _sums(
        Account.influencer_id == influencer_id, _own_currency(Influencer, influencer_id)
    )
    balances = [
        EarningsBalance(
            currency,
            available=sums[AccountKind.INFLUENCER_AVAILABLE],
            held=sums[AccountKind.INFLUENCER_HELD],
            in_flight=sums[AccountKind.WITHDRAWAL_IN_FLIGHT],
            minimum=payout_rules.minimum(currency),
        )
        for currency, sums in sorted(by_currency.items())
    ]
    upcoming = db.session.scalars(
        select(Maturity)
        .where(Maturity.influencer_id == influencer_id, Maturity.matured_at.is_(None))
        .options(joinedload(Maturity.payment))
        .order_by(Maturity.due_at, Maturity.id)
        .limit(UPCOMING)
    )
    return Earnings(balances, list(upcoming))


def _own_currency(model: type[Sponsor] | type[Influencer], row_id: str) -> str | None:
    return db.session.scalar(select(model.currency).where(model.id == row_id))


def _sums(
    owner: ColumnElement[bool], own_currency: str | None
) -> dict[str, dict[AccountKind, int]]:
    rows = db.session.execute(
        select(Account.currency, Account.kind, func.sum(Account.balance))
        .where(owner)
        .group_by(Account.currency, Account.kind)
    )
    found: dict[str, dict[AccountKind, int]] = defaultdict(lambda: defaultdict(int))
    if own_currency is not None:
        found[own_currency]  # an empty line for it
    for currency, kind, total in rows:
        found[currency][kind] = int(total)
    return found
