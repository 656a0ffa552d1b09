"""Payments and transfers in pages: filtered, stable, at a constant price."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event

from app.core.extensions import db
from tests.factories import payments as make
from tests.factories.identity import bearer

PAYMENTS = "/api/v1/sponsor/payments"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def counted(app):
    """The statements that ran since."""
    statements: list[str] = []

    def remember(_connection, _cursor, statement, *_rest) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", remember)
    yield statements
    event.remove(db.engine, "before_cursor_execute", remember)


def test_payments_come_in_pages_newest_first(client, payer):
    with time_machine.travel(START, tick=False) as clock:
        for amount in range(1, 6):
            make.fund(payer, amount)
            clock.shift(timedelta(seconds=1))
        headers = bearer(payer)
        seen, cursor = [], None
        while True:
            query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
            page = client.get(PAYMENTS, query_string=query, headers=headers).json
            seen += [item["amount"]["amount"] for item in page["items"]]
            cursor = page["next"]
            if cursor is None:
                break
    assert seen == [5, 4, 3, 2, 1]


def test_payments_are_found_by_kind_status_currency_agreement_and_day(client, payer):
    earner = make.influencer()
    with time_machine.travel(START, tick=False):
        make.fund(payer, 5, "JPY")
        headers = bearer(payer)
    with time_machine.travel(START + timedelta(days=1), tick=False):
        reference = make.earn(payer, earner, 7, hold_days=3)
        headers = bearer(payer)

        def kinds(**query: str) -> list[str]:
            answer = client.get(PAYMENTS, query_string=query, headers=headers)
            assert answer.status_code == 200, answer.text
            return sorted(item["kind"] for item in answer.json["items"])

        assert kinds() == ["deposit", "deposit", "hold", "release"]
        assert kinds(kind="hold") == ["hold"]
        assert kinds(status="held") == ["release"]
        assert kinds(currency="JPY") == ["deposit"]
        assert kinds(reference=reference) == ["hold", "release"]
        assert kinds(until="2026-03-01") == ["deposit"]
        assert kinds(since="2026-03-02", until="2026-03-02") == ["deposit", "hold", "release"]
        assert kinds(since="2026-03-03") == []


def test_days_of_a_list_are_those_of_the_readers_time_zone(client, payer):
    # The first two hours of 2 March in Auckland are still 1 March in UTC.
    with time_machine.travel(datetime(2026, 3, 1, 12, 30, tzinfo=UTC), tick=False):
        make.fund(payer, 5)
        headers = bearer(payer)

        def found(since: str, until: str) -> int:
            query = {"since": since, "until": until}
            return len(client.get(PAYMENTS, query_string=query, headers=headers).json["items"])

        assert (found("2026-03-01", "2026-03-01"), found("2026-03-02", "2026-03-02")) == (1, 0)
        make.lives_in(payer, "Pacific/Auckland")
        assert (found("2026-03-01", "2026-03-01"), found("2026-03-02", "2026-03-02")) == (0, 1)


def test_deposits_are_found_by_their_state(client, payer):
    headers = bearer(payer)
    make.fund(payer, 5)
    body = {"amount": {"amount": 700, "currency": "EUR"}, "gateway": "sandbox", "outcome": "page"}
    opened = client.post(
        "/api/v1/sponsor/deposits", json=body, headers={**headers, "Idempotency-Key": "k-1"}
    )
    assert opened.status_code == 201, opened.text

    def amounts(status: str) -> list[int]:
        answer = client.get(f"/api/v1/sponsor/deposits?status={status}", headers=headers)
        return [item["amount"]["amount"] for item in answer.json["items"]]

    assert amounts("open") == [700]
    assert amounts("settled") == [5]
    refused = client.get("/api/v1/sponsor/deposits?status=lost", headers=headers)
    assert refused.status_code == 422


@pytest.mark.parametrize(
    "query", ["kind=other", "status=x", "currency=euro", "since=soon", "unknown=1", "sort=secret"]
)
def test_a_filter_that_means_nothing_is_refused(client, payer, query):
    answer = client.get(f"{PAYMENTS}?{query}", headers=bearer(payer))
    assert answer.status_code == 422


@pytest.mark.parametrize("surface", ["sponsor", "influencer", "admin"])
def test_a_list_costs_the_same_however_long_it_is(client, payer, counted, surface):
    earner = make.influencer()
    person, path = {
        "sponsor": (payer, PAYMENTS),
        "influencer": (earner, "/api/v1/influencer/payments"),
        "admin": (make.admin(), "/api/v1/admin/ledger/transfers"),
    }[surface]
    headers = bearer(person)
    costs = []
    for _ in range(2):
        for _ in range(3):
            make.earn(payer, earner, 10)
        counted.clear()
        answer = client.get(path, headers=headers)
        costs.append((len(counted), len(answer.json["items"])))
    (cost, rows), (later_cost, later_rows) = costs
    assert later_rows > rows > 0
    assert later_cost == cost


def test_a_wallet_shows_what_came_in_and_where_it_went_by_currency(client, payer, counted):
    headers, earner = bearer(payer), make.influencer()
    make.fund(payer, 1000)
    counted.clear()
    client.get("/api/v1/sponsor/wallet", headers=headers)
    few = len(counted)
    for currency in ("EUR", "EUR", "JPY"):
        make.earn(payer, earner, 10, currency)
    counted.clear()
    answer = client.get("/api/v1/sponsor/wallet", headers=headers)
    assert len(counted) == few
    names = ("currency", "deposited", "available", "held", "released", "refunded", "platform_fees")
    assert [tuple(balance[name] for name in names) for balance in answer.json["balances"]] == [
        ("EUR", 1020, 1000, 0, 20, 0, 0),
        ("JPY", 10, 0, 0, 10, 0, 0),
    ]


def test_an_admin_follows_money_through_an_account(client, payer):
    earner = make.influencer()
    reference = make.earn(payer, earner, 10)
    headers = bearer(make.admin())
    path = "/api/v1/admin/ledger/transfers"
    items = client.get(path, query_string={"reference": reference}, headers=headers).json["items"]
    assert [item["kind"] for item in items] == ["mature", "release", "hold"]
    escrow = items[2]["credit"]
    assert (escrow["kind"], escrow["owner_id"], escrow["reference"]) == (
        "escrow",
        payer.id,
        reference,
    )
    through = client.get(path, query_string={"account_id": escrow["id"]}, headers=headers).json
    assert [item["kind"] for item in through["items"]] == ["release", "hold"]


@pytest.mark.parametrize("path", ["invariants", "transfers"])
def test_the_ledger_is_for_admins(client, payer, path):
    assert client.get(f"/api/v1/admin/ledger/{path}").status_code == 401
    headers = bearer(payer)
    assert client.get(f"/api/v1/admin/ledger/{path}", headers=headers).status_code == 403


def test_an_empty_wallet_shows_the_sponsors_own_currency(client, payer):
    answer = client.get("/api/v1/sponsor/wallet", headers=bearer(payer))
    nothing = dict.fromkeys(
        (
            "available", "held", "deposited", "released", "refunded", "platform_fees", "returned",
            "due_back",
        ),
        0,
    )  # fmt: skip
    assert answer.json == {"balances": [{"currency": "EUR", **nothing}]}
