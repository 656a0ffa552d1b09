"""Money comes in once, through whatever the gateway says and however often it says it."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import timedelta
from itertools import permutations

import pytest
import redis
from sqlalchemy import func, select, update

from app.core.actor import MemberRole
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, run_job, sweep
from app.core.transaction import unit_of_work
from app.identity.models import SponsorMember
from app.payments import service
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.gateways.registry import gateways
from app.payments.gateways.signatures import sign
from app.payments.models import Deposit, GatewayEntry, GatewayEvent, Payment, Transfer
from tests.factories import payments as make
from tests.services.processes import wait_until

DEPOSITS = "/api/v1/sponsor/deposits"
EVENTS = "/api/v1/public/gateways/sandbox/events"
BODY = {"amount": {"amount": 12_500, "currency": "EUR"}, "gateway": "sandbox"}


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def headers(client, payer):
    return make.bearer(client, payer)


def ask(client, headers, key="k1", **changes):
    return client.post(
        DEPOSITS, json={**BODY, **changes}, headers={**headers, "Idempotency-Key": key}
    )


def work_off() -> None:
    """Do every job that waits, as a worker would."""
    ids = db.session.scalars(select(Job.id).where(Job.name == "payments.open_deposit")).all()
    db.session.rollback()
    for job_id in ids:
        run_job(job_id)


def available(client, headers) -> int:
    answer = client.get("/api/v1/sponsor/wallet", headers=headers)
    [balance] = answer.json["balances"]
    return balance["available"]


def count(model) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def event(client, fact: GatewayFact, *, secret: bytes | None = None, **header_changes):
    body = json.dumps({k: v for k, v in fact.as_json().items() if k != "event_id"}).encode()
    secret = secret or gateways()["sandbox"].secret
    signed = sign(secret, message_id=fact.event_id, at=now(), body=body)
    return client.post(EVENTS, data=body, headers={**signed, **header_changes})


def settled(deposit_id: str, **changes) -> GatewayFact:
    fact = GatewayFact(
        event_id="evt_1",
        kind=FactKind.DEPOSIT_SETTLED,
        subject=deposit_id,
        amount=12_500,
        currency="EUR",
        entry_id="in_1",
    )
    return replace(fact, **changes)


def declined(deposit_id: str, **changes) -> GatewayFact:
    more = {"kind": FactKind.DEPOSIT_DECLINED, "entry_id": None, "reason": "No.", **changes}
    return settled(deposit_id, **more)


def test_a_deposit_settles_through_its_job(client, headers):
    answer = ask(client, headers, outcome="success")
    assert answer.status_code == 201
    assert answer.json["status"] == "open"
    assert answer.headers["Location"] == f"{DEPOSITS}/{answer.json['id']}"
    assert available(client, headers) == 0
    work_off()
    read = client.get(answer.headers["Location"], headers=headers).json
    assert (read["status"], read["amount"]) == ("settled", BODY["amount"])
    assert read["settled_at"] is not None
    assert available(client, headers) == 12_500


@pytest.mark.process
def test_a_worker_settles_a_deposit_within_seconds(client, headers, celery_worker):
    ask(client, headers, outcome="success")
    wait_until(lambda: available(client, headers) == 12_500, "the deposit", within=5)


def test_a_deposit_without_an_outcome_succeeds(client, headers):
    assert ask(client, headers).json["outcome"] == "success"


def test_a_declined_deposit_says_why_and_leaves_the_wallet(client, headers):
    location = ask(client, headers, outcome="decline").headers["Location"]
    work_off()
    read = client.get(location, headers=headers).json
    assert (read["status"], read["failure"]) == ("declined", "The card was declined.")
    assert available(client, headers) == 0
    [payment] = client.get("/api/v1/sponsor/payments", headers=headers).json["items"]
    assert (payment["kind"], payment["status"]) == ("deposit", "failed")


def test_a_slow_deposit_waits_some_seconds(client, headers):
    ask(client, headers, outcome="slow")
    job = db.session.scalars(select(Job)).one()
    assert job.run_after > now() + timedelta(seconds=2)
    work_off()
    assert available(client, headers) == 0
    unit_of_work(lambda: db.session.execute(update(Job).values(run_after=now())))
    work_off()
    assert available(client, headers) == 12_500


def test_a_doubled_event_counts_once(client, headers):
    ask(client, headers, outcome="duplicate")
    work_off()
    assert available(client, headers) == 12_500
    assert count(GatewayEvent) == 2  # the same message twice, and another about the same money
    assert count(GatewayEntry) == 1
    assert all(check.ok for check in service.check_ledger())


def test_a_job_that_runs_twice_counts_once(client, headers):
    deposit_id = ask(client, headers).json["id"]
    service.open_deposit(deposit_id)
    service.open_deposit(deposit_id)
    work_off()
    assert available(client, headers) == 12_500


@pytest.mark.process
def test_a_deposit_waits_while_no_worker_is_reachable_and_settles_by_the_sweep(
    client, headers, redis_url, celery_worker
):
    celery_worker.kill()
    ask(client, headers)
    redis.Redis.from_url(redis_url).flushdb()  # the ring is lost with the broker's memory
    celery_worker.start()
    assert available(client, headers) == 0
    sweep()
    wait_until(lambda: available(client, headers) == 12_500, "the deposit", within=10)


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_events_in_any_order_end_in_the_same_state(client, headers, order):
    deposit_id = ask(client, headers).json["id"]
    facts = [
        settled(deposit_id),
        settled(deposit_id, event_id="evt_2"),
        declined(deposit_id, event_id="evt_3"),
        declined(deposit_id, event_id="evt_4"),
    ]
    for index in order:
        assert event(client, facts[index]).status_code == 204
    assert service.wallet(db.session.get_one(Deposit, deposit_id).sponsor_id)[0].available == 12_500
    assert db.session.get_one(Deposit, deposit_id).status.value == "settled"
    assert db.session.scalars(select(Payment)).one().status.value == "settled"
    assert all(check.ok for check in service.check_ledger())


def test_shuffled_and_repeated_events_credit_every_deposit_once(client, headers):
    ids = [ask(client, headers, key=f"k{n}").json["id"] for n in range(8)]
    facts = [
        settled(deposit_id, event_id=f"evt_{n}_{copy}", entry_id=f"in_{n}")
        for n, deposit_id in enumerate(ids)
        for copy in range(2)
    ] * 3
    random.Random(7).shuffle(facts)
    for fact in facts:
        assert event(client, fact).status_code == 204
    assert available(client, headers) == 8 * 12_500
    assert count(Transfer) == 8


def test_an_event_with_another_amount_credits_nothing_and_stays_visible(client, headers):
    deposit_id = ask(client, headers).json["id"]
    assert event(client, settled(deposit_id, amount=12_501)).status_code == 204
    assert available(client, headers) == 0
    kept = db.session.scalars(select(GatewayEvent)).one()
    assert kept.processed_at is None
    assert "amount" in kept.error


def test_an_event_that_came_too_early_is_applied_later(client, headers):
    deposit_id = ask(client, headers).json["id"]
    unknown = settled(deposit_id, subject="dep_unknown")
    event(client, unknown)
    assert db.session.scalars(select(GatewayEvent)).one().error == "no such deposit"
    assert service.retry_waiting_events() == 0

    def correct() -> None:
        kept = db.session.scalars(select(GatewayEvent)).one()
        kept.payload = {**kept.payload, "subject": deposit_id}

    unit_of_work(correct)
    assert service.retry_waiting_events() == 1
    assert available(client, headers) == 12_500


def test_an_event_of_another_gateway_is_not_found(client):
    assert client.post("/api/v1/public/gateways/none/events", data=b"{}").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,é"},
        {"webhook-id": "evt_other"},
        {"webhook-timestamp": "1"},
        {"webhook-timestamp": "soon"},
        {"webhook-timestamp": "9" * 40},
    ],
)
def test_an_event_that_the_gateway_did_not_sign_is_refused(client, headers, changes):
    deposit_id = ask(client, headers).json["id"]
    answer = event(client, settled(deposit_id), **changes)
    assert (answer.status_code, answer.json["type"]) == (401, "bad-signature")
    assert count(GatewayEvent) == 0


def test_an_event_signed_with_another_secret_is_refused(client, headers):
    deposit_id = ask(client, headers).json["id"]
    assert event(client, settled(deposit_id), secret=b"guess").status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 0},
        {"amount": -1},
        {"amount": 10**13},
        {"amount": True},
        {"amount": "12500"},
        {"currency": "XXQ"},
        {"subject": "x" * 200},
        {"subject": 5},
    ],
)
def test_a_signed_event_that_makes_no_sense_is_refused(client, headers, changes):
    deposit_id = ask(client, headers).json["id"]
    answer = event(client, settled(deposit_id, **changes))
    assert answer.status_code == 400
    assert count(GatewayEvent) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"kind": "other"}', b"\xff"])
def test_a_signed_body_that_is_no_event_is_refused(client, app, body):
    secret = gateways()["sandbox"].secret
    signed = sign(secret, message_id="evt_1", at=now(), body=body)
    assert client.post(EVENTS, data=body, headers=signed).status_code == 400


# --- who and what is refused --------------------------------------------------------------------


def test_a_deposit_needs_an_idempotency_key(client, headers):
    answer = client.post(DEPOSITS, json=BODY, headers=headers)
    assert (answer.status_code, answer.json["type"]) == (400, "idempotency-key-required")
    assert count(Payment) == 0


def test_one_key_is_one_deposit_and_the_same_answer(client, headers):
    first = ask(client, headers)
    for _ in range(20):
        again = ask(client, headers)
        assert (again.status_code, again.json) == (201, first.json)
        assert again.headers["Location"] == first.headers["Location"]
    assert count(Deposit) == 1


def test_one_key_for_another_deposit_is_refused(client, headers):
    ask(client, headers)
    other = ask(client, headers, amount={"amount": 12_501, "currency": "EUR"})
    assert (other.status_code, other.json["type"]) == (422, "idempotency-key-reused")
    assert count(Deposit) == 1


BAD_AMOUNTS = [
    '{"amount": NaN, "currency": "EUR"}',
    '{"amount": Infinity, "currency": "EUR"}',
    '{"amount": 1.5, "currency": "EUR"}',
    '{"amount": 1.0, "currency": "EUR"}',
    '{"amount": 1e3, "currency": "EUR"}',
    '{"amount": true, "currency": "EUR"}',
    '{"amount": "100", "currency": "EUR"}',
    '{"amount": null, "currency": "EUR"}',
    '{"amount": -100, "currency": "EUR"}',
    '{"amount": 0, "currency": "EUR"}',
    '{"amount": 1000000000001, "currency": "EUR"}',
    '{"amount": 1000000000000000000000000000000, "currency": "EUR"}',
    '{"amount": 100, "currency": "XXQ"}',
    '{"amount": 100, "currency": "eur"}',
    '{"amount": 100, "currency": "EUR\\n"}',
    '{"amount": 100}',
    '{"currency": "EUR"}',
    '{"amount": 100, "amount": 100, "currency": "EUR"}',
    '{"amount": 100, "currency": "EUR", "more": 1}',
    '[100, "EUR"]',
    "100",
    "null",
]


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
    answer = ask(client, headers, **changes)
    assert answer.status_code == 422
    assert field in answer.json["errors"]
    assert count(Payment) == 0


def test_the_sandbox_is_refused_where_the_instance_does_not_use_it(settings, make_app):
    strict = make_app(replace(settings, sandbox_gateway=False))
    with strict.app_context():
        client = strict.test_client()
        headers = make.bearer(client, make.sponsor())
        answer = ask(client, headers)
        assert answer.status_code == 422
        assert "gateway" in answer.json["errors"]
        assert client.get("/api/v1/public/gateways").json == {"items": []}
        assert client.post(EVENTS, data=b"{}").status_code == 404
        db.session.remove()


def test_the_gateways_in_use_are_public(client):
    [gateway] = client.get("/api/v1/public/gateways").json["items"]
    assert gateway == {
        "name": "sandbox",
        "outcomes": ["success", "decline", "slow", "duplicate"],
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
    assert ask(client, headers).status_code == status
    for path in ("wallet", "payments", "deposits"):
        assert client.get(f"/api/v1/sponsor/{path}", headers=headers).status_code == 200


def test_a_stranger_finds_no_deposit_of_others(client, headers):
    location = ask(client, headers).headers["Location"]
    stranger = make.bearer(client, make.sponsor())
    assert client.get(location, headers=stranger).status_code == 404
    assert client.get(f"{DEPOSITS}/nonsense", headers=headers).status_code == 404
    assert client.get("/api/v1/sponsor/payments", headers=stranger).json["items"] == []
    assert client.get("/api/v1/sponsor/deposits", headers=stranger).json["items"] == []


def test_influencers_and_the_public_have_no_wallet(client):
    assert client.get("/api/v1/sponsor/wallet").status_code == 401
    headers = make.bearer(client, make.influencer())
    assert client.get("/api/v1/sponsor/wallet", headers=headers).status_code == 403
    assert ask(client, headers).status_code == 403
