"""Conversations: the list, what is unread, and marking as read."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.ad_requests import service
from app.core.actor import MemberRole
from app.core.clock import shifted
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import make_world, propose
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer, make_member
from tests.services.statements import counted


@pytest.fixture
def world(app):
    return make_world()


def say(world, made, by: str, text: str, *, hours_ago: float = 0) -> str:
    with shifted(timedelta(hours=-hours_ago)):
        return unit_of_work(
            lambda: service.post_message(world.side(by).actor, ad_request_id=made.id, text=text)
        ).id


def invite_to_another(world):
    campaign = make_campaign(world.sponsor, title="Another")
    return propose(type(world)(world.sponsor, world.influencer, world.admin, campaign))


def seen_by(client: SignedIn, query: str = "") -> list[tuple[str, int, str]]:
    page = client.get(f"/{client.person.role.value}/conversations{query}").json
    return [(item["id"], item["unread"], item["last_message"]["text"]) for item in page["items"]]


def test_conversations_come_with_what_is_unread_the_latest_first(world):
    first, second, silent = propose(world), invite_to_another(world), invite_to_another(world)
    say(world, first, "sponsor", "Hello", hours_ago=3)
    say(world, second, "influencer", "One", hours_ago=2)
    say(world, second, "sponsor", "Two", hours_ago=1)
    last = say(world, first, "sponsor", "x" * 500)
    sponsor, influencer = SignedIn(world.sponsor), SignedIn(world.influencer)

    assert seen_by(influencer) == [(first.id, 2, "x" * 200), (second.id, 1, "Two")]
    # Whoever answers has read what there was.
    assert seen_by(sponsor) == [(first.id, 0, "x" * 200), (second.id, 0, "Two")]
    page = influencer.get("/influencer/conversations?limit=1").json
    assert page["unread"] == 3
    (item,) = page["items"]
    assert item["last_message"]["id"] == last
    assert (item["last_message"]["mine"], item["writable"]) == (False, True)
    assert item["sponsor"]["id"] == world.sponsor.sponsor_id
    assert seen_by(influencer, f"?limit=1&cursor={page['next']}") == [(second.id, 1, "Two")]
    assert silent.id not in [row[0] for row in seen_by(sponsor)]


def test_reading_marks_messages_for_the_reader_alone(world):
    made = propose(world)
    early = say(world, made, "influencer", "One", hours_ago=2)
    say(world, made, "influencer", "Two", hours_ago=1)
    path = f"/sponsor/ad-requests/{made.id}/messages/read"
    owner = SignedIn(world.sponsor)
    viewer = SignedIn(make_member(world.sponsor, MemberRole.VIEWER))

    assert owner.get("/sponsor/summary").json["unread_messages"] == 2
    assert owner.post(path, {"message_id": early}).json == {"unread": 1}
    assert viewer.post(path, {}).json == {"unread": 0}
    # What was read stays read.
    assert viewer.post(path, {"message_id": early}).json == {"unread": 0}
    assert seen_by(owner, "?unread=true") == [(made.id, 1, "Two")]
    assert seen_by(viewer, "?unread=true") == []
    assert SignedIn(world.influencer).get("/influencer/summary").json["unread_messages"] == 0
    say(world, made, "influencer", "Three")
    assert seen_by(viewer) == [(made.id, 1, "Three")]


def test_a_stranger_neither_sees_nor_marks_a_conversation(world):
    made = propose(world)
    message = say(world, made, "sponsor", "Hello")
    stranger = SignedIn(make_influencer())
    assert seen_by(stranger) == []
    path = f"/influencer/ad-requests/{made.id}/messages/read"
    assert stranger.post(path, {}).status_code == 404
    own = SignedIn(world.influencer)
    other = invite_to_another(world)
    foreign = f"/influencer/ad-requests/{other.id}/messages/read"
    assert own.post(foreign, {"message_id": message}).status_code == 404
    assert own.post(foreign, {}).json == {"unread": 1}


def test_a_page_of_conversations_costs_the_same_however_long_it_is(world):
    sponsor = SignedIn(world.sponsor)
    costs = []
    for _ in range(2):
        for _ in range(2):
            say(world, invite_to_another(world), "influencer", "Hello")
        with counted() as statements:
            rows = seen_by(sponsor)
        costs.append((len(rows), len(statements)))
    (few, cost), (many, later) = costs
    assert (few, many, cost) == (2, 4, later)
