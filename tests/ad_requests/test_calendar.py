"""The influencer's calendar: which days it tells, and what it costs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.ad_requests.schemas import CalendarPage
from app.core.clock import today
from tests.factories.ad_requests import (
    TWO_PARTS,
    World,
    advance,
    agree,
    make_world,
    propose,
    reload,
)
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer
from tests.services.statements import counted


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def influencer(world):
    return SignedIn(world.influencer)


def asked(client, first=-30, last=60, **more):
    days = {"from": today() + timedelta(days=first), "to": today() + timedelta(days=last)}
    query = "&".join(f"{name}={value}" for name, value in {**days, **more}.items())
    answer = client.get(f"/influencer/calendar?{query}")
    assert answer.status_code == 200, answer.text
    assert CalendarPage().validate(answer.json) == {}
    return answer.json


def another(world: World) -> World:
    return World(world.sponsor, world.influencer, world.admin, make_campaign(world.sponsor))


def test_the_calendar_tells_the_days_of_deliverables_and_offers(world, influencer):
    made = agree(world, parts=TWO_PARTS)
    advance(world, made, "published", 0)
    offer = propose(another(world))
    applied = propose(another(world), "application")
    other = World(world.sponsor, make_influencer(), world.admin, make_campaign(world.sponsor))
    agree(other)

    found = {item["id"]: item for item in asked(influencer)["items"]}

    live, due = reload(made).deliverables
    assert set(found) == {live.id, due.id, offer.id}
    assert applied.id not in found
    assert found[due.id]["due_on"] == due.due_on.isoformat()
    assert found[due.id]["publish_by"] == due.publish_by.isoformat()
    assert (found[due.id]["status"], found[due.id]["your_turn"]) == ("due", True)
    assert (found[live.id]["status"], found[live.id]["your_turn"]) == ("published", False)
    assert found[live.id]["published_at"][:10] == live.published_at.date().isoformat()
    assert (found[offer.id]["title"], found[offer.id]["your_turn"]) == (None, True)
    assert found[offer.id]["answer_by"] is not None


def test_what_is_cancelled_or_on_other_days_is_not_told(world, influencer):
    made = agree(world, parts=(("Soon", 50, 5), ("Late", 50, 80)))
    titles = [item["title"] for item in asked(influencer, 0, 30)["items"]]
    assert titles == ["Soon"]
    advance(world, made, "cancelled", 0)
    assert asked(influencer, 0, 30)["items"] == []


def test_pages_of_the_calendar_join_at_a_constant_price(world, influencer):
    agree(world, parts=tuple((f"Part {n}", 20, n + 1) for n in range(5)))
    offers = [propose(another(world)) for _ in range(2)]
    whole = asked(influencer)["items"]
    assert len(whole) == 5 + len(offers)
    seen, cursor, costs = [], {}, set()
    while True:
        with counted() as statements:
            answer = asked(influencer, limit=3, **cursor)
        costs.add(len(statements))
        seen += answer["items"]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert seen == whole
    assert len(costs) == 1


@pytest.mark.parametrize(
    "query",
    ["", "from=2026-01-01", "from=2026-02-01&to=2026-01-01", "from=2026-01-01&to=2027-01-01"],
)
def test_a_range_is_needed_and_bounded(influencer, query):
    assert influencer.get(f"/influencer/calendar?{query}").status_code == 422
