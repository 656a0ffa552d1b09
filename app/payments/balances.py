"""What a sponsor or an influencer has, per currency."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict, dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload
from sqlalchemy.sql import ColumnElement

from app.core.actor import Actor
from app.core.extensions import db
from app.identity.models import Influencer, Sponsor
from app.payments import clawbacks, payout_rules
from app.payments.clawback_models import Clawback
from app.payments.coming import Week, coming, nothing
from app.payments.models import Account, Maturity, Transfer
from app.payments.postings import AccountKind, TransferKind
from app.payments.readers import reader_of

UPCOMING = 50


@dataclass(frozen=True)
class WalletBalance:
    """Minor units: `available` may be committed, `held` lies in escrows."""

    currency: str
    available: int
    held: int


@dataclass(frozen=True)
class WalletTotals(WalletBalance):
    """A balance with the sums behind it: `deposited` is always `available + held + released +
    platform_fees + returned`. `released` is what influencers got and kept; `refunded` came back and
    is available again; `returned` was sent back to the sponsor. `due_back` comes back
    beyond that once influencers have earned it again."""

    deposited: int
    released: int
    refunded: int
    platform_fees: int
    returned: int
    due_back: int


@dataclass(frozen=True)
class EarningsBalance:
    """Minor units: `available` may be withdrawn, `held` waits for its date, `in_flight` is on
    its way out; `minimum` is the smallest withdrawal. Of what is held, `held_soon` comes within
    seven days, `contested` waits for a decision, and `weeks` say what comes when. `owed` was taken
    back after it was withdrawn, and is taken from what becomes available next."""

    currency: str
    available: int
    held: int
    in_flight: int
    minimum: int
    held_soon: int
    contested: int
    owed: int
    weeks: list[Week]


@dataclass(frozen=True)
class Earnings:
    """What an influencer has earned and not been paid yet; `upcoming` is what will be released by
    itself (nothing contested), the soonest first, at most `UPCOMING` of it; `taken_back` is what
    went back to sponsors or is owed to them, what is still owed first."""

    balances: list[EarningsBalance]
    upcoming: list[Maturity]
    taken_back: list[Clawback]


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


def wallet_totals(sponsor_id: str) -> list[WalletTotals]:
    """A sponsor's balances with the sums of all transfers behind them, by currency."""
    came, went = (
        _moved(sponsor_id, account_id)
        for account_id in (Transfer.credit_account_id, Transfer.debit_account_id)
    )
    owed = select(Account.currency, Account.balance).where(
        Account.sponsor_id == sponsor_id, Account.kind == AccountKind.CLAWBACK_DUE
    )
    due = dict(db.session.execute(owed).all())
    return [
        WalletTotals(
            **asdict(balance),
            deposited=came[balance.currency, TransferKind.DEPOSIT],
            released=went[balance.currency, TransferKind.RELEASE]
            + went[balance.currency, TransferKind.COMMISSION]
            - came[balance.currency, TransferKind.CLAWBACK],
            refunded=came[balance.currency, TransferKind.REFUND]
            + came[balance.currency, TransferKind.CLAWBACK],
            platform_fees=went[balance.currency, TransferKind.PLATFORM_FEE],
            returned=went[balance.currency, TransferKind.WALLET_RETURN],
            due_back=due.get(balance.currency, 0),
        )
        for balance in wallet(sponsor_id)
    ]


def earnings_of(actor: Actor) -> Earnings:
    """The actor's own `earnings`, in weeks of their time zone."""
    return earnings(actor.influencer_id or "", time_zone=reader_of(actor).time_zone)


def earnings(influencer_id: str, *, time_zone: str = "UTC") -> Earnings:
    """An influencer's balances, by currency (their own one always), and the next releases; weeks
    are those of `time_zone`."""
    by_currency = _sums(
        Account.influencer_id == influencer_id, _own_currency(Influencer, influencer_id)
    )
    due, none_due = coming(influencer_id, time_zone), nothing(time_zone)
    balances = [
        EarningsBalance(
            currency,
            available=sums[AccountKind.INFLUENCER_AVAILABLE],
            held=sums[AccountKind.INFLUENCER_HELD],
            in_flight=sums[AccountKind.WITHDRAWAL_IN_FLIGHT],
            minimum=payout_rules.minimum(currency),
            held_soon=due.get(currency, none_due).soon,
            contested=due.get(currency, none_due).contested,
            owed=sums[AccountKind.CLAWBACK_RECEIVABLE],
            weeks=due.get(currency, none_due).weeks,
        )
        for currency, sums in sorted(by_currency.items())
    ]
    upcoming = db.session.scalars(
        select(Maturity)
        .where(
            Maturity.influencer_id == influencer_id,
            Maturity.matured_at.is_(None),
            Maturity.contested_at.is_(None),
        )
        .options(joinedload(Maturity.payment))
        .order_by(Maturity.due_at, Maturity.id)
        .limit(UPCOMING)
    )
    return Earnings(balances, list(upcoming), clawbacks.of_influencer(influencer_id))


def _moved(
    sponsor_id: str, account_id: InstrumentedAttribute[str]
) -> Counter[tuple[str, TransferKind]]:
    """What came to, or went from, the sponsor's accounts, by currency and kind."""
    rows = db.session.execute(
        select(Transfer.currency, Transfer.kind, func.sum(Transfer.amount))
        .join(Account, Account.id == account_id)
        .where(Account.sponsor_id == sponsor_id)
        .group_by(Transfer.currency, Transfer.kind)
    )
    return Counter({(currency, kind): int(total) for currency, kind, total in rows})


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
