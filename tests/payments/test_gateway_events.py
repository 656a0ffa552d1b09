"""Gateway events: in any order and any number of times the same end, and only signed ones."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money
from app.core.signed_messages import sign
from app.core.transaction import unit_of_work
from app.payments import ledger, postings, service, settlement
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import Deposit, GatewayEvent, Payment, Transfer, Withdrawal
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments.wire import EVENTS, available, count, deposit, event, sandbox_secret


@pytest.fixture
def headers(client):
    return bearer(make.sponsor())


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


@pytest.mark.parametrize("order", list(permutations(range(4))))
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_events_in_any_order_end_in_the_same_state(client, headers, order):
    deposit_id = deposit(client, headers).json["id"]
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
    ids = [deposit(client, headers, key=f"k{n}").json["id"] for n in range(8)]
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
    deposit_id = deposit(client, headers).json["id"]
    assert event(client, settled(deposit_id, amount=12_501)).status_code == 204
    assert available(client, headers) == 0
    kept = db.session.scalars(select(GatewayEvent)).one()
    assert kept.processed_at is None
    assert kept.error == "the amount is not that of the deposit"


def test_an_event_that_came_too_early_is_applied_later(client, headers):
    deposit_id = deposit(client, headers).json["id"]
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


@pytest.fixture
def sent(app):
    """A withdrawal whose money a cost of the gateway has made scarce."""
    earner = make.influencer()
    make.earn(make.sponsor(), earner, 1_000)
    row = unit_of_work(lambda: service.withdraw(earner.actor, amount=Money(1_000, "EUR")))
    cost = GatewayFact("c1", FactKind.COST_CHARGED, "txn_1", 10, "EUR", entry_id="txn_1:cost")
    unit_of_work(lambda: service.receive("sandbox", cost))
    return row.id


def test_a_payout_for_which_the_ledger_has_no_cash_is_kept_and_booked_later(sent):
    service.pay_out(sent)
    kept = db.session.scalars(select(GatewayEvent).where(GatewayEvent.subject == sent)).one()
    assert "less cash" in str(kept.error)
    assert db.session.get_one(Withdrawal, sent).status.value == "sending"
    assert [check for check in service.check_ledger() if not check.ok] == []
    own = GatewayFact("o1", FactKind.OWN_MONEY_IN, "top_1", 10, "EUR", entry_id="top_1:own")
    unit_of_work(lambda: service.receive("sandbox", own))
    assert service.retry_waiting_events() == 1
    assert db.session.get_one(Withdrawal, sent).status.value == "paid"
    assert [check for check in service.check_ledger() if not check.ok] == []


def test_what_the_ledger_refuses_is_kept_with_its_reason_and_moves_nothing(client, headers):
    deposit_id = deposit(client, headers).json["id"]
    row = db.session.get_one(Deposit, deposit_id)
    # What a mistake of ours would look like: the key is taken by another movement.
    taken = postings.deposit(deposit_id, row.sponsor_id, "sandbox", "EUR", 12_400)
    unit_of_work(lambda: ledger.post(SYSTEM, taken))
    assert event(client, settled(deposit_id)).status_code == 204
    kept = db.session.scalars(select(GatewayEvent)).one()
    assert (kept.processed_at, "other figures" in str(kept.error)) == (None, True)
    assert db.session.get_one(Deposit, deposit_id).status.value == "open"
    assert count(Transfer) == 1


def test_events_that_can_never_be_applied_hide_none_behind_them(client, headers, monkeypatch):
    monkeypatch.setattr(settlement, "BATCH", 2)
    deposit_id = deposit(client, headers).json["id"]
    for n in range(5):
        event(client, settled("dep_unknown", event_id=f"evt_{n}", entry_id=f"in_{n}"))

    def correct() -> None:
        newest = db.session.scalars(
            select(GatewayEvent).order_by(GatewayEvent.received_at.desc()).limit(1)
        ).one()
        newest.payload = {**newest.payload, "subject": deposit_id}

    unit_of_work(correct)
    assert service.retry_waiting_events() == 1
    assert available(client, headers) == 12_500
    assert service.retry_waiting_events() == 0


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
    deposit_id = deposit(client, headers).json["id"]
    answer = event(client, settled(deposit_id), **changes)
    assert (answer.status_code, answer.json["type"]) == (401, "bad-signature")
    assert count(GatewayEvent) == 0


def test_an_event_signed_with_another_secret_is_refused(client, headers):
    deposit_id = deposit(client, headers).json["id"]
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
    deposit_id = deposit(client, headers).json["id"]
    answer = event(client, settled(deposit_id, **changes))
    assert answer.status_code == 400
    assert count(GatewayEvent) == 0


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b'{"kind": "other"}', b"\xff"])
def test_a_signed_body_that_is_no_event_is_refused(client, app, body):
    secret = sandbox_secret()
    signed = sign(secret, message_id="evt_1", at=now(), body=body)
    assert client.post(EVENTS, data=body, headers=signed).status_code == 400
