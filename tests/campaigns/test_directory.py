"""The public directory, the influencer's opportunities, and the lists of owners and admins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app.campaigns import directory
from app.core.actor import SYSTEM, MemberRole
from app.core.clock import today
from app.core.extensions import db
from app.core.money import Money
from app.core.paging import PageRequest
from app.core.transaction import unit_of_work
from app.identity import service as identity
from tests.factories.brands import make_brand
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)

pytestmark = pytest.mark.usefixtures("app")

PUBLIC = "/api/v1/public/campaigns"


def answer_of(client: FlaskClient, path: str = PUBLIC) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.json
    return answer.json


def titles(client: FlaskClient, query: str = "") -> list[str]:
    return [item["title"] for item in answer_of(client, f"{PUBLIC}{query}")["items"]]


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that reach the database meanwhile."""
    seen: list[str] = []

    def remember(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", remember)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", remember)


def test_only_published_public_campaigns_are_listed(client: FlaskClient):
    sponsor = make_sponsor()
    for status in ("draft", "published", "paused", "completed", "archived"):
        make_campaign(sponsor, status, title=status)
    make_campaign(sponsor, title="private", visibility="private")
    assert titles(client) == ["published"]


def test_what_is_not_listed_is_not_found_by_its_id_either(client: FlaskClient):
    sponsor = make_sponsor()
    shown = make_campaign(sponsor)
    unseen = [make_campaign(sponsor, "draft"), make_campaign(sponsor, visibility="private")]
    influencer = SignedIn(make_influencer())
    assert client.get(f"{PUBLIC}/{shown.id}").status_code == 200
    assert influencer.get(f"/influencer/campaigns/{shown.id}").json["actions"] == ["apply"]
    for campaign in unseen:
        assert client.get(f"{PUBLIC}/{campaign.id}").status_code == 404
        assert influencer.get(f"/influencer/campaigns/{campaign.id}").status_code == 404


def test_the_public_document_tells_nothing_of_what_was_committed(client: FlaskClient):
    campaign = make_campaign(make_sponsor())
    document = answer_of(client, f"{PUBLIC}/{campaign.id}")
    private = {"committed", "spent", "free", "approval", "open_agreements", "flagged", "version"}
    assert not private & set(document)
    assert document["sponsor"]["name"] == "Sponsor"
    assert "<strong>coffee</strong>" in document["description_html"]


def test_the_campaigns_of_a_sponsor_whose_owner_is_barred_are_gone_at_once(client: FlaskClient):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    for effect in ("hidden", "suspended"):
        effects = {"hidden": False, "suspended": False, "money_on_hold": False, effect: True}
        unit_of_work(
            lambda effects=effects: identity.set_effects(SYSTEM, user_id=sponsor.user_id, **effects)
        )
        assert client.get(f"{PUBLIC}/{campaign.id}").status_code == 404
        assert directory.open_campaigns(PageRequest()).items == []


def test_the_owners_list_shows_phases_at_a_constant_price():
    sponsor = make_sponsor()
    day = today()
    phase = {"name": "Before", "starts_on": day, "ends_on": day + timedelta(days=3)}
    signed_in, costs = SignedIn(sponsor), []
    for _ in range(2):
        make_campaign(sponsor, phases=[phase])
        with statements() as seen:
            rows = signed_in.get("/sponsor/campaigns").json["items"]
        costs.append(len(seen))
    assert costs[0] == costs[1]
    shown = {name: rows[1]["phases"][0][name] for name in phase}
    assert shown == {
        "name": "Before",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=3)).isoformat(),
    }


def test_campaigns_stay_while_one_of_several_owners_may_act(client: FlaskClient):
    sponsor = make_sponsor()
    other = make_member(sponsor, MemberRole.OWNER)
    make_member(sponsor, MemberRole.MANAGER)
    campaign = make_campaign(sponsor)
    for owner, status in ((sponsor, 200), (other, 404)):
        unit_of_work(
            lambda owner=owner: identity.set_effects(
                SYSTEM, user_id=owner.user_id, hidden=False, suspended=True, money_on_hold=False
            )
        )
        assert client.get(f"{PUBLIC}/{campaign.id}").status_code == status


def test_the_search_filters_by_what_a_brief_says(client: FlaskClient):
    start = today()
    first = make_sponsor()
    make_campaign(
        first,
        title="Tea",
        niches=["food", "health"],
        budget=Money(1000, "EUR"),
        language="vi",
        countries=["Việt Nam"],
        platforms=["instagram"],
        min_reach=5000,
        starts_on=start + timedelta(days=10),
        ends_on=start + timedelta(days=20),
    )
    make_campaign(
        make_sponsor(),
        title="Bikes",
        niches=["sport"],
        budget=Money(9000, "EUR"),
        platforms=["x", "tiktok"],
        ends_on=start + timedelta(days=15),
    )
    make_campaign(make_sponsor(), title="Dong", budget=Money(2000, "VND"), niches=[])
    expected = {
        "?niche=food": {"Tea"},
        "?niche=FOOD&niche=sport": {"Tea", "Bikes"},
        "?min_budget=1001&currency=EUR": {"Bikes"},
        "?max_budget=1000&currency=EUR": {"Tea"},
        "?currency=VND": {"Dong"},
        f"?running_on={start}": {"Bikes", "Dong"},
        f"?running_on={start + timedelta(days=16)}": {"Tea", "Dong"},
        f"?starts_after={start}": {"Tea"},
        f"?sponsor_id={first.sponsor_id}": {"Tea"},
        "?language=vi": {"Tea"},
        "?country=viet%20nam": {"Tea"},
        "?platform=x": {"Bikes"},
        "?platform=instagram&platform=tiktok": {"Tea", "Bikes"},
        "?reach=4999": {"Bikes", "Dong"},
        "?reach=5000": {"Tea", "Bikes", "Dong"},
        "?niche=food&language=en": set(),
    }
    assert {query: set(titles(client, query)) for query in expected} == expected


def test_the_text_search_wants_every_word_in_any_case_and_without_accents(client: FlaskClient):
    sponsor = make_sponsor()
    brand = make_brand(sponsor, "Höhenluft")
    make_campaign(sponsor, title="Cà phê sữa", description="From the hills.", brand_id=brand.id)
    make_campaign(sponsor, title="Tea", description="100% from_the hills, no coffee.")
    expected = {
        "?q=ca%20PHE": ["Cà phê sữa"],
        "?q=hohenluft": ["Cà phê sữa"],
        "?q=tea%20hills": ["Tea"],
        "?q=100%25": ["Tea"],
        "?q=h_lls": [],
        "?q=%25": ["Tea"],
        "?q=nothing": [],
    }
    assert {query: titles(client, query) for query in expected} == expected


def test_a_hit_in_the_title_stands_before_one_in_the_text(client: FlaskClient):
    sponsor = make_sponsor()
    make_campaign(sponsor, title="Coffee")
    make_campaign(sponsor, title="Tea", description="Not coffee.")
    make_campaign(sponsor, title="Iced coffee")
    make_campaign(sponsor, title="Coffee break")
    order = ["Coffee", "Coffee break", "Iced coffee", "Tea"]
    assert titles(client, "?q=coffee") == order
    first = answer_of(client, f"{PUBLIC}?q=coffee&limit=2")
    assert titles(client, f"?q=coffee&limit=2&cursor={first['next']}") == order[2:]
    assert client.get(f"{PUBLIC}?sort=relevance").status_code == 422


@pytest.mark.parametrize("sort", ["newest", "-newest", "budget", "-budget", "ends_on", "-ends_on"])
def test_every_order_is_kept_from_page_to_page(client: FlaskClient, sort: str):
    sponsor = make_sponsor()
    for number in (3, 1, 2, 2, 5):
        make_campaign(
            sponsor,
            title=str(number),
            budget=Money(number * 100, "EUR"),
            ends_on=today() + timedelta(days=number),
        )
    seen: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = answer_of(client, f"{PUBLIC}?sort={sort}&limit=2{cursor}")
        seen += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len({item["id"] for item in seen}) == 5
    key = {
        "newest": lambda item: item["published_at"],
        "budget": lambda item: item["budget"]["amount"],
        "ends_on": lambda item: item["ends_on"],
    }[sort.removeprefix("-")]
    falls = sort in ("newest", "-budget", "-ends_on")
    values = [key(item) for item in seen]
    assert values == sorted(values, reverse=falls)


@pytest.mark.parametrize(
    "query",
    [
        "?unknown=1",
        "?limit=101",
        "?limit=0",
        "?sort=title",
        "?cursor=x",
        "?min_budget=5",
        "?running_on=soon",
        "?platform=myspace",
        "?q=a&q=b",
        "?language=!",
    ],
)
def test_malformed_searches_are_refused(client: FlaskClient, query: str):
    assert client.get(f"{PUBLIC}{query}").status_code == 422


def test_an_influencer_sees_how_a_campaign_suits_the_profile():
    sponsor = make_sponsor()
    make_campaign(
        sponsor,
        title="Fits",
        niches=["food", "art"],
        language="vi",
        countries=["Vietnam"],
        platforms=["tiktok"],
    )
    make_campaign(sponsor, title="Too large", min_reach=10**9, language="en", platforms=["x"])
    influencer = SignedIn(
        make_influencer(
            niches=["food"],
            accounts=[("tiktok", "me", 50_000)],
            language="vi",
            country="vietnam",
        )
    )
    found = influencer.get("/influencer/campaigns").json["items"]
    fits = {item["title"]: item["fit"] for item in found}
    whole = {"reach": True, "language": True, "country": True, "platforms": True}
    assert fits["Fits"] == {**whole, "niches": ["food"]}
    poor = {"reach": False, "language": False, "country": True, "platforms": False}
    assert fits["Too large"] == {**poor, "niches": ["food"]}
    fitting = influencer.get("/influencer/campaigns?fits=true").json["items"]
    assert [item["title"] for item in fitting] == ["Fits"]


def test_a_list_takes_the_same_number_of_statements_however_long_it_is():
    sponsor, influencer = SignedIn(make_sponsor()), SignedIn(make_influencer())
    admin = SignedIn(make_admin())
    brand = make_brand(sponsor.person)
    lists = {
        "public": lambda n: influencer.client.get(f"{PUBLIC}?limit={n}"),
        "influencer": lambda n: influencer.get(f"/influencer/campaigns?limit={n}"),
        "sponsor": lambda n: sponsor.get(f"/sponsor/campaigns?limit={n}"),
        "admin": lambda n: admin.get(f"/admin/campaigns?limit={n}"),
    }

    def count(limit: int) -> dict[str, int]:
        found = {}
        for name, ask in lists.items():
            with statements() as seen:
                assert len(ask(limit).json["items"]) > 0
            found[name] = len([one for one in seen if one.startswith("SELECT")])
        return found

    for _ in range(3):
        make_campaign(sponsor.person, brand_id=brand.id, countries=["France"])
    few = count(1)
    for _ in range(9):
        make_campaign(sponsor.person, brand_id=brand.id, countries=["France"])
    assert count(12) == few
    assert max(few.values()) <= 9


def test_the_owners_list_filters_and_sorts():
    sponsor = make_sponsor()
    make_campaign(sponsor, "draft", title="B", niches=["art"], budget=Money(5, "EUR"))
    make_campaign(sponsor, "published", title="a", budget=Money(9, "EUR"))
    make_campaign(sponsor, "paused", title="C", visibility="private", budget=Money(7, "EUR"))
    make_campaign(make_sponsor(), title="Another's")
    client = SignedIn(sponsor)

    def listed(query: str) -> str:
        found = client.get(f"/sponsor/campaigns{query}").json["items"]
        return "".join(item["title"] for item in found)

    assert listed("") == "CaB"
    assert listed("?sort=title") == "aBC"
    assert listed("?sort=-budget") == "aCB"
    assert listed("?status=draft&status=paused&sort=title") == "BC"
    assert listed("?visibility=private") == "C"
    assert listed("?niche=art") == "B"
    assert client.get("/sponsor/campaigns?sponsor_id=spn_x").status_code == 422


def test_an_admin_sees_the_campaigns_of_all_sponsors():
    first, second = make_sponsor(name="Acme"), make_sponsor(name="Umbrella")
    make_campaign(first, "draft", title="A")
    make_campaign(second, title="B", visibility="private")
    admin = SignedIn(make_admin())

    def listed(query: str = "") -> list[str]:
        found = admin.get(f"/admin/campaigns{query}").json["items"]
        return [item["title"] for item in found]

    assert listed() == ["B", "A"]
    assert listed(f"?sponsor_id={first.sponsor_id}") == ["A"]
    assert listed("?q=umbrella") == ["B"]
    assert listed("?flagged=true") == []
    assert listed("?approval=not_needed&status=draft") == ["A"]


# --- The cache ----------------------------------------------------------------------------------


def test_a_kept_page_is_given_again_until_something_listed_changes(client: FlaskClient):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, title="Old")
    assert titles(client) == ["Old"]
    with statements() as seen:
        assert titles(client) == ["Old"]
    assert seen == [], "the second answer comes from the cache"
    owner = SignedIn(sponsor)
    owner.patch(f"/sponsor/campaigns/{campaign.id}", {"title": "New"})
    assert titles(client) == ["New"]
    owner.post(f"/sponsor/campaigns/{campaign.id}/pause")
    assert titles(client) == []
    owner.post(f"/sponsor/campaigns/{campaign.id}/resume")
    assert titles(client) == ["New"]
    brand = make_brand(sponsor, "First")
    owner.patch(f"/sponsor/campaigns/{campaign.id}", {"brand_id": brand.id})
    assert titles(client, "?q=first") == ["New"]
    owner.patch(f"/sponsor/brands/{brand.id}", {"name": "Second"})
    assert titles(client, "?q=first") == []
    assert titles(client, "?q=second") == ["New"]
    assert owner.patch("/sponsor/profile", {"name": "Renamed"}).status_code == 200
    assert titles(client, "?q=renamed") == ["New"]


def test_a_new_name_of_the_brand_moves_the_tag_of_the_document_on():
    sponsor = make_sponsor()
    brand = make_brand(sponsor, "First")
    campaign = make_campaign(sponsor, brand_id=brand.id)
    owner = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    tag = {"If-None-Match": owner.get(path).headers["ETag"]}
    assert owner.get(path, headers=tag).status_code == 304
    owner.patch(f"/sponsor/brands/{brand.id}", {"name": "Second"})
    assert owner.get(path, headers=tag).json["brand"]["name"] == "Second"


def test_a_sponsors_campaigns_follow_only_what_they_show_of_it():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    owner = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    tag = {"If-None-Match": owner.get(path).headers["ETag"]}
    with statements() as seen:
        assert owner.patch("/sponsor/profile", {"description": "New"}).status_code == 200
    assert [line for line in seen if "campaigns" in line] == []
    assert owner.get(path, headers=tag).status_code == 304
    assert owner.patch("/sponsor/profile", {"industry": "Outdoor"}).status_code == 200
    assert owner.get(path, headers=tag).json["sponsor"]["industry"] == "Outdoor"


def test_a_refused_change_forgets_nothing(client: FlaskClient):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, title="Old")
    assert titles(client) == ["Old"]
    refused = SignedIn(sponsor).patch(
        f"/sponsor/campaigns/{campaign.id}", {"title": "X", "ends_on": "2001-01-01"}
    )
    assert refused.status_code == 422
    with statements() as seen:
        assert titles(client) == ["Old"]
    assert seen == []


def test_what_one_influencer_is_told_is_not_given_to_another(app: Flask):
    make_campaign(make_sponsor(), niches=["food", "art"])
    cook = SignedIn(make_influencer(niches=["food"]))
    painter = SignedIn(make_influencer(niches=["art"]))
    for _ in range(2):
        for client, niche in ((cook, "food"), (painter, "art")):
            item = client.get("/influencer/campaigns").json["items"][0]
            assert item["fit"]["niches"] == [niche]
    anonymous = answer_of(app.test_client())["items"][0]
    assert "fit" not in anonymous
