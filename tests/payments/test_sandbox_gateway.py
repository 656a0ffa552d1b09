"""The sandbox: its pay page, what it plays, and payouts that fail, linger or get lost."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import update

from app.core.clock import now
from app.core.extensions import db
from app.core.headers import CONTENT_SECURITY_POLICY
from app.core.jobs import Job, run_job
from app.core.transaction import unit_of_work
from app.payments import payout_details, service
from app.payments.gateways.base import GatewayUnreachable
from app.payments.gateways.sandbox import OUTCOMES
from app.payments.models import GatewayEntry, GatewayEvent, Transfer, Withdrawal
from app.payments.payout_models import PayoutMethod
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.wire import DEPOSITS, count, deposit


@pytest.fixture
def headers(client):
    return bearer(make.sponsor())


def open_page(client, headers) -> tuple[str, str]:
    """The id of a deposit whose payer is to choose, and its page."""
    made = deposit(client, headers, outcome="page").json
    service.open_deposit(made["id"])
    found = wire.read(client, f"{DEPOSITS}/{made['id']}", headers)
    assert found["status"] == "open"
    return made["id"], found["pay_url"]


def choose(client, page: str, outcome: str):
    """Press the button of the pay page, as it is."""
    html = client.get(page).text
    action = re.search(r'<form method="post" action="([^"]+)">', html)
    key = re.search(r'name="key" value="([^"]+)"', html)
    assert action and key  # noqa: PT018
    return client.post(action[1], data={"key": key[1], "outcome": outcome})


def work_off() -> None:
    """Do every job that opens deposits, those that wait for their time too."""
    unit_of_work(lambda: db.session.execute(update(Job).values(run_after=now())))
    ids = [row.id for row in db.session.query(Job).filter_by(name="payments.open_deposit")]
    db.session.rollback()
    for job_id in ids:
        run_job(job_id)


def available(client, headers) -> int:
    balances = wire.read(client, "/api/v1/sponsor/wallet", headers)["balances"]
    return sum(line["available"] for line in balances)


def proofs() -> list[str]:
    return [check.detail for check in service.check_ledger() if not check.ok]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_what_the_payer_chooses_happens_once(client, headers, outcome):
    deposit_id, page = open_page(client, headers)
    answer = choose(client, page, outcome)
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/sponsor/wallet?deposit={deposit_id}"
    work_off()
    checked = client.post(f"{DEPOSITS}/{deposit_id}/check", headers=headers).json
    declined = outcome == "decline"
    assert checked["status"] == ("declined" if declined else "settled")
    assert available(client, headers) == (0 if declined else 12_500)
    assert count(Transfer) == count(GatewayEntry) == (0 if declined else 1)
    assert proofs() == []


def test_a_payment_of_which_nothing_is_told_waits_for_the_return(client, headers):
    deposit_id, page = open_page(client, headers)
    choose(client, page, "silent")
    work_off()
    assert (available(client, headers), count(GatewayEvent)) == (0, 0)
    client.post(f"{DEPOSITS}/{deposit_id}/check", headers=headers)
    assert available(client, headers) == 12_500


def test_an_early_return_from_a_slow_payment_finds_it_open(client, headers):
    deposit_id, page = open_page(client, headers)
    choose(client, page, "slow")
    assert client.post(f"{DEPOSITS}/{deposit_id}/check", headers=headers).json["status"] == "open"
    work_off()
    assert available(client, headers) == 12_500


def test_the_event_and_the_return_at_once_settle_once(app, client, headers):
    deposit_id, page = open_page(client, headers)
    choose(client, page, "duplicate")
    start = Barrier(6)

    def go(number: int) -> int:
        with app.app_context():
            start.wait()
            try:
                if number % 2:
                    path = f"{DEPOSITS}/{deposit_id}/check"
                    return app.test_client().post(path, headers=headers).status_code
                service.open_deposit(deposit_id)
                return 200
            finally:
                db.session.remove()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(go, range(6))) == {200}
    db.session.rollback()
    assert (available(client, headers), count(Transfer), count(GatewayEntry)) == (12_500, 1, 1)
    assert proofs() == []


def test_the_page_needs_no_script_and_passes_its_own_policy(client, headers):
    _, page = open_page(client, headers)
    answer = client.get(page)
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    assert answer.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert answer.headers["Cache-Control"] == "no-store"
    for forbidden in ("<script", "style=", "<style", "onclick"):
        assert forbidden not in answer.text
    assert "€125.00" in answer.text
    assert client.get("/sandbox/pay.css").mimetype == "text/css"


def test_a_page_is_used_once(client, headers):
    _, page = open_page(client, headers)
    assert choose(client, page, "decline").status_code == 303
    path, _, key = page.partition("?key=")
    again = client.post(path, data={"key": key, "outcome": "success"})
    assert again.status_code == 409
    assert "<form" not in client.get(page).text
    work_off()
    assert available(client, headers) == 0


@pytest.mark.parametrize("outcome", ["", "page", "explode", "\x00", "success\n"])
def test_an_unknown_choice_is_refused(client, headers, outcome):
    _, page = open_page(client, headers)
    assert choose(client, page, outcome).status_code == 422
    assert client.get(page).text.count("radio") == len(OUTCOMES)


@pytest.mark.parametrize("key", ["", "0" * 32, "é", "\x00"])
def test_nobody_finds_a_page_without_its_key(client, headers, key):
    deposit_id, _ = open_page(client, headers)
    path = f"/sandbox/pay/{deposit_id}"
    assert client.get(path, query_string={"key": key}).status_code == 404
    assert client.post(path, data={"key": key, "outcome": "success"}).status_code == 404
    work_off()
    assert available(client, headers) == 0


def test_the_key_of_another_deposit_opens_nothing(client, headers):
    _, page = open_page(client, headers)
    other = deposit(client, headers, key="k2", outcome="page").json["id"]
    key = page.partition("?key=")[2]
    assert client.get(f"/sandbox/pay/{other}", query_string={"key": key}).status_code == 404


def test_an_instance_without_the_sandbox_has_no_pay_page(client, headers, settings, make_app):
    _, page = open_page(client, headers)
    strict = make_app(replace(settings, sandbox_gateway=False))
    path, _, key = page.partition("?key=")
    with strict.app_context():
        assert strict.test_client().get(page).status_code == 404
        answer = strict.test_client().post(path, data={"key": key, "outcome": "success"})
        assert answer.status_code == 404
        db.session.remove()


# --- payouts ------------------------------------------------------------------------------------


def withdraw(client, account: str) -> tuple[str, str]:
    """An influencer who is paid to `account` of the sandbox asks for it; both ids."""
    person = make.influencer()
    make.earn(make.sponsor(), person, 10_000)
    unit_of_work(
        lambda: payout_details.change(
            person.actor, method=PayoutMethod.SANDBOX, destination={"account": account}
        )
    )
    answer = client.post(
        "/api/v1/influencer/withdrawals",
        json={"amount": {"amount": 4_000, "currency": "EUR"}},
        headers={**bearer(person), "Idempotency-Key": "k1"},
    )
    return answer.json["id"], person.id


def state(withdrawal_id: str, influencer_id: str) -> tuple[str, int, int]:
    db.session.rollback()
    [balance] = service.earnings(influencer_id).balances
    status = db.session.get_one(Withdrawal, withdrawal_id, populate_existing=True).status
    return status.value, balance.available, balance.in_flight


def test_a_destination_that_fails_gives_the_money_back_and_says_why(client):
    ids = withdraw(client, "fails")
    service.pay_out(ids[0])
    assert state(*ids) == ("failed", 10_000, 0)
    assert db.session.get_one(Withdrawal, ids[0]).failure == "The bank does not know this account."
    assert proofs() == []


def test_a_slow_destination_is_paid_when_it_is_looked_up(client):
    ids = withdraw(client, "slow")
    service.pay_out(ids[0])
    assert state(*ids) == ("sending", 6_000, 4_000)
    service.pay_out(ids[0])
    assert state(*ids) == ("paid", 6_000, 0)
    assert proofs() == []


def test_an_unknown_outcome_is_looked_up(client):
    ids = withdraw(client, "unknown")
    with pytest.raises(GatewayUnreachable):
        service.pay_out(ids[0])
    assert state(*ids) == ("unknown", 6_000, 4_000)
    service.pay_out(ids[0])
    assert state(*ids) == ("paid", 6_000, 0)
    assert proofs() == []
