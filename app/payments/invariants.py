"""The proofs of the ledger that need nothing but the ledger.

Each check is one statement, so that it sees one state of the database while others write. It
names the first row that breaks it. What also looks at ad requests is composed in reporting.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import BigInteger, String, case, func, literal, select, union_all
from sqlalchemy import cast as sql_cast
from sqlalchemy.sql import ColumnElement

from app.core.clock import now
from app.core.extensions import db
from app.payments.clawback_proofs import CLAWBACK_CHECKS
from app.payments.invoice_proofs import INVOICE_CHECKS
from app.payments.lifecycle import OPEN_WITHDRAWALS, PaymentStatus
from app.payments.models import (
    Account,
    GatewayEntry,
    GatewayEvent,
    Maturity,
    Payment,
    PaymentKind,
    Transfer,
    Withdrawal,
)
from app.payments.postings import DEBIT_NORMAL, WITHOUT_FLOOR, AccountKind, TransferKind

WAITING_FOR = timedelta(minutes=10)

# The transfer that a payment of each kind stands for.
_TRANSFER_OF = {
    PaymentKind.DEPOSIT: TransferKind.DEPOSIT,
    PaymentKind.HOLD: TransferKind.HOLD,
    PaymentKind.RELEASE: TransferKind.RELEASE,
    PaymentKind.COMMISSION: TransferKind.COMMISSION,
    PaymentKind.REFUND: TransferKind.REFUND,
    PaymentKind.FEE: TransferKind.PLATFORM_FEE,
    PaymentKind.WITHDRAWAL: TransferKind.WITHDRAW,
    PaymentKind.CLAWBACK: TransferKind.CLAWBACK,
    PaymentKind.WALLET_RETURN: TransferKind.WALLET_RETURN,
}


@dataclass(frozen=True)
class Check:
    """One proof; `detail` says what was found, and the first row that breaks it."""

    name: str
    ok: bool
    detail: str


def check_ledger() -> list[Check]:
    """Every proof of the ledger, in the order of their names in `CHECKS`."""
    checks = []
    for name, (proof, holds) in CHECKS.items():
        broken = proof()
        checks.append(Check(name, broken is None, broken or holds))
    return checks


def currencies_balance() -> str | None:
    """For each currency, what others hold for us equals what we owe and have earned."""
    signed = case((Account.kind.in_(DEBIT_NORMAL), Account.balance), else_=-Account.balance)
    row = db.session.execute(
        select(Account.currency, func.sum(signed))
        .group_by(Account.currency)
        .having(func.sum(signed) != 0)
        .order_by(Account.currency)
        .limit(1)
    ).first()
    return None if row is None else f"{row[0]} is off by {row[1]}"


def balances_match_transfers() -> str | None:
    """Each cached balance is what the account's transfers sum to."""
    moved = union_all(
        select(Transfer.debit_account_id.label("account"), (-Transfer.amount).label("amount")),
        select(Transfer.credit_account_id, Transfer.amount),
    ).subquery()
    sums = (
        select(moved.c.account, func.sum(moved.c.amount).label("total"))
        .group_by(moved.c.account)
        .subquery()
    )
    total = _whole(sums.c.total)
    recomputed = case((Account.kind.in_(DEBIT_NORMAL), -total), else_=total)
    row = db.session.execute(
        select(Account.id, Account.kind, Account.balance, recomputed)
        .outerjoin(sums, sums.c.account == Account.id)
        .where(Account.balance != recomputed)
        .order_by(Account.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"account {row[0]} ({row[1].value}) says {row[2]}, its transfers {row[3]}"


def floors_hold() -> str | None:
    """No balance is below zero, but the operator's own money."""
    row = db.session.execute(
        select(Account.id, Account.balance)
        .where(Account.balance < 0, Account.kind.not_in(WITHOUT_FLOOR))
        .order_by(Account.id)
        .limit(1)
    ).first()
    return None if row is None else f"account {row[0]} is at {row[1]}"


def transfers_keep_their_currency() -> str | None:
    """A transfer, its two accounts and its payment are in one currency."""
    debit, credit = Account.__table__.alias("debit"), Account.__table__.alias("credit")
    row = db.session.execute(
        select(Transfer.id)
        .join(debit, debit.c.id == Transfer.debit_account_id)
        .join(credit, credit.c.id == Transfer.credit_account_id)
        .outerjoin(Payment, Payment.id == Transfer.payment_id)
        .where(
            (debit.c.currency != Transfer.currency)
            | (credit.c.currency != Transfer.currency)
            | (Payment.currency != Transfer.currency)
        )
        .order_by(Transfer.id)
        .limit(1)
    ).first()
    return None if row is None else f"transfer {row[0]} mixes currencies"


def payments_match_transfers() -> str | None:
    """A payment that moved money has one transfer of its kind and amount; others have none."""
    kind = case(
        *((Payment.kind == seen, literal(moved.value)) for seen, moved in _TRANSFER_OF.items())
    )
    found = (
        select(func.coalesce(func.sum(Transfer.amount), 0))
        .where(Transfer.payment_id == Payment.id, sql_cast(Transfer.kind, String) == kind)
        .scalar_subquery()
    )
    moved = Payment.status.in_([PaymentStatus.HELD, PaymentStatus.SETTLED]) | (
        Payment.kind == PaymentKind.WITHDRAWAL
    )
    wanted = case((moved, Payment.amount), else_=0)
    row = db.session.execute(
        select(Payment.id, Payment.kind, wanted, found)
        .where(wanted != found)
        .order_by(Payment.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"payment {row[0]} ({row[1].value}) says {row[2]}, its transfers {row[3]}"


def in_flight_matches_withdrawals() -> str | None:
    """What is in flight for an influencer at a gateway is the sum of their open withdrawals."""
    open_sum = (
        select(func.coalesce(func.sum(Payment.amount), 0))
        .join(Withdrawal, Withdrawal.payment_id == Payment.id)
        .where(
            Withdrawal.status.in_(OPEN_WITHDRAWALS),
            Withdrawal.influencer_id == Account.influencer_id,
            Withdrawal.gateway == Account.reference,
            Payment.currency == Account.currency,
        )
        .scalar_subquery()
    )
    return _first_difference(AccountKind.WITHDRAWAL_IN_FLIGHT, open_sum, "the open withdrawals")


def held_matches_maturities() -> str | None:
    """What is held for an influencer is the sum of the releases in their hold period."""
    waiting = (
        select(func.coalesce(func.sum(Maturity.amount), 0))
        .where(
            Maturity.matured_at.is_(None),
            Maturity.influencer_id == Account.influencer_id,
            Maturity.currency == Account.currency,
        )
        .scalar_subquery()
    )
    return _first_difference(AccountKind.INFLUENCER_HELD, waiting, "the releases on hold")


def cash_matches_statements() -> str | None:
    """The cash at a gateway is the sum of the gateway's own statement."""
    statement = (
        select(func.coalesce(func.sum(GatewayEntry.amount), 0))
        .where(
            GatewayEntry.gateway == Account.reference,
            GatewayEntry.currency == Account.currency,
        )
        .scalar_subquery()
    )
    broken = _first_difference(AccountKind.CASH, statement, "the gateway's statement")
    if broken is not None:
        return broken
    account = (
        select(Account.id)
        .where(
            Account.kind == AccountKind.CASH,
            Account.reference == GatewayEntry.gateway,
            Account.currency == GatewayEntry.currency,
        )
        .exists()
    )
    stray = db.session.scalar(
        select(GatewayEntry.id).where(~account).order_by(GatewayEntry.id).limit(1)
    )
    return None if stray is None else f"statement line {stray} belongs to no cash account"


def gateway_events_are_applied() -> str | None:
    """No gateway event waits in the inbox for longer than ten minutes."""
    row = db.session.execute(
        select(GatewayEvent.id, GatewayEvent.kind, GatewayEvent.error)
        .where(GatewayEvent.processed_at.is_(None), GatewayEvent.received_at < now() - WAITING_FOR)
        .order_by(GatewayEvent.received_at, GatewayEvent.id)
        .limit(1)
    ).first()
    return None if row is None else f"event {row[0]} ({row[1]}) waits: {row[2]}"


CHECKS: dict[str, tuple[Callable[[], str | None], str]] = {
    "currencies_balance": (currencies_balance, "sums are zero in every currency"),
    "balances_match_transfers": (
        balances_match_transfers,
        "every cached balance equals its transfers",
    ),
    "floors_hold": (floors_hold, "no balance is below zero"),
    "transfers_keep_their_currency": (
        transfers_keep_their_currency,
        "every transfer stays in one currency",
    ),
    "payments_match_transfers": (
        payments_match_transfers,
        "every payment has the transfers that it stands for",
    ),
    "in_flight_matches_withdrawals": (
        in_flight_matches_withdrawals,
        "money in flight equals the open withdrawals",
    ),
    "held_matches_maturities": (
        held_matches_maturities,
        "held earnings equal the releases that wait for their date",
    ),
    "cash_matches_statements": (
        cash_matches_statements,
        "cash equals the statement of every gateway",
    ),
    "gateway_events_are_applied": (
        gateway_events_are_applied,
        "no gateway event waits to be applied",
    ),
    **CLAWBACK_CHECKS,
    **INVOICE_CHECKS,
}


def _first_difference(kind: AccountKind, wanted: ColumnElement[int], other: str) -> str | None:
    row = db.session.execute(
        select(Account.id, Account.balance, wanted)
        .where(Account.kind == kind, Account.balance != wanted)
        .order_by(Account.id)
        .limit(1)
    ).first()
    if row is None:
        return None
    return f"account {row[0]} ({kind.value}) says {row[1]}, {other} {row[2]}"


def _whole(total: ColumnElement[int]) -> ColumnElement[int]:
    # PostgreSQL sums big integers to numeric.
    return sql_cast(func.coalesce(total, 0), BigInteger)
