"""The proofs of the ledger hold after every use, and each names the row that breaks it."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import select, text

from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import ddl, service
from app.payments.invariants import CHECKS
from app.payments.models import Account, GatewayEntry, GatewayEvent, Payment, Transfer
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments.wire import first


@pytest.fixture
def used(app):
    """A ledger in which something of every kind has happened."""
    payer, earner = make.sponsor(), make.influencer()
    make.earn(payer, earner, 10_000)
    make.earn(payer, earner, 500, hold_days=7)
    make.fund(payer, 300, "JPY")
    for amount in (Money(2_000, "EUR"), Money(1_000, "EUR")):
        row = unit_of_work(partial(service.withdraw, earner.actor, amount=amount))
    service.pay_out(row.id)


def tamper(app, statement: str) -> None:
    """Change what nobody may change, as somebody with the database in their hands would."""
    db.session.rollback()  # the tests have read; SQLite would go on showing them that moment
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as postgres:
            postgres.execute(text("SET LOCAL session_replication_role = replica"))
            postgres.execute(text(statement))
        return
    kept = {table: ddl.append_only(table)["sqlite"] for table in ddl.APPEND_ONLY_TABLES}
    with sqlite3.connect(str(db.engine.url.database), isolation_level=None) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        for table in kept:
            for drop in ddl.drop_append_only(table)["sqlite"]:
                connection.execute(drop)
        connection.execute(statement)
        for creates in kept.values():
            for create in creates:
                connection.execute(create)
    connection.close()


def broken() -> dict[str, str]:
    return {check.name: check.detail for check in service.check_ledger() if not check.ok}


def test_an_empty_and_a_used_ledger_pass_every_check(app, used):
    assert broken() == {}
    assert [check.name for check in service.check_ledger()] == list(CHECKS)


def test_a_forged_balance_is_named(app, used):
    account = first(select(Account).where(Account.kind == "sponsor_wallet"))
    tamper(app, f"UPDATE accounts SET balance = balance + 5 WHERE id = '{account.id}'")
    found = broken()
    assert account.id in found["balances_match_transfers"]
    assert "-5" in found["currencies_balance"]


def test_a_forged_transfer_is_noticed(app, used):
    transfer = first(select(Transfer).where(Transfer.kind == "hold"))
    tamper(app, f"UPDATE transfers SET amount = amount - 1 WHERE id = '{transfer.id}'")
    found = broken()
    assert set(found) == {"balances_match_transfers", "payments_match_transfers"}
    assert transfer.payment_id in found["payments_match_transfers"]


def test_a_removed_transfer_is_noticed(app, used):
    transfer = first(select(Transfer).where(Transfer.kind == "release"))
    tamper(app, f"DELETE FROM transfers WHERE id = '{transfer.id}'")
    assert set(broken()) == {
        "balances_match_transfers",
        "payments_match_transfers",
        "invoices_match_the_ledger",
    }


def test_a_transfer_in_another_currency_is_named(app, used):
    transfer = first(select(Transfer).where(Transfer.kind == "hold"))
    tamper(app, f"UPDATE transfers SET currency = 'JPY' WHERE id = '{transfer.id}'")
    assert transfer.id in broken()["transfers_keep_their_currency"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_balance_below_zero_is_named(app, used):
    account = first(select(Account).where(Account.kind == "escrow"))
    tamper(app, f"UPDATE accounts SET balance = -1 WHERE id = '{account.id}'")
    assert account.id in broken()["floors_hold"]


def test_a_payment_without_its_transfer_is_named(app, used):
    payment = first(select(Payment).where(Payment.kind == "hold"))
    tamper(app, f"UPDATE payments SET amount = amount + 1 WHERE id = '{payment.id}'")
    assert payment.id in broken()["payments_match_transfers"]


def test_a_withdrawal_that_was_forgotten_is_noticed(app, used):
    tamper(app, "UPDATE withdrawals SET status = 'failed' WHERE status = 'queued'")
    account = first(select(Account).where(Account.kind == "withdrawal_in_flight"))
    assert account.id in broken()["in_flight_matches_withdrawals"]


def test_a_release_that_never_matures_is_noticed(app, used):
    tamper(app, "UPDATE maturities SET matured_at = due_at WHERE matured_at IS NULL")
    assert set(broken()) == {"held_matches_maturities"}


def test_cash_that_the_gateway_does_not_have_is_noticed(app, used):
    entry = first(select(GatewayEntry).where(GatewayEntry.amount > 0))
    tamper(app, f"UPDATE gateway_entries SET amount = amount - 1 WHERE id = '{entry.id}'")
    assert set(broken()) == {"cash_matches_statements"}


def test_a_statement_line_of_an_unknown_gateway_is_named(app, used):
    entry = first(select(GatewayEntry).where(GatewayEntry.currency == "JPY"))
    tamper(
        app,
        "INSERT INTO gateway_entries (id, gateway, external_id, subject, amount, currency, at)"
        f" SELECT 'gen_x', 'other', 'x', subject, amount, currency, at FROM gateway_entries"
        f" WHERE id = '{entry.id}'",
    )
    assert "gen_x" in broken()["cash_matches_statements"]


def test_an_event_that_waits_too_long_is_named(app, used):
    def forget() -> str:
        row = first(select(GatewayEvent))
        row.processed_at = None
        row.error = "no such deposit"
        row.received_at = now() - timedelta(minutes=11)
        return row.id

    event_id = unit_of_work(forget)
    assert event_id in broken()["gateway_events_are_applied"]


def test_the_api_tells_an_admin(client, app, used):
    headers = bearer(make.admin())
    answer = client.get("/api/v1/admin/ledger/invariants", headers=headers).json
    assert answer["ok"] is True
    assert {check["name"] for check in answer["checks"]} >= set(CHECKS)
    tamper(
        app,
        "UPDATE accounts SET balance = balance + 5 WHERE kind = 'platform_fees'"
        " OR kind = 'sponsor_wallet'",
    )
    answer = client.get("/api/v1/admin/ledger/invariants", headers=headers).json
    assert answer["ok"] is False


def test_the_command_line_verifies_and_exits_with_1(app, used):
    run = app.test_cli_runner().invoke
    good = run(args=["ledger", "verify"])
    assert good.exit_code == 0, good.output
    assert "WRONG" not in good.output
    account = first(select(Account).where(Account.kind == "cash"))
    account_id = account.id
    tamper(app, f"UPDATE accounts SET balance = balance + 1 WHERE id = '{account_id}'")
    bad = run(args=["ledger", "verify"])
    assert bad.exit_code == 1
    assert f"account {account_id}" in bad.output
