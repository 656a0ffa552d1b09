"""The lines of statements: what came in and went out of a wallet or of earnings in a period.

A statement is read off the ledger: its lines are the transfers with one end in the account. Its
closing balance is that of the account less what came after the period, its opening balance that
less the lines: so it costs what moved since its first day, however long the history before it is.
The closing balance of one period is the opening balance of the next, and the ledger's proof that
balances equal their transfers is what makes both the sums of all that came before.

A sponsor's statement is that of the wallet. An influencer's is that of everything the platform owes
them (held, available and in flight): earning adds to it, a payout takes from it, and what only
moves between the three is no line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Select, and_, cast, func, or_, select, union_all
from sqlalchemy.sql import ColumnElement

from app.core.errors import Invalid
from app.core.extensions import db
from app.core.money import Money
from app.core.paging import Page, PageRequest, read_cursor, write_cursor
from app.payments import naming
from app.payments.models import Account, Transfer
from app.payments.postings import AccountKind, TransferKind
from app.payments.running import Period, running

SORT = "at"
BATCH = 500
EARNINGS = (
    AccountKind.INFLUENCER_HELD,
    AccountKind.INFLUENCER_AVAILABLE,
    AccountKind.WITHDRAWAL_IN_FLIGHT,
)


@dataclass(frozen=True)
class Holder:
    """Whose statement it is: the sponsor of a wallet, or the influencer of earnings."""

    sponsor_id: str | None = None
    influencer_id: str | None = None

    @property
    def accounts(self) -> ColumnElement[bool]:
        """The accounts that the statement is about."""
        if self.sponsor_id is not None:
            return and_(
                Account.kind == AccountKind.SPONSOR_WALLET, Account.sponsor_id == self.sponsor_id
            )
        return and_(Account.kind.in_(EARNINGS), Account.influencer_id == self.influencer_id)


@dataclass(frozen=True)
class Line:
    """One movement. `change` is positive for what came in; `balance` is what there was after it."""

    id: str
    at: datetime
    kind: TransferKind
    change: int
    balance: int
    currency: str
    payment_id: str | None
    reference: str | None
    campaign: naming.Named | None
    party: naming.Named | None
    deliverable: str | None

    @property
    def money_in(self) -> Money | None:
        """What came in, if it did."""
        return Money(self.change, self.currency) if self.change > 0 else None

    @property
    def money_out(self) -> Money | None:
        """What went out, if it did."""
        return Money(-self.change, self.currency) if self.change < 0 else None

    @property
    def money_after(self) -> Money:
        """The balance after the line."""
        return Money(self.balance, self.currency)


@dataclass(frozen=True)
class Totals:
    """What a period did to the balance, in minor units, and in how many lines."""

    opening: int
    came_in: int
    went_out: int
    count: int

    @property
    def closing(self) -> int:
        """The balance at the end."""
        return self.opening + self.came_in - self.went_out


def totals(holder: Holder, period: Period, currency: str) -> Totals:
    """Opening balance and sums of a period, from one look at the ledger."""
    row = db.session.execute(_sums(_account_ids(holder, currency), period)).one()
    balance, came_later, came_in, went_out = (int(value or 0) for value in row[:4])
    opening = balance - came_later - came_in - went_out
    return Totals(opening, came_in, -went_out, row[4])


def page_of_lines(
    holder: Holder, period: Period, currency: str, found: Totals, page: PageRequest
) -> Page[Line]:
    """A page of the lines, the oldest first, each with the balance after it.

    Raises Invalid for another order and for a cursor of another list.
    """
    if page.sort not in (None, SORT):
        raise Invalid(sort=f"A statement runs from its first line to its last: {SORT}.")
    behind = None
    opening = found.opening
    ids = _account_ids(holder, currency)
    if page.cursor is not None:
        at, row_id = read_cursor(page.cursor, SORT, [Transfer.at, Transfer.id])
        if not period.start <= at < period.end:
            raise Invalid(cursor="This cursor belongs to another period; start again without one.")
        behind = (at, row_id)
        opening += _moved_until(ids, period, behind)
    rows = _rows(ids, period, page.limit + 1, behind)
    shown = rows[: page.limit]
    more = len(rows) > page.limit
    cursor = write_cursor(SORT, [shown[-1].at, shown[-1].id]) if more else None
    return Page(_lines(holder, currency, opening, shown), cursor, found.count)


def all_lines(holder: Holder, period: Period, currency: str, opening: int) -> Iterator[Line]:
    """Every line, the oldest first, read in batches (bounded memory)."""
    ids = _account_ids(holder, currency)
    behind: tuple[datetime, str] | None = None
    balance = opening
    while True:
        rows = _rows(ids, period, BATCH, behind)
        lines = _lines(holder, currency, balance, rows)
        yield from lines
        if len(rows) < BATCH:
            return
        behind, balance = (rows[-1].at, rows[-1].id), lines[-1].balance


def _account_ids(holder: Holder, currency: str) -> list[str]:
    found = select(Account.id).where(holder.accounts, Account.currency == currency)
    return list(db.session.scalars(found.order_by(Account.id)))


_COLUMNS = (
    Transfer.id,
    Transfer.at,
    Transfer.kind,
    Transfer.reference,
    Transfer.subject,
    Transfer.payment_id,
)


def _sides(ids: list[str]) -> list[Select[*tuple[Any, ...]]]:
    """What came in and what went out; a transfer between two of the accounts is neither.

    One select an account and side: each then reads its index in the order of time.
    """
    debit, credit = Transfer.debit_account_id, Transfer.credit_account_id
    sides = []
    for account_id in ids or [""]:
        came_in = select(*_COLUMNS, Transfer.amount.label("change"))
        went_out = select(*_COLUMNS, (-Transfer.amount).label("change"))
        sides.append(came_in.where(credit == account_id, debit.not_in(ids)))
        sides.append(went_out.where(debit == account_id, credit.not_in(ids)))
    return sides


def _moved(ids: list[str], *wanted: ColumnElement[bool]) -> Any:
    return union_all(*(side.where(*wanted) for side in _sides(ids))).subquery()


def _sums(ids: list[str], period: Period) -> Select[*tuple[Any, ...]]:
    """The balance now, what came after the period, what came in, what went out, how many lines."""
    moved = _moved(ids, Transfer.at >= period.start)
    change, later = moved.c.change, moved.c.at >= period.end
    return select(
        _balance(ids),
        _sum(change).filter(later),
        _sum(change).filter(~later, change > 0),
        _sum(change).filter(~later, change < 0),
        func.count().filter(~later),
    ).select_from(moved)


def _balance(ids: list[str]) -> ColumnElement[int]:
    """What is in the accounts now."""
    return select(_sum(Account.balance)).where(Account.id.in_(ids)).scalar_subquery()


def _moved_until(ids: list[str], period: Period, behind: tuple[datetime, str]) -> int:
    """What moved from the beginning of the period up to the transfer that `behind` names."""
    at, row_id = behind
    upto = or_(Transfer.at < at, Transfer.id <= row_id)
    moved = _moved(ids, Transfer.at >= period.start, Transfer.at <= at, upto)
    return int(db.session.scalar(select(_sum(moved.c.change))) or 0)


def _rows(
    ids: list[str], period: Period, limit: int, behind: tuple[datetime, str] | None
) -> list[Any]:
    wanted = [Transfer.at >= period.start, Transfer.at < period.end]
    if behind is not None:
        at, row_id = behind
        wanted = [
            Transfer.at >= at,
            Transfer.at < period.end,
            or_(Transfer.at > at, Transfer.id > row_id),
        ]
    # Each side stops at the limit by itself, so that a page does not read the whole period.
    branches = [
        select(side.where(*wanted).order_by(Transfer.at, Transfer.id).limit(limit).subquery())
        for side in _sides(ids)
    ]
    both = union_all(*branches).subquery()
    statement = select(both).order_by(both.c.at, both.c.id).limit(limit)
    return list(db.session.execute(statement))


def _lines(holder: Holder, currency: str, opening: int, rows: list[Any]) -> list[Line]:
    names = naming.agreements({row.reference for row in rows})
    balances = running(opening, (row.change for row in rows))
    sponsor = holder.sponsor_id is not None
    lines = []
    for row, balance in zip(rows, balances, strict=True):
        agreement = names.get(row.reference)
        lines.append(
            Line(
                id=row.id,
                at=row.at,
                kind=row.kind,
                change=row.change,
                balance=balance,
                currency=currency,
                payment_id=row.payment_id,
                reference=row.reference or None,
                campaign=agreement.campaign if agreement else None,
                party=(agreement.influencer if sponsor else agreement.sponsor)
                if agreement
                else None,
                deliverable=agreement.deliverables.get(row.subject) if agreement else None,
            )
        )
    return lines


def _sum(change: Any) -> Any:
    # PostgreSQL sums big integers to numeric.
    return func.sum(cast(change, BigInteger))
