"""The tables hold by themselves: append-only, floors, one currency, one effect a key."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import ledger, postings
from app.payments.errors import EscrowExhausted, InsufficientFunds, PostingConflict
from app.payments.models import Account, Transfer
from tests.factories import payments as make


@pytest.fixture
def payer(app):
    person = make.sponsor()
    make.fund(person, 1000)
    return person


def run(statement: str, **values: object) -> None:
    unit_of_work(lambda: db.session.execute(text(statement), values))


def rows(model) -> int:
    return db.session.query(model).count()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE transfers SET amount = amount + 1",
        "UPDATE transfers SET idempotency_key = 'other' WHERE kind = 'deposit'",
        "DELETE FROM transfers",
        "UPDATE gateway_entries SET amount = amount - 1",
        "DELETE FROM gateway_entries",
    ],
)
def test_rows_of_the_ledger_cannot_be_changed_or_removed(payer, statement):
    with pytest.raises(DBAPIError, match="append-only"):
        run(statement)
    assert db.session.query(Transfer).one().amount == 1000


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
@pytest.mark.parametrize("table", ["transfers", "gateway_entries"])
def test_the_ledger_cannot_be_truncated(payer, table):
    with pytest.raises(DBAPIError, match="append-only"):
        run(f"TRUNCATE {table} CASCADE")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("table", ["transfers", "gateway_entries"])
def test_the_ledger_cannot_be_replaced(payer, table):
    with pytest.raises(DBAPIError, match="append-only"):
        run(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}")


def test_a_balance_cannot_be_set_below_zero(payer):
    with pytest.raises(IntegrityError, match="balance_floor"):
        run("UPDATE accounts SET balance = -1 WHERE kind = 'sponsor_wallet'")


@pytest.mark.parametrize(
    ("column", "value", "constraint"),
    [
        ("debit_account_id", "credit_account_id", "two_accounts"),
        ("amount", "0", "amount_positive"),
        ("amount", "-5", "amount_positive"),
    ],
)
def test_a_transfer_of_nothing_or_to_itself_cannot_be_stored(payer, column, value, constraint):
    names = [column.name for column in Transfer.__table__.columns]
    chosen = {name: name for name in names}
    chosen |= {"id": "'tra_x'", "idempotency_key": "'x'", column: value}
    with pytest.raises(IntegrityError, match=constraint):
        run(
            f"INSERT INTO transfers ({', '.join(names)})"
            f" SELECT {', '.join(chosen.values())} FROM transfers"
        )


def test_a_transfer_is_in_the_currency_of_its_accounts(payer):
    names = "debit_account_id, credit_account_id, amount, kind, reference, subject, actor, at"
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        run(
            f"INSERT INTO transfers (id, idempotency_key, currency, {names})"
            f" SELECT 'tra_x', 'x', 'JPY', {names} FROM transfers"
        )


def test_the_owner_of_an_account_cannot_be_forged(payer):
    with pytest.raises(IntegrityError, match="owner_is_its_row"):
        run("UPDATE accounts SET owner_id = 'spn_other' WHERE kind = 'sponsor_wallet'")
    with pytest.raises(IntegrityError, match="sponsor_of_kind"):
        run("UPDATE accounts SET sponsor_id = NULL, owner_id = '' WHERE kind = 'sponsor_wallet'")


def test_one_key_moves_money_once(payer):
    posting = postings.hold("adr_1", payer.id, "EUR", 400)
    first = unit_of_work(lambda: ledger.post(SYSTEM, posting))
    again = unit_of_work(lambda: ledger.post(SYSTEM, posting))
    assert (first.new, again.new) == (True, False)
    assert again.transfer.id == first.transfer.id
    assert ledger.balance_of(posting.debit) == 600


def test_one_key_cannot_mean_two_movements(payer):
    unit_of_work(lambda: ledger.post(SYSTEM, postings.hold("adr_1", payer.id, "EUR", 400)))
    with pytest.raises(PostingConflict):
        unit_of_work(lambda: ledger.post(SYSTEM, postings.hold("adr_1", payer.id, "EUR", 401)))
    assert ledger.balance_of(postings.wallet(payer.id, "EUR")) == 600


def test_an_ad_request_has_one_escrow_whoever_pays_and_in_whatever_currency(payer):
    other = make.sponsor()
    make.fund(other, 1000, "JPY")
    unit_of_work(lambda: ledger.post(SYSTEM, postings.hold("adr_1", payer.id, "EUR", 400)))
    posting = postings.hold("adr_1", other.id, "JPY", 400)
    with pytest.raises(PostingConflict):
        unit_of_work(lambda: ledger.post(SYSTEM, posting))
    assert ledger.balance_of(posting.debit) == 1000


def test_a_wallet_that_has_too_little_refuses_and_says_what_is_missing(payer):
    transfers, accounts = rows(Transfer), rows(Account)
    with pytest.raises(InsufficientFunds) as refused:
        unit_of_work(lambda: ledger.post(SYSTEM, postings.hold("adr_1", payer.id, "EUR", 1001)))
    assert refused.value.extra == {
        "missing": {"amount": 1, "currency": "EUR"},
        "available": {"amount": 1000, "currency": "EUR"},
    }
    assert (rows(Transfer), rows(Account)) == (transfers, accounts)


def test_other_accounts_refuse_as_well(payer):
    escrow = postings.escrow(payer.id, "EUR", "adr_1")
    with pytest.raises(EscrowExhausted):
        unit_of_work(lambda: ledger.post(SYSTEM, postings.refund(escrow, "m", 1)))


def test_a_unit_that_fails_later_leaves_no_posting(payer):
    def work() -> None:
        ledger.post(SYSTEM, postings.hold("adr_1", payer.id, "EUR", 400))
        raise RuntimeError("something after it")

    with pytest.raises(RuntimeError):
        unit_of_work(work)
    assert ledger.balance_of(postings.wallet(payer.id, "EUR")) == 1000
    assert rows(Transfer) == 1
