"""What gateways charge is booked, so that cash is what their balance says."""

from __future__ import annotations

import pytest

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import inbox, ledger, operator_money, postings, service, settlement
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import GatewayEntry, GatewayEvent, Transfer
from app.payments.operator_money import CurrencyMoney, GatewayMoney
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments import stripe_fake
from tests.payments.stripe_world import _stripe_server as _stripe_server
from tests.payments.stripe_world import open_deposit, tell, with_stripe
from tests.payments.stripe_world import stripe_api as stripe_api
from tests.payments.wire import available, count

OWN = "/api/v1/admin/ledger/own-money"
GATEWAYS = "/api/v1/admin/ledger/gateways"


@pytest.fixture
def settings(settings, stripe_api):
    return with_stripe(settings, stripe_api)


@pytest.fixture
def headers(client):
    return bearer(make.sponsor())


@pytest.fixture
def admin(client):
    return bearer(make.admin())


def proofs() -> list[str]:
    return [check.detail for check in service.check_ledger() if not check.ok]


def at_stripe() -> tuple[int, int]:
    """Cash, and what of it is the operator's own."""
    cash = ledger.balance_of(postings.cash("stripe", "EUR"))
    own = ledger.balance_of(postings.operator_money("stripe", "EUR"))
    db.session.rollback()
    return cash, own


@pytest.fixture
def paid(client, headers, stripe_api):
    """12,500 came in, of which Stripe took 212."""
    open_deposit(client, headers)
    session = stripe_api.of("checkout.session")[0]
    assert tell(client, "checkout.session.completed", stripe_api.pay(session["id"])).status_code


def test_the_fee_of_a_deposit_is_the_operators_and_the_wallet_stays_whole(client, headers, paid):
    assert settlement.book_gateway_costs() == 1
    assert at_stripe() == (12_288, -212)
    assert available(client, headers) == 12_500
    assert proofs() == []


def test_a_cost_is_booked_once_however_often_it_is_looked_at(paid):
    for _ in range(3):
        settlement.book_gateway_costs()
    assert at_stripe() == (12_288, -212)
    assert db.session.query(GatewayEntry).filter(GatewayEntry.amount == -212).count() == 1


def test_cash_is_what_the_balance_of_stripe_says(paid, stripe_api):
    stripe_api.book(50_000, type="topup", source="tu_1")
    stripe_api.book(-300, type="stripe_fee", source=None, description="Connect: active accounts")
    stripe_api.book(-10_000, type="payout", source="po_own")
    stripe_api.book(40, type="stripe_fee", description="A fee that is given back")
    settlement.book_gateway_costs()
    balance = sum(line["net"] for line in stripe_api.balance)
    assert at_stripe() == (balance, 50_000 - 10_000 - 212 - 300 + 40)
    assert proofs() == []


def test_a_cost_for_which_there_is_no_cash_waits_until_there_is(client, headers, stripe_api):
    stripe_api.book(-300, type="stripe_fee", source=None)
    settlement.book_gateway_costs()
    event = db.session.query(GatewayEvent).one()
    assert event.processed_at is None
    assert "less cash" in str(event.error)
    assert at_stripe() == (0, 0)
    stripe_api.book(1_000, type="topup")
    settlement.book_gateway_costs()
    service.retry_waiting_events()
    assert at_stripe() == (700, 700)
    assert proofs() == []


def test_a_line_that_cannot_be_read_stops_no_other_and_waits_for_an_admin(
    client, admin, paid, stripe_api
):
    unreadable = stripe_api.book(100, type="charge", currency="usdc", fee=3)
    stripe_api.book(-300, type="stripe_fee", source=None)
    for _ in range(2):
        assert settlement.book_gateway_costs() == 3
    assert at_stripe() == (12_500 - 212 - 300, -512)
    [event] = client.get("/api/v1/admin/gateway-events", headers=admin).json["items"]
    assert (event["kind"], event["subject"]) == ("unreadable", unreadable["id"])
    assert "charge of 100 usdc, fee 3" in event["error"]
    path = f"/api/v1/admin/gateway-events/{event['id']}/set-aside"
    aside = client.post(path, json={"reason": "Booked by hand."}, headers=admin)
    assert aside.status_code == 200
    settlement.book_gateway_costs()
    assert client.get("/api/v1/admin/gateway-events", headers=admin).json["items"] == []
    assert proofs() == []


def test_an_influencer_is_paid_no_more_than_what_is_left_at_the_gateway(paid):
    settlement.book_gateway_costs()
    [money] = [row for row in operator_money.at_gateways() if row.gateway == "stripe"]
    assert money == GatewayMoney("stripe", "EUR", cash=12_288, own=-212)
    assert operator_money.in_currencies() == [CurrencyMoney("EUR", cash=12_288, fees=0, own=-212)]
    assert operator_money.in_currencies()[0].of_users == 12_500


def test_an_admin_books_own_money_by_its_entry_once(client, admin):
    body = {
        "amount": {"amount": 5_000, "currency": "EUR"},
        "entry_id": "ntry 7",
        "reason": "For fees",
    }
    answer = client.post(OWN, json=body, headers={**admin, "Idempotency-Key": "a"})
    assert answer.status_code == 201, answer.text
    assert answer.json == client.get(GATEWAYS, headers=admin).json
    money = {"currency": "EUR", "cash": 5_000, "own": 5_000}
    assert answer.json == {
        "items": [{"gateway": "manual", **money}],
        "currencies": [{**money, "fees": 0, "of_users": 0}],
    }
    again = client.post(OWN, json=body, headers={**admin, "Idempotency-Key": "b"})
    assert again.status_code == 409
    assert count(Transfer) == 1
    [entry] = db.session.query(AuditEntry).filter_by(action="own_money.booked")
    assert entry.data["reason"] == "For fees"
    db.session.rollback()
    assert proofs() == []


def test_the_bank_charges_and_the_operator_takes_money_out(client, admin):
    for number, (kind, amount) in enumerate([("in", 5_000), ("charge", 300), ("out", 1_700)]):
        body = {
            "kind": kind,
            "amount": {"amount": amount, "currency": "EUR"},
            "entry_id": f"n{number}",
            "reason": "As the bank says",
        }
        answer = client.post(OWN, json=body, headers={**admin, "Idempotency-Key": kind})
        assert answer.status_code == 201, answer.text
    assert answer.json["items"] == [
        {"gateway": "manual", "currency": "EUR", "cash": 3_000, "own": 3_000}
    ]
    kinds = [row.kind for row in db.session.query(Transfer).order_by(Transfer.id)]
    assert sorted(kinds) == ["gateway_cost", "own_money", "own_money"]
    other = {**body, "kind": "charge"}
    again = client.post(OWN, json=other, headers={**admin, "Idempotency-Key": "again"})
    assert (again.status_code, count(Transfer)) == (409, 3)
    more = {**body, "amount": {"amount": 3_001, "currency": "EUR"}, "entry_id": "n9"}
    short = client.post(OWN, json=more, headers={**admin, "Idempotency-Key": "more"})
    assert short.status_code == 409
    assert "less cash" in short.json["detail"]
    assert count(Transfer) == 3
    db.session.rollback()
    assert proofs() == []


def test_earned_fees_are_the_operators_before_and_after_they_are_taken_out(app):
    payer = make.sponsor()
    make.fund(payer, 13_000)
    unit_of_work(
        lambda: service.hold(
            payer.actor, reference="adr_x", sponsor_id=payer.id, currency="EUR",
            fee=10_000, commission_cap=0, platform_fee=3_000,
        )
    )  # fmt: skip
    unit_of_work(
        lambda: service.charge_platform_fee(SYSTEM, reference="adr_x", milestone="m", amount=3_000)
    )
    [money] = operator_money.in_currencies()
    assert (money.cash, money.fees, money.own, money.of_users) == (13_000, 3_000, 3_000, 10_000)
    out = GatewayFact("o", FactKind.OWN_MONEY_OUT, "po", 3_000, "EUR", entry_id="po:own")
    unit_of_work(lambda: inbox.receive("sandbox", out))
    [money] = operator_money.in_currencies()
    assert (money.cash, money.fees, money.own, money.of_users) == (10_000, 3_000, 0, 10_000)
    db.session.rollback()
    assert proofs() == []


def test_own_money_needs_an_admin_a_reason_and_an_amount(client, headers, admin):
    body = {"amount": {"amount": 1, "currency": "EUR"}, "entry_id": "e", "reason": "r"}
    assert client.post(OWN, json=body, headers=headers).status_code == 403
    for change in ({"reason": ""}, {"entry_id": ""}, {"amount": {"amount": 0, "currency": "EUR"}}):
        key = {**admin, "Idempotency-Key": str(change)[:20].replace(" ", "")}
        assert client.post(OWN, json=body | change, headers=key).status_code == 422
    assert count(Transfer) == 0


def test_the_recorded_line_is_one_that_is_read():
    from app.payments.gateways import stripe_balance

    [fact] = stripe_balance.facts_of(stripe_fake.recording("balance_transaction"))
    assert (fact.kind, fact.amount, fact.currency) == ("cost.charged", 212, "EUR")
