"""Selects of payments, each with the relationships that its readers need."""

from __future__ import annotations

from typing import Any, TypeVar

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.payments.models import Deposit, GatewayEntry, Payment, Transfer, Withdrawal
from app.payments.payout_models import WithdrawalApproval, WithdrawalFinding

Row = TypeVar("Row", Deposit, Withdrawal)

_PARTIES = (
    joinedload(Payment.sponsor),
    joinedload(Payment.influencer),
    joinedload(Payment.maturity),
)


def payments_of_sponsor(sponsor_id: str | None) -> Select[Payment]:
    """What a sponsor sees of its money, with the other party."""
    return select(Payment).where(Payment.sponsor_id == sponsor_id).options(*_PARTIES)


def payments_of_influencer(influencer_id: str | None) -> Select[Payment]:
    """What an influencer sees of their money, with the other party."""
    return select(Payment).where(Payment.influencer_id == influencer_id).options(*_PARTIES)


def payment(payment_id: str) -> Select[Payment]:
    """A payment with both parties."""
    return select(Payment).where(Payment.id == payment_id).options(*_PARTIES)


def gateway_entry(gateway: str, external_id: str) -> Select[GatewayEntry]:
    """A line of a gateway's statement."""
    return select(GatewayEntry).where(
        GatewayEntry.gateway == gateway, GatewayEntry.external_id == external_id
    )


def filtered(statement: Select[Any], model: type[Any], **wanted: Any) -> Select[Any]:
    """`statement` where columns of `model` have these values; None leaves a column open."""
    for column, value in wanted.items():
        if value is not None:
            statement = statement.where(getattr(model, column) == value)
    return statement


def deposits_of(sponsor_id: str | None) -> Select[Deposit]:
    """A sponsor's deposits with their payments."""
    return (
        select(Deposit).where(Deposit.sponsor_id == sponsor_id).options(joinedload(Deposit.payment))
    )


def deposit(deposit_id: str, *, locked: bool = False) -> Select[Deposit]:
    """A deposit with its payment."""
    found = (
        select(Deposit)
        .where(Deposit.id == deposit_id)
        .options(joinedload(Deposit.payment, innerjoin=True))
    )
    return _locked(found) if locked else found


def withdrawals_of(influencer_id: str | None) -> Select[Withdrawal]:
    """An influencer's withdrawals with their payments and where they go."""
    return (
        select(Withdrawal)
        .where(Withdrawal.influencer_id == influencer_id)
        .options(
            joinedload(Withdrawal.payment, innerjoin=True),
            joinedload(Withdrawal.details),
            joinedload(Withdrawal.line),
        )
    )


def withdrawal(withdrawal_id: str, *, locked: bool = False) -> Select[Withdrawal]:
    """A withdrawal with its payment and where it goes."""
    found = (
        select(Withdrawal)
        .where(Withdrawal.id == withdrawal_id)
        .options(joinedload(Withdrawal.payment, innerjoin=True), joinedload(Withdrawal.details))
    )
    return lock_withdrawal(found) if locked else found


def payouts() -> Select[Withdrawal]:
    """All withdrawals with everything that an admin sees of them (three statements)."""
    return select(Withdrawal).options(
        joinedload(Withdrawal.payment, innerjoin=True),
        joinedload(Withdrawal.details),
        joinedload(Withdrawal.influencer, innerjoin=True),
        joinedload(Withdrawal.line),
        joinedload(Withdrawal.retry),
        joinedload(Withdrawal.requester),
        joinedload(Withdrawal.ender),
        selectinload(Withdrawal.approvals).joinedload(WithdrawalApproval.admin),
        selectinload(Withdrawal.findings).joinedload(WithdrawalFinding.admin),
    )


def lock_withdrawal(statement: Select[Withdrawal]) -> Select[Withdrawal]:
    """The same with the withdrawal locked; what hangs on it by an outer join cannot be."""
    return statement.with_for_update(of=Withdrawal).execution_options(populate_existing=True)


def transfers() -> Select[Transfer]:
    """All transfers with both accounts."""
    return select(Transfer).options(
        joinedload(Transfer.debit_account), joinedload(Transfer.credit_account)
    )


def _locked(statement: Select[Row]) -> Select[Row]:
    return statement.with_for_update().execution_options(populate_existing=True)
