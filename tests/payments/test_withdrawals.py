"""Money goes out once, only what is available, and never on a guess."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, run_job
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.payments import payout_sending, service
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import Payment, Transfer, Withdrawal, WithdrawalStatus
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import wire
from tests.payments.wire import BAD_AMOUNTS, count

WITHDRAWALS = "/api/v1/influencer/withdrawals"


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def earner(payer):
    person = make.influencer()
    make.earn(payer, person, 10_000)
    return person


@pytest.fixture
def headers(client, earner):
    return bearer(earner)


def ask(client, headers, amount=4_000, currency="EUR", key="k1"):
    return client.post(
        WITHDRAWALS,
        json={"amount": {"amount": amount, "currency": currency}},
        headers={**headers, "Idempotency-Key": key},
    )


def balance(client, headers) -> tuple[int, int, int]:
    answer = client.get("/api/v1/influencer/earnings", headers=headers)
    [line] = answer.json["balances"]
    return line["available"], line["in_flight"], line["held"]


def event(client, withdrawal_id: str, kind: FactKind, amount=4_000):
    fact = GatewayFact(
        f"evt_{kind}",
        kind,
        withdrawal_id,
        amount,
        "EUR",
        entry_id="out_1" if kind is FactKind.PAYOUT_PAID else None,
        reason="The bank refused." if kind is FactKind.PAYOUT_FAILED else None,
    )
    return wire.event(client, fact)


def status_of(withdrawal_id: str) -> WithdrawalStatus:
    return db.session.get_one(Withdrawal, withdrawal_id, populate_existing=True).status


def test_a_withdrawal_leaves_in_two_steps(client, headers):
    answer = ask(client, headers)
    assert (answer.status_code, answer.json["status"]) == (201, "queued")
    assert answer.headers["Location"] == f"{WITHDRAWALS}/{answer.json['id']}"
    assert balance(client, headers) == (6_000, 4_000, 0)
    job_id = db.session.scalars(select(Job.id).where(Job.name == "payments.pay_out")).one()
    run_job(job_id)
    found = client.get(answer.headers["Location"], headers=headers).json
    assert found["status"] == "paid"
    assert found["settled_at"] is not None
    assert balance(client, headers) == (6_000, 0, 0)
    assert all(check.ok for check in service.check_ledger())


def test_a_payout_job_that_runs_twice_pays_once(client, headers):
    withdrawal_id = ask(client, headers).json["id"]
    for _ in range(3):
        service.pay_out(withdrawal_id)
    assert balance(client, headers) == (6_000, 0, 0)
    assert all(check.ok for check in service.check_ledger())


def test_a_payout_that_died_half_way_is_taken_up_again(client, headers):
    withdrawal_id = ask(client, headers).json["id"]
    payout_sending.start(withdrawal_id)  # and the process was killed here
    assert status_of(withdrawal_id) is WithdrawalStatus.SENDING
    service.pay_out(withdrawal_id)
    assert status_of(withdrawal_id) is WithdrawalStatus.PAID
    assert balance(client, headers) == (6_000, 0, 0)


def test_an_unknown_outcome_keeps_the_money_in_flight_until_it_is_looked_up(client, headers):
    withdrawal_id = ask(client, headers).json["id"]
    payout_sending.start(withdrawal_id)
    payout_sending.lost(withdrawal_id)
    assert status_of(withdrawal_id) is WithdrawalStatus.UNKNOWN
    assert balance(client, headers) == (6_000, 4_000, 0)
    service.pay_out(withdrawal_id)
    assert status_of(withdrawal_id) is WithdrawalStatus.PAID
    assert balance(client, headers) == (6_000, 0, 0)


def test_a_failed_payout_comes_back_and_says_why(client, headers):
    answer = ask(client, headers)
    assert event(client, answer.json["id"], FactKind.PAYOUT_FAILED).status_code == 204
    assert balance(client, headers) == (10_000, 0, 0)
    found = client.get(answer.headers["Location"], headers=headers).json
    assert (found["status"], found["failure"]) == ("failed", "The bank refused.")
    service.pay_out(answer.json["id"])  # the job that was queued finds nothing to send
    assert balance(client, headers) == (10_000, 0, 0)
    back = db.session.scalars(select(Transfer).where(Transfer.reverses_id.is_not(None))).one()
    assert back.amount == 4_000
    assert all(check.ok for check in service.check_ledger())


@pytest.mark.parametrize("first", [FactKind.PAYOUT_PAID, FactKind.PAYOUT_FAILED])
def test_a_payout_is_paid_or_comes_back_never_both(client, headers, first):
    withdrawal_id = ask(client, headers).json["id"]
    payout_sending.start(withdrawal_id)
    second = ({FactKind.PAYOUT_PAID, FactKind.PAYOUT_FAILED} - {first}).pop()
    for kind in (first, second, first, second):
        assert event(client, withdrawal_id, kind).status_code == 204
    after_both = balance(client, headers)
    assert after_both == ((6_000, 0, 0) if first is FactKind.PAYOUT_PAID else (10_000, 0, 0))
    assert (
        db.session.scalar(
            select(func.sum(Transfer.amount)).where(
                Transfer.idempotency_key == f"payout:{withdrawal_id}"
            )
        )
        == 4_000
    )


def test_a_payout_of_another_amount_is_not_booked(client, headers):
    withdrawal_id = ask(client, headers).json["id"]
    payout_sending.start(withdrawal_id)
    event(client, withdrawal_id, FactKind.PAYOUT_PAID, amount=3_999)
    assert balance(client, headers) == (6_000, 4_000, 0)


def test_more_than_is_available_is_refused(client, headers):
    answer = ask(client, headers, amount=10_001)
    assert (answer.status_code, answer.json["type"]) == (409, "insufficient-funds")
    assert answer.json["missing"] == {"amount": 1, "currency": "EUR"}
    assert answer.json["available"] == {"amount": 10_000, "currency": "EUR"}
    assert balance(client, headers) == (10_000, 0, 0)
    assert count(Withdrawal) == 0


def test_money_of_another_currency_is_not_available(client, headers):
    assert ask(client, headers, currency="JPY").json["type"] == "insufficient-funds"


def test_held_earnings_are_not_available(client, payer):
    person = make.influencer()
    make.earn(payer, person, 5_000, hold_days=7)
    headers = bearer(person)
    assert balance(client, headers) == (0, 0, 5_000)
    assert ask(client, headers, amount=1).status_code == 409
    [upcoming] = client.get("/api/v1/influencer/earnings", headers=headers).json["upcoming"]
    assert upcoming["amount"] == {"amount": 5_000, "currency": "EUR"}
    assert upcoming["available_at"] > now().isoformat()


def test_a_gateway_pays_out_only_what_came_in_through_it(client, headers, earner, payer, app):
    # Earned, but its money lies at a gateway that this instance does not use any more.
    from app.payments import ledger, postings

    other = make.influencer()
    unit_of_work(
        lambda: [
            ledger.post(SYSTEM, postings.deposit("dep_x", payer.id, "gone", "JPY", 500)),
            ledger.post(SYSTEM, postings.hold("adr_x", payer.id, "JPY", 500)),
        ]
    )
    unit_of_work(
        lambda: service.release(
            SYSTEM,
            reference="adr_x",
            milestone="m",
            influencer_id=other.id,
            amount=500,
            hold_days=0,
        )
    )
    answer = ask(client, bearer(other), amount=500, currency="JPY")
    assert (answer.status_code, answer.json["type"]) == (409, "no-gateway")
    assert count(Withdrawal) == 0


def test_money_on_hold_cannot_be_withdrawn(client, headers, earner):
    unit_of_work(
        lambda: identity.set_effects(
            SYSTEM, user_id=earner.user_id, suspended=False, hidden=False, money_on_hold=True
        )
    )
    answer = ask(client, headers)
    assert (answer.status_code, answer.json["type"]) == (403, "money-on-hold")
    assert balance(client, headers) == (10_000, 0, 0)


def test_a_suspended_influencer_is_paid_what_is_earned(client, headers, earner):
    unit_of_work(
        lambda: identity.set_effects(
            SYSTEM, user_id=earner.user_id, suspended=True, hidden=True, money_on_hold=False
        )
    )
    assert ask(client, headers).status_code == 201


def test_a_withdrawal_needs_a_fresh_sign_in(client, app, earner, settings, make_app):
    # A token that outlives the ten minutes in which a sign-in counts as fresh.
    patient = make_app(replace(settings, access_token_minutes=60))
    with patient.app_context(), time_machine.travel(now(), tick=False) as clock:
        client = patient.test_client()
        headers = bearer(earner)
        clock.shift(timedelta(minutes=11))
        answer = ask(client, headers)
        assert (answer.status_code, answer.json["needs"]) == (403, "fresh-sign-in")
        assert ask(client, bearer(earner)).status_code == 201
        db.session.remove()


def test_a_withdrawal_needs_an_idempotency_key(client, headers):
    answer = client.post(
        WITHDRAWALS, json={"amount": {"amount": 1, "currency": "EUR"}}, headers=headers
    )
    assert (answer.status_code, answer.json["type"]) == (400, "idempotency-key-required")


def test_one_key_is_one_withdrawal_and_the_same_answer(client, headers):
    first = ask(client, headers)
    for _ in range(20):
        again = ask(client, headers)
        assert (again.status_code, again.json) == (201, first.json)
    assert count(Withdrawal) == 1
    assert balance(client, headers) == (6_000, 4_000, 0)
    other = ask(client, headers, amount=3_999)
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")


def test_the_same_key_of_another_influencer_is_another_withdrawal(client, headers, payer):
    person = make.influencer()
    make.earn(payer, person, 4_000)
    assert ask(client, headers).json["id"] != ask(client, bearer(person)).json["id"]


def test_a_refused_withdrawal_may_be_repeated_with_its_key(client, headers, payer, earner):
    assert ask(client, headers, amount=12_000).status_code == 409
    make.earn(payer, earner, 2_000)
    assert ask(client, headers, amount=12_000).status_code == 201


def test_what_is_no_money_is_refused_and_no_row_is_written(client, headers):
    for bad in BAD_AMOUNTS:
        answer = client.post(
            WITHDRAWALS,
            data=f'{{"amount": {bad}}}',
            content_type="application/json",
            headers={**headers, "Idempotency-Key": "k"},
        )
        assert answer.status_code in (400, 422), bad
    assert count(Withdrawal) == 0
    assert balance(client, headers) == (10_000, 0, 0)


def test_a_stranger_finds_no_withdrawal_of_others(client, headers, payer):
    location = ask(client, headers).headers["Location"]
    stranger = bearer(make.influencer())
    assert client.get(location, headers=stranger).status_code == 404
    assert client.get(WITHDRAWALS, headers=stranger).json["items"] == []
    assert client.get("/api/v1/influencer/payments", headers=stranger).json["items"] == []
    assert ask(client, bearer(payer)).status_code == 403
    assert client.get(WITHDRAWALS).status_code == 401


def test_an_influencer_sees_their_side_of_each_payment(client, headers):
    ask(client, headers)
    items = client.get("/api/v1/influencer/payments", headers=headers).json["items"]
    assert [(item["kind"], item["status"]) for item in items] == [
        ("withdrawal", "pending"),
        ("release", "settled"),
    ]
    assert items[1]["sponsor"]["name"] == "Sponsor"
    assert items[1]["available_at"] is not None
    assert count(Payment) > len(items)  # the sponsor's deposit and hold are not theirs to see
