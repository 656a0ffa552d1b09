"""Withdrawals whose gateway was put out of use: admins say by evidence how they ended."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.jobs import Job
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import payout_details, payout_rules, service
from app.payments.gateways.base import GatewayUnreachable
from app.payments.models import GatewayEntry, Transfer
from app.payments.payout_models import PayoutMethod
from tests.factories import payments as make
from tests.factories.identity import SignedIn, bearer, make_admin
from tests.payments.wire import count

PAID = {"outcome": "paid", "entry_id": "tr_77", "reason": "In the export of May, line 12."}
FAILED = {"outcome": "failed", "reason": "Its export does not name it."}


@pytest.fixture
def earner(app):
    person = make.influencer()
    make.earn(make.sponsor(), person, 10_000)
    return person


@pytest.fixture
def unknown(earner, put_in_use):
    """A withdrawal of which the gateway, out of use by now, did not say what it did."""
    lost = {"account": "unknown"}
    unit_of_work(
        lambda: payout_details.change(earner.actor, method=PayoutMethod.SANDBOX, destination=lost)
    )
    row = unit_of_work(lambda: service.withdraw(earner.actor, amount=Money(10_000, "EUR")))
    with pytest.raises(GatewayUnreachable):
        service.pay_out(row.id)
    put_in_use(False)
    return row.id


@pytest.fixture
def admin(app):
    return SignedIn(make_admin())


@pytest.fixture
def put_in_use(app, monkeypatch):
    """Switch the gateway on or off."""

    def switch(used: bool) -> None:
        settings = replace(app.config["ACCORD"], sandbox_gateway=used)
        monkeypatch.setitem(app.config, "ACCORD", settings)

    return switch


def say(admin, withdrawal_id, **body):
    return admin.post(f"/admin/payouts/{withdrawal_id}/outcome", body)


def balances_of(person) -> tuple[int, int]:
    db.session.rollback()
    [balance] = service.earnings(person.id).balances
    return balance.available, balance.in_flight


def proofs() -> list[str]:
    db.session.rollback()
    return [check.detail for check in service.check_ledger() if not check.ok]


def test_what_the_statement_of_the_gateway_names_is_paid_by_that_line(admin, earner, unknown):
    assert admin.get(f"/admin/payouts/{unknown}").json["actions"] == ["outcome"]
    answer = say(admin, unknown, **PAID)
    assert (answer.status_code, answer.json["status"], answer.json["actions"]) == (200, "paid", [])
    [found] = answer.json["findings"]
    assert (found["outcome"], found["entry_id"], found["reason"]) == tuple(PAID.values())
    assert balances_of(earner) == (0, 0)
    out = db.session.query(GatewayEntry).filter(GatewayEntry.amount < 0).one()
    assert (out.external_id, out.amount) == ("tr_77", -10_000)
    actions = [row.action for row in db.session.query(AuditEntry)]
    assert {"withdrawal.outcome_found", "withdrawal.paid"} <= set(actions)
    assert say(admin, unknown, **PAID).json["type"] == "refused-transition"
    assert proofs() == []


def test_what_it_does_not_name_comes_back_with_the_reason(admin, earner, unknown):
    answer = say(admin, unknown, **FAILED)
    assert (answer.json["status"], answer.json["failure"]) == ("failed", FAILED["reason"])
    assert balances_of(earner) == (10_000, 0)
    assert proofs() == []


def test_a_large_one_needs_the_same_word_of_two_admins(admin, earner, unknown):
    unit_of_work(lambda: payout_rules.APPROVAL_ABOVE.set(SYSTEM, 99))
    second = SignedIn(make_admin())
    for _ in range(2):
        assert say(admin, unknown, **PAID).json["status"] == "unknown"
    assert say(second, unknown, **FAILED).json["status"] == "unknown"
    assert say(second, unknown, **{**PAID, "entry_id": "tr_78"}).json["status"] == "unknown"
    assert balances_of(earner) == (0, 10_000)
    answer = say(second, unknown, **{**PAID, "reason": "I see it too."})
    assert (answer.json["status"], len(answer.json["findings"])) == ("paid", 2)
    assert proofs() == []


def test_nobody_is_asked_and_no_job_dies_while_it_is_out_of_use(admin, earner, unknown):
    before = count(Job)
    answer = admin.post(f"/admin/payouts/{unknown}/retry")
    assert (answer.status_code, "not in use" in answer.json["detail"]) == (409, True)
    assert count(Job) == before
    service.pay_out(unknown)
    assert admin.get(f"/admin/payouts/{unknown}").json["status"] == "unknown"


def test_what_its_gateway_says_is_not_said_by_hand(admin, put_in_use, unknown):
    put_in_use(True)
    assert admin.get(f"/admin/payouts/{unknown}").json["actions"] == ["retry"]
    assert say(admin, unknown, **PAID).json["type"] == "refused-transition"
    service.pay_out(unknown)
    assert admin.get(f"/admin/payouts/{unknown}").json["status"] == "paid"


def test_a_line_that_is_another_payouts_is_refused_and_kept_nowhere(admin, earner, unknown):
    [deposit] = db.session.query(GatewayEntry)
    name, before = deposit.external_id, count(Transfer)
    answer = say(admin, unknown, **{**PAID, "entry_id": name})
    assert (answer.status_code, "statement line" in answer.json["detail"]) == (409, True)
    assert admin.get(f"/admin/payouts/{unknown}").json["findings"] == []
    assert (count(Transfer), balances_of(earner)) == (before, (0, 10_000))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"outcome": "paid", "reason": "Seen."},
        {"outcome": "paid", "entry_id": "", "reason": "Seen."},
        {"outcome": "paid", "entry_id": "e", "reason": ""},
        {"outcome": "failed", "entry_id": "e", "reason": "Seen."},
        {"outcome": "lost", "reason": "Seen."},
        {**FAILED, "more": 1},
    ],
)
def test_without_evidence_nothing_is_said(admin, earner, unknown, body):
    assert say(admin, unknown, **body).status_code == 422
    assert balances_of(earner) == (0, 10_000)


def test_only_an_admin_with_the_newest_sight_says_it(client, admin, earner, unknown):
    path = f"/admin/payouts/{unknown}/outcome"
    assert client.post(f"/api/v1{path}", json=PAID, headers=bearer(earner)).status_code == 403
    stale = {"If-Match": f'"{unknown}.99"'}
    assert admin.post(path, PAID, headers=stale).status_code == 412
    assert balances_of(earner) == (0, 10_000)
