"""Money comes in once, through whatever the gateway says and however often it says it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import redis
from sqlalchemy import select, update

from app.core.actor import MemberRole
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, run_job, sweep
from app.core.transaction import unit_of_work
from app.identity.models import SponsorMember
from app.payments import service
from app.payments.lifecycle import DepositStatus
from app.payments.models import Deposit, GatewayEntry, GatewayEvent, Payment
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments.wire import BAD_AMOUNTS, BODY, DEPOSITS, EVENTS, available, count, deposit, read
from tests.services.processes import wait_until


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def headers(client, payer):
    return bearer(payer)


def work_off() -> None:
    """Do every job that waits, as a worker would."""
    ids = db.session.scalars(select(Job.id).where(Job.name == "payments.open_deposit")).all()
    db.session.rollback()
    for job_id in ids:
        run_job(job_id)


def test_a_deposit_settles_through_its_job(client, headers):
    answer = deposit(client, headers, outcome="success")
    assert answer.status_code == 201
    assert answer.json["status"] == "open"
    assert answer.headers["Location"] == f"{DEPOSITS}/{answer.json['id']}"
    assert available(client, headers) == 0
    work_off()
    found = read(client, answer.headers["Location"], headers)
    assert (found["status"], found["amount"]) == ("settled", BODY["amount"])
    assert found["settled_at"] is not None
    assert available(client, headers) == 12_500


@pytest.mark.process
def test_a_worker_settles_a_deposit_within_seconds(client, headers, celery_worker):
    deposit(client, headers, outcome="success")
    wait_until(lambda: available(client, headers) == 12_500, "the deposit", within=15)


def test_a_deposit_without_an_outcome_succeeds(client, headers):
    assert deposit(client, headers).json["outcome"] == "success"


def test_a_declined_deposit_says_why_and_leaves_the_wallet(client, headers):
    location = deposit(client, headers, outcome="decline").headers["Location"]
    work_off()
    found = client.get(location, headers=headers).json
    assert (found["status"], found["failure"]) == ("declined", "The card was declined.")
    assert available(client, headers) == 0
    [payment] = client.get("/api/v1/sponsor/payments", headers=headers).json["items"]
    assert (payment["kind"], payment["status"]) == ("deposit", "failed")


def test_a_slow_deposit_waits_some_seconds(client, headers):
    deposit(client, headers, outcome="slow")
    job = db.session.scalars(select(Job)).one()
    assert job.run_after > now() + timedelta(seconds=2)
    work_off()
    assert available(client, headers) == 0
    unit_of_work(lambda: db.session.execute(update(Job).values(run_after=now())))
    work_off()
    assert available(client, headers) == 12_500


def test_a_doubled_event_counts_once(client, headers):
    deposit(client, headers, outcome="duplicate")
    work_off()
    assert available(client, headers) == 12_500
    assert count(GatewayEvent) == 2  # the same message twice, and another about the same money
    assert count(GatewayEntry) == 1
    assert all(check.ok for check in service.check_ledger())


def test_a_job_that_runs_twice_counts_once(client, headers):
    deposit_id = deposit(client, headers).json["id"]
    service.open_deposit(deposit_id)
    service.open_deposit(deposit_id)
    work_off()
    assert available(client, headers) == 12_500


@pytest.mark.process
def test_a_deposit_waits_while_no_worker_is_reachable_and_settles_by_the_sweep(
    client, headers, redis_url, celery_worker
):
    celery_worker.kill()
    deposit(client, headers)
    redis.Redis.from_url(redis_url).flushdb()  # the ring is lost with the broker's memory
    celery_worker.start()
    assert available(client, headers) == 0
    sweep()
    wait_until(lambda: available(client, headers) == 12_500, "the deposit", within=10)


# --- who and what is refused --------------------------------------------------------------------


def test_a_deposit_needs_an_idempotency_key(client, headers):
    answer = client.post(DEPOSITS, json=BODY, headers=headers)
    assert (answer.status_code, answer.json["type"]) == (400, "idempotency-key-required")
    assert count(Payment) == 0


def test_one_key_is_one_deposit_and_the_same_answer(client, headers):
    first = deposit(client, headers)
    for _ in range(20):
        again = deposit(client, headers)
        assert (again.status_code, again.json) == (201, first.json)
        assert again.headers["Location"] == first.headers["Location"]
    assert count(Deposit) == 1


def test_one_key_for_another_deposit_is_refused(client, headers):
    deposit(client, headers)
    other = deposit(client, headers, amount={"amount": 12_501, "currency": "EUR"})
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")
    assert count(Deposit) == 1


def test_what_is_no_money_is_refused_and_no_row_is_written(client, headers):
    for bad in BAD_AMOUNTS:
        answer = client.post(
            DEPOSITS,
            data=f'{{"amount": {bad}, "gateway": "sandbox"}}',
            content_type="application/json",
            headers={**headers, "Idempotency-Key": "k"},
        )
        # What is no JSON at all (NaN, a doubled key, an endless number) is a malformed request.
        assert answer.status_code in (400, 422), bad
        assert answer.content_type == "application/problem+json"
    assert count(Payment) == count(Deposit) == count(Job) == 0


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"gateway": "bank"}, "gateway"),
        ({"outcome": "explode"}, "outcome"),
        ({"unknown": 1}, "unknown"),
    ],
)
def test_an_unknown_gateway_outcome_or_field_is_refused(client, headers, changes, field):
    answer = deposit(client, headers, **changes)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert count(Payment) == 0


def test_the_sandbox_is_refused_where_the_instance_does_not_use_it(settings, make_app):
    strict = make_app(replace(settings, sandbox_gateway=False))
    with strict.app_context():
        client = strict.test_client()
        headers = bearer(make.sponsor())
        answer = deposit(client, headers)
        assert answer.status_code == 422
        assert "gateway" in answer.json["errors"]
        assert client.get("/api/v1/public/gateways").json == {"items": []}
        assert client.post(EVENTS, data=b"{}").status_code == 404
        db.session.remove()


def test_the_gateways_in_use_are_public(client):
    [gateway] = client.get("/api/v1/public/gateways").json["items"]
    assert gateway == {
        "name": "sandbox",
        "outcomes": [
            "success",
            "decline",
            "slow",
            "duplicate",
            "out_of_order",
            "silent",
            "page",
        ],
        "pays_by": "page",
    }


@pytest.mark.parametrize(
    ("member", "status"),
    [
        (MemberRole.OWNER, 201),
        (MemberRole.MANAGER, 201),
        (MemberRole.FINANCE, 201),
        (MemberRole.VIEWER, 403),
    ],
)
def test_viewers_read_and_do_not_pay(client, headers, payer, member, status):
    def set_role() -> None:
        row = db.session.scalars(
            select(SponsorMember).where(SponsorMember.user_id == payer.user_id)
        ).one()
        row.role = member

    unit_of_work(set_role)
    assert deposit(client, headers).status_code == status
    for path in ("wallet", "payments", "deposits"):
        assert client.get(f"/api/v1/sponsor/{path}", headers=headers).status_code == 200


def test_a_stranger_finds_no_deposit_of_others(client, headers):
    location = deposit(client, headers).headers["Location"]
    stranger = bearer(make.sponsor())
    assert client.get(location, headers=stranger).status_code == 404
    assert client.get(f"{DEPOSITS}/nonsense", headers=headers).status_code == 404
    assert client.get("/api/v1/sponsor/payments", headers=stranger).json["items"] == []
    assert client.get("/api/v1/sponsor/deposits", headers=stranger).json["items"] == []


def test_influencers_and_the_public_have_no_wallet(client):
    assert client.get("/api/v1/sponsor/wallet").status_code == 401
    headers = bearer(make.influencer())
    assert client.get("/api/v1/sponsor/wallet", headers=headers).status_code == 403
    assert deposit(client, headers).status_code == 403


def test_a_deposit_that_is_no_longer_open_names_no_page_to_pay_on(client, headers):
    made = deposit(client, headers, outcome="page")
    service.open_deposit(made.json["id"])
    location = made.headers["Location"]
    page = read(client, location, headers)["pay_url"]
    assert page is not None
    for status in (DepositStatus.SETTLED, DepositStatus.DECLINED):
        unit_of_work(lambda to=status: db.session.execute(update(Deposit).values(status=to)))
        assert read(client, location, headers)["pay_url"] is None
        [listed] = read(client, DEPOSITS, headers)["items"]
        assert listed["pay_url"] is None
        checked = client.post(f"{location}/check", headers=headers).json
        assert (checked["status"], checked["pay_url"]) == (status.value, None)
        repeated = deposit(client, headers, outcome="page")
        assert repeated.headers["Idempotent-Replayed"] == "true"
        assert repeated.json["pay_url"] is None
    assert db.session.query(Deposit).one().pay_url == page
