"""A bank transfer that came back after it was marked paid: booked once, by its own entry."""

from __future__ import annotations

import pytest

from app.audit.models import AuditEntry
from app.core.extensions import db
from app.payments import service
from app.payments.models import GatewayEntry, Transfer, Withdrawal
from app.payments.payout_batch_models import PayoutLine
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.test_manual_gateway import (
    BATCHES,
    admin,
    at_once,
    balances_of,
    collect,
    confirm,
    earner,
    end,
    headers,
    open_deposit,
    payer,
    settings,
)
from tests.payments.wire import count

__all__ = ["admin", "headers", "payer", "settings"]
BACK = {"entry_id": "in/back", "reason": "The account is closed."}


@pytest.fixture
def paid(client, payer, headers, admin):
    """An influencer and their withdrawal, which the bank has paid."""
    person, withdrawal_id = earner(client, payer, headers, admin)
    batch = collect(client, admin).json
    assert end(client, admin, batch, outcome="paid", entry_id="out/1").status_code == 200
    return person, withdrawal_id, batch["id"]


def send_back(client, admin, withdrawal_id, **changes):
    body = {**BACK, **changes}
    return client.post(f"/api/v1/admin/payouts/{withdrawal_id}/return", json=body, headers=admin)


def read(client, admin, withdrawal_id):
    return wire.read(client, f"/api/v1/admin/payouts/{withdrawal_id}", admin)


def proofs() -> list[str]:
    db.session.rollback()
    return [check.detail for check in service.check_ledger() if not check.ok]


def test_what_the_bank_sent_back_may_be_withdrawn_again(client, admin, paid):
    person, withdrawal_id, batch_id = paid
    assert read(client, admin, withdrawal_id)["actions"] == ["return"]
    answer = send_back(client, admin, withdrawal_id)
    assert (answer.status_code, answer.json["status"]) == (200, "failed")
    assert answer.json["failure"] == "It was paid and came back: The account is closed."
    assert answer.json["actions"] == ["retry"]
    assert [step["name"] for step in answer.json["steps"]] == [
        "requested", "sent", "paid", "failed",
    ]  # fmt: skip
    assert balances_of(person) == (10_000, 0)
    [line] = wire.read(client, f"{BATCHES}/{batch_id}", admin)["lines"]
    assert (line["status"], line["entry_id"], line["failure"]) == (
        "paid", "out/1", answer.json["failure"],
    )  # fmt: skip
    assert line["returned_at"] is not None
    sums = [entry.amount for entry in db.session.query(GatewayEntry).order_by(GatewayEntry.at)]
    assert sums == [10_000, -10_000, 10_000]
    actions = [row.action for row in db.session.query(AuditEntry)]
    assert "payout_batch.line_returned" in actions
    assert "withdrawal.returned" in actions
    assert proofs() == []


def test_it_comes_back_once(client, admin, paid):
    person, withdrawal_id, _ = paid
    assert send_back(client, admin, withdrawal_id).status_code == 200
    before = count(Transfer)
    for changes in ({}, {"entry_id": "in/other"}):
        again = send_back(client, admin, withdrawal_id, **changes)
        assert (again.status_code, again.json["type"]) == (409, "refused-transition")
    assert (count(Transfer), balances_of(person)) == (before, (10_000, 0))
    assert proofs() == []


def test_what_came_back_is_paid_anew_by_a_payout_of_its_own(client, admin, paid):
    person, withdrawal_id, _ = paid
    send_back(client, admin, withdrawal_id)
    answer = client.post(f"/api/v1/admin/payouts/{withdrawal_id}/retry", headers=admin)
    assert (answer.status_code, answer.json["retries_id"]) == (200, withdrawal_id)
    service.pay_out(answer.json["id"])
    batch = collect(client, admin).json
    assert end(client, admin, batch, outcome="paid", entry_id="out/2").status_code == 200
    assert balances_of(person) == (0, 0)
    assert proofs() == []


@pytest.mark.parametrize("entry_id", ["out/1", "OUT/1"])
def test_the_entry_by_which_it_was_paid_is_not_the_one_by_which_it_came_back(
    client, admin, paid, entry_id
):
    person, withdrawal_id, _ = paid
    answer = send_back(client, admin, withdrawal_id, entry_id=entry_id)
    assert answer.status_code == 422
    assert "came back" in answer.json["errors"]["entry_id"][0]
    assert balances_of(person) == (0, 0)


def test_what_is_not_paid_does_not_come_back(client, payer, headers, admin):
    person, withdrawal_id = earner(client, payer, headers, admin)
    assert "return" not in read(client, admin, withdrawal_id)["actions"]
    assert send_back(client, admin, withdrawal_id).status_code == 409
    assert send_back(client, admin, "wdr_unknown").status_code == 404
    assert (balances_of(person), count(PayoutLine)) == ((0, 10_000), 0)


def test_payouts_of_other_gateways_are_not_sent_back_by_hand(client, admin, payer):
    person = make.influencer()
    make.fund(payer, 5_000)
    make.spend(payer, person, 5_000)
    made = client.post(
        "/api/v1/influencer/withdrawals",
        json={"amount": {"amount": 5_000, "currency": "EUR"}},
        headers={**bearer(person), "Idempotency-Key": "k1"},
    ).json
    service.pay_out(made["id"])
    assert read(client, admin, made["id"])["status"] == "paid"
    assert "return" not in read(client, admin, made["id"])["actions"]
    answer = send_back(client, admin, made["id"])
    assert (answer.status_code, "sandbox" in answer.json["detail"]) == (409, True)
    assert db.session.get_one(Withdrawal, made["id"]).status.value == "paid"


@pytest.mark.parametrize(
    "changes",
    [{"reason": ""}, {"reason": "x" * 251}, {"entry_id": ""}, {"entry_id": None}, {"more": 1}],
)
def test_without_an_entry_and_a_reason_nothing_comes_back(client, admin, paid, changes):
    person, withdrawal_id, _ = paid
    assert send_back(client, admin, withdrawal_id, **changes).status_code == 422
    assert balances_of(person) == (0, 0)


def test_only_an_admin_with_the_newest_sight_says_so(client, headers, admin, paid):
    _, withdrawal_id, _ = paid
    assert send_back(client, headers, withdrawal_id).status_code == 403
    assert send_back(client, {}, withdrawal_id).status_code == 401
    stale = {**admin, "If-Match": f'"{withdrawal_id}.99"'}
    assert send_back(client, stale, withdrawal_id).status_code == 412
    assert db.session.get_one(Withdrawal, withdrawal_id).status.value == "paid"


@pytest.mark.parametrize("first", ["return", "deposit"])
def test_an_entry_is_of_a_deposit_or_of_a_payout_that_came_back(
    client, headers, admin, paid, first
):
    person, withdrawal_id, _ = paid
    deposit = open_deposit(client, headers, key="k9")
    tries = {
        "return": lambda: send_back(client, admin, withdrawal_id, entry_id="in/77"),
        "deposit": lambda: confirm(client, admin, deposit, entry="in/77"),
    }
    [second] = tries.keys() - {first}
    assert tries[first]().status_code == 200
    before = (count(Transfer), count(GatewayEntry), balances_of(person))
    answer = tries[second]()
    assert (answer.status_code, answer.json["type"]) == (409, "entry-booked")
    assert answer.json["booked_for"] == (withdrawal_id if first == "return" else deposit["id"])
    assert (count(Transfer), count(GatewayEntry), balances_of(person)) == before
    assert proofs() == []


def test_the_entry_of_a_payout_is_not_that_of_money_that_came(client, payer, headers, admin, paid):
    deposit = open_deposit(client, headers, key="k9")
    assert confirm(client, admin, deposit, entry="out/1").json["type"] == "entry-booked"
    assert confirm(client, admin, deposit, entry="in/9").status_code == 200
    earner(client, payer, headers, admin, entry="in/2")
    batch = collect(client, admin).json
    answer = end(client, admin, batch, outcome="paid", entry_id="in/9")
    assert (answer.status_code, answer.json["booked_for"]) == (409, deposit["id"])
    both = {"entry_id": "out/1", "reuse_entry": True}
    assert end(client, admin, batch, outcome="paid", **both).status_code == 200


def test_a_deposit_and_a_return_by_one_entry_at_once_count_once(app, client, headers, admin, paid):
    _, withdrawal_id, _ = paid
    deposit = open_deposit(client, headers, key="k9")
    statuses = at_once(
        app,
        lambda browser: send_back(browser, admin, withdrawal_id, entry_id="in/77"),
        lambda browser: confirm(browser, admin, deposit, entry="in/77"),
    )
    assert statuses == [200, 409]
    assert proofs() == []
