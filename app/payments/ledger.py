"""Writing the ledger: accounts are locked in id order, balances change under their floors.

`post` is the only function that changes a balance. It is idempotent by the posting's key: the
locks come first, so that of two concurrent postings with one key the second sees the first.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, or_, select, true, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm.attributes import set_committed_value

from app.core.actor import Actor
from app.core.extensions import db
from app.core.faults import point
from app.core.ids import new_id
from app.core.statements import changed_rows
from app.core.transaction import before_commit
from app.payments import invoices
from app.payments.errors import EscrowExhausted, InsufficientFunds, PostingConflict
from app.payments.models import Account, Payment, Transfer
from app.payments.postings import (
    INFLUENCER_OWNED,
    SPONSOR_OWNED,
    WITHOUT_FLOOR,
    AccountKey,
    AccountKind,
    Posting,
    effects,
)

_ADVICE = {
    AccountKind.SPONSOR_WALLET: "Add money to the wallet, then repeat.",
    AccountKind.INFLUENCER_AVAILABLE: "Ask for less, or wait until held earnings are released.",
}


@dataclass(frozen=True)
class Posted:
    """A transfer, and whether this call made it (False: its key was posted before)."""

    transfer: Transfer
    new: bool


def post(
    actor: Actor,
    posting: Posting,
    *,
    payment: Payment | None = None,
    reverses: Transfer | None = None,
) -> Posted:
    """Move money once.

    A `payment` that is not stored yet is added with the transfer, and dropped when the key was
    posted before. Raises InsufficientFunds or EscrowExhausted when a balance would fall below
    zero, PostingConflict when the key was used for another movement; nothing is changed then.
    """
    accounts = lock(posting.debit, posting.credit)
    debit, credit = accounts[posting.debit], accounts[posting.credit]
    kept = transfer_of(posting.key)
    if kept is not None:
        if (kept.debit_account_id, kept.credit_account_id, kept.amount) != (
            debit.id,
            credit.id,
            posting.amount,
        ):
            raise PostingConflict(f"{posting.key} was posted with other figures.")
        return Posted(kept, new=False)
    for key, change in effects(posting).items():
        _change(accounts[key], change)
        point("ledger.after_a_balance")
    if payment is not None:
        db.session.add(payment)
        db.session.flush()
    transfer = Transfer(
        debit_account_id=debit.id,
        credit_account_id=credit.id,
        amount=posting.amount,
        currency=posting.debit.currency,
        kind=posting.kind,
        reference=posting.reference,
        subject=posting.subject,
        payment_id=payment.id if payment is not None else None,
        idempotency_key=posting.key,
        reverses_id=reverses.id if reverses is not None else None,
        actor=actor.label,
    )
    db.session.add(transfer)
    db.session.flush()
    point("ledger.after_transfer")
    if payment is not None and posting.kind in invoices.DOCUMENTED:
        before_commit(invoices.issue, payment.id)
    return Posted(transfer, new=True)


def transfer_of(key: str) -> Transfer | None:
    """The transfer that was posted under a business key."""
    return db.session.scalar(select(Transfer).where(Transfer.idempotency_key == key))


def lock(*keys: AccountKey) -> dict[AccountKey, Account]:
    """The accounts, opened where missing, locked in id order until the unit of work ends."""
    found = _locked(keys)
    missing = set(keys) - found.keys()
    if missing:
        for key in sorted(missing):
            _open(key)
        found = _locked(keys)
    for key in keys:
        if key not in found:
            raise PostingConflict(f"{key.reference} holds money of another sponsor or currency.")
    return found


def balance_of(key: AccountKey) -> int:
    """The balance of an account in its normal direction; 0 for one that was never used."""
    return db.session.scalar(select(Account.balance).where(_any_of([key]))) or 0


def escrow_account(reference: str, *, locked: bool = False) -> Account | None:
    """The escrow of an ad request."""
    found = select(Account).where(
        Account.kind == AccountKind.ESCROW, Account.reference == reference
    )
    if locked:
        found = found.with_for_update(key_share=True)
    return db.session.scalar(found.execution_options(populate_existing=True))


def _change(account: Account, change: int) -> None:
    enough = Account.balance + change >= 0 if account.kind not in WITHOUT_FLOOR else true()
    statement = (
        update(Account)
        .where(Account.id == account.id, enough)
        .values(balance=Account.balance + change)
        .execution_options(synchronize_session=False)
    )
    if changed_rows(statement) != 1:
        raise _refusal(account, -change)
    set_committed_value(account, "balance", account.balance + change)


def _refusal(account: Account, wanted: int) -> Exception:
    if account.kind in _ADVICE:
        return InsufficientFunds(
            wanted=wanted,
            available=account.balance,
            currency=account.currency,
            advice=_ADVICE[account.kind],
        )
    return EscrowExhausted(
        f"The account {account.kind.value} {account.reference} holds {account.balance}, "
        f"{wanted} was asked. Nothing was changed."
    )


def _locked(keys: Iterable[AccountKey]) -> dict[AccountKey, Account]:
    # NO KEY UPDATE lets other transfers take the key-share lock of their foreign keys meanwhile.
    rows = db.session.scalars(
        select(Account)
        .where(_any_of(keys))
        .order_by(Account.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return {row.key: row for row in rows}


def _any_of(keys: Iterable[AccountKey]) -> Any:
    return or_(
        *(
            and_(
                Account.kind == key.kind,
                Account.owner_id == key.owner_id,
                Account.currency == key.currency,
                Account.reference == key.reference,
            )
            for key in keys
        )
    )


def _open(key: AccountKey) -> None:
    insert = (
        postgresql.insert(Account)
        if db.session.get_bind().dialect.name == "postgresql"
        else sqlite.insert(Account)
    )
    db.session.execute(
        insert.values(
            id=new_id("acc"),
            kind=key.kind,
            owner_id=key.owner_id,
            sponsor_id=key.owner_id if key.kind in SPONSOR_OWNED else None,
            influencer_id=key.owner_id if key.kind in INFLUENCER_OWNED else None,
            reference=key.reference,
            currency=key.currency,
            balance=0,
        ).on_conflict_do_nothing()
    )
