"""What comes by itself: summed by the weeks of the reader, without what is contested."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import time_machine

from app.core.actor import SYSTEM
from app.core.transaction import unit_of_work
from app.payments import balances, service
from tests.factories import payments as make
from tests.factories.identity import bearer

EARNINGS = "/api/v1/influencer/earnings"
# A Wednesday.
START = datetime(2026, 3, 4, 12, tzinfo=UTC)


@pytest.fixture
def payer(app):
    return make.sponsor()


def read(client, person):
    answer = client.get(EARNINGS, headers=bearer(person))
    assert answer.status_code == 200, answer.text
    [balance] = answer.json["balances"]
    return balance, answer.json["upcoming"]


def contest(reference: str) -> None:
    unit_of_work(lambda: service.contest(SYSTEM, reference=reference, milestone="all"))


def weeks_of(balance) -> list[tuple[str, int]]:
    return [(week["monday"], week["amount"]) for week in balance["weeks"] if week["amount"]]


def test_every_release_counts_however_many_there_are(client, payer, monkeypatch):
    monkeypatch.setattr(balances, "UPCOMING", 1)
    person = make.influencer()
    with time_machine.travel(START, tick=False):
        for amount, days in ((100, 1), (20, 6), (3, 9), (4_000, 80)):
            make.earn(payer, person, amount, hold_days=days)
        balance, upcoming = read(client, person)
    assert len(upcoming) == 1
    assert balance["held"] == 4_123
    assert balance["held_soon"] == 120
    # The last of the weeks has all that is later, so that they sum to what is held.
    assert weeks_of(balance) == [("2026-03-02", 100), ("2026-03-09", 23), ("2026-04-06", 4_000)]


def test_contested_money_does_not_come_by_itself(client, payer):
    person = make.influencer()
    with time_machine.travel(START, tick=False):
        make.earn(payer, person, 100, hold_days=1)
        contest(make.earn(payer, person, 20, hold_days=2))
        balance, upcoming = read(client, person)
        listed = client.get("/api/v1/influencer/payments?kind=release", headers=bearer(person))
    assert [one["amount"]["amount"] for one in upcoming] == [100]
    assert (balance["held"], balance["held_soon"], balance["contested"]) == (120, 100, 20)
    assert weeks_of(balance) == [("2026-03-02", 100)]
    by_amount = {item["amount"]["amount"]: item["contested_at"] for item in listed.json["items"]}
    assert by_amount[100] is None
    assert by_amount[20] is not None


def test_a_week_begins_on_the_readers_monday(client, payer):
    person = make.influencer()
    # Due on Sunday at 12:30 UTC: Monday in Auckland.
    with time_machine.travel(datetime(2026, 3, 4, 12, 30, tzinfo=UTC), tick=False):
        make.earn(payer, person, 100, hold_days=4)
        assert weeks_of(read(client, person)[0]) == [("2026-03-02", 100)]
        make.lives_in(person, "Pacific/Auckland")
        assert weeks_of(read(client, person)[0]) == [("2026-03-09", 100)]


def test_nothing_earned_is_nothing_to_come(client):
    balance, upcoming = read(client, make.influencer())
    assert (balance["held_soon"], balance["contested"], upcoming) == (0, 0, [])
    assert len(balance["weeks"]) == 6
    assert weeks_of(balance) == []
