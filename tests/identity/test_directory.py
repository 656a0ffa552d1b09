"""The public directory: who is in it, in which order, and what it costs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from app.core.actor import SYSTEM
from app.core.extensions import cache, db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity import directory_schemas, profiles, service
from app.identity.directory_schemas import InfluencerSummary
from app.identity.models import Influencer
from tests.factories.identity import Person, SignedIn, make_influencer, make_sponsor

LIST = "/api/v1/public/influencers"


def names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.data
    return [item["name"] for item in answer.json["items"]]


def shut_out(person: Person, *, suspended: bool = False, hidden: bool = False) -> None:
    unit_of_work(
        lambda: service.set_effects(
            SYSTEM, user_id=person.user_id, suspended=suspended, hidden=hidden, money_on_hold=False
        )
    )


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that run meanwhile."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@pytest.fixture
def world(app: Flask) -> dict[str, Person]:
    """Four people who differ in everything that can be asked for."""
    return {
        "Anna": make_influencer(
            name="Anna", niches=["hiking"], accounts=[("instagram", "anna", 1_000)],
            country="Norway", language="no", price_amount=10_000, rating_count=2, rating_sum=9,
        ),
        "Bảo": make_influencer(
            name="Bảo", niches=["food", "travel"], accounts=[("tiktok", "bao.eats", 50_000)],
            country="Vietnam", language="vi", price_amount=2_000_000, currency="VND",
        ),
        "Carl": make_influencer(
            name="Carl", niches=["hiking", "travel"], available=False, country="Norway",
            accounts=[("instagram", "carl", 20_000), ("x", "carl_x", 10)], language="en",
            rating_count=1, rating_sum=3,
        ),
        "Dana": make_influencer(name="Dana", niches=[], price_amount=50_000),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ["Bảo", "Carl", "Anna", "Dana"]),
        ("sort=reach", ["Dana", "Anna", "Carl", "Bảo"]),
        ("sort=name", ["Anna", "Bảo", "Carl", "Dana"]),
        ("sort=-name", ["Dana", "Carl", "Bảo", "Anna"]),
        ("sort=-newest", ["Dana", "Carl", "Bảo", "Anna"]),
        ("sort=-rating&min_rating=1", ["Anna", "Carl"]),
        ("niche=hiking", ["Carl", "Anna"]),
        ("niche=HIKING&sort=name", ["Anna", "Carl"]),
        ("niche=nothing", []),
        ("country=Norway&sort=name", ["Anna", "Carl"]),
        ("language=vi", ["Bảo"]),
        ("platform=instagram", ["Carl", "Anna"]),
        ("platform=youtube", []),
        ("min_reach=2000", ["Bảo", "Carl"]),
        ("max_reach=2001&sort=name", ["Anna", "Carl", "Dana"]),
        ("max_price=10000", ["Anna"]),
        ("max_price=50000&sort=name", ["Anna", "Dana"]),
        ("max_price=2000000&currency=VND", ["Bảo"]),
        ("available=true&sort=name", ["Anna", "Bảo", "Dana"]),
        ("available=false", ["Carl"]),
        ("min_rating=4.5", ["Anna"]),
        ("q=ba", ["Bảo"]),
        ("q=BẢO", ["Bảo"]),
        ("q=@carl", ["Carl"]),
        ("q=@bao.", ["Bảo"]),
        ("q=%25", []),
        ("q=_", []),
        ("q=@", ["Bảo", "Carl", "Anna", "Dana"]),
        ("q=&niche=&country=&sort=name", ["Anna", "Bảo", "Carl", "Dana"]),
        ("niche=travel&country=Norway&platform=x&min_reach=1&available=false", ["Carl"]),
    ],
)
def test_a_filter_keeps_what_fits_in_the_order_asked(
    world: dict[str, Person], client: Any, query: str, expected: list[str]
):
    assert names(client.get(f"{LIST}?{query}")) == expected


@pytest.mark.parametrize(
    "sort", ["reach", "-reach", "name", "-name", "rating", "-rating", "newest", "-newest"]
)
def test_pages_join_without_gaps_and_doubles(app: Flask, client: Any, sort: str):
    for number in range(7):
        # Ties in every column that can be sorted by.
        make_influencer(
            name=f"Same {number // 3}", reach=number // 2, rating_count=1, rating_sum=number % 3 + 1
        )
    whole = [i["id"] for i in client.get(f"{LIST}?sort={sort}").json["items"]]
    assert len(set(whole)) == 7
    joined: list[str] = []
    cursor = ""
    for _ in range(10):
        page = client.get(f"{LIST}?sort={sort}&limit=2&cursor={cursor}" if cursor
                          else f"{LIST}?sort={sort}&limit=2").json  # fmt: skip
        joined += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert joined == whole


def test_hidden_suspended_and_unlisted_profiles_vanish_at_once(
    world: dict[str, Person], client: Any
):
    assert len(names(client.get(LIST))) == 4
    shut_out(world["Anna"], hidden=True)
    shut_out(world["Bảo"], suspended=True)
    SignedIn(world["Carl"]).patch("/influencer/profile", {"listed": False})
    assert names(client.get(LIST)) == ["Dana"]
    assert client.get("/api/v1/public/niches").json["items"] == []
    for gone in ("Anna", "Bảo", "Carl"):
        assert client.get(f"{LIST}/{world[gone].slug}").status_code == 404
    shut_out(world["Anna"])
    assert names(client.get(LIST)) == ["Anna", "Dana"]


def test_a_profile_that_nobody_has_registered_is_in_it(app: Flask, client: Any):
    unit_of_work(lambda: db.session.add(Influencer(slug="free", name="Free")))
    assert names(client.get(LIST)) == ["Free"]
    assert client.get(f"{LIST}/free").status_code == 200


def test_a_change_shows_once_it_is_committed_and_not_before(world: dict[str, Person], client: Any):
    assert "Anna" in names(client.get(LIST))

    def rename_and_fail() -> None:
        actor = world["Anna"].actor
        row = profiles.influencer_of(actor, lock=True)
        profiles.update_influencer(actor, row, name="Never")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        unit_of_work(rename_and_fail)
    assert "Anna" in names(client.get(LIST))
    SignedIn(world["Anna"]).patch("/influencer/profile", {"name": "Renamed"})
    assert "Renamed" in names(client.get(LIST))
    assert "Anna" not in names(client.get(LIST))


def test_a_repeated_question_is_answered_from_the_cache(world: dict[str, Person], client: Any):
    first = client.get(f"{LIST}?sort=name")
    with counted() as statements:
        second = client.get(f"{LIST}?sort=name")
    assert second.data == first.data
    assert statements == []
    assert second.headers["ETag"] == first.headers["ETag"]
    same = client.get(f"{LIST}?sort=name", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")


def test_nobody_is_answered_from_the_entry_of_somebody_else(world: dict[str, Person], app: Flask):
    client: Any = app.test_client()
    client.get(LIST)
    one, two = SignedIn(make_sponsor()), SignedIn(make_sponsor())
    one.get("/sponsor/influencers")
    entries = [key for key in _cache_keys() if ":influencers:" in key]
    assert len(entries) == 2
    two.get("/sponsor/influencers")
    entries = [key for key in _cache_keys() if ":influencers:" in key]
    assert len(entries) == 3
    for person in (one.person, two.person):
        assert sum(f"sponsor:{person.user_id}:" in key for key in entries) == 1
    assert sum("anonymous:-:" in key for key in entries) == 1
    # A poisoned entry of one is never served to another.
    key = next(key for key in entries if one.person.user_id in key)
    cache.set(key.removeprefix("accord:cache:"), {"body": b'{"items":[]}', "tag": "x"})
    assert one.get("/sponsor/influencers").json["items"] == []
    assert len(two.get("/sponsor/influencers").json["items"]) == 4
    assert len(client.get(LIST).json["items"]) == 4


def _cache_keys() -> list[str]:
    client = cache.cache._read_client
    return [key.decode() for key in client.keys("*")]


def test_a_cache_that_is_away_is_a_miss(world: dict[str, Person], client: Any, monkeypatch: Any):
    def away(*_a: Any, **_k: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr(cache.cache, "get", away)
    monkeypatch.setattr(cache.cache, "set", away)
    assert len(names(client.get(LIST))) == 4


def test_a_page_takes_one_statement_whatever_its_length(app: Flask, client: Any):
    for number in range(3):
        make_influencer(name=f"N{number}", niches=["a", "b"], accounts=[("x", f"h{number}", 5)])
    taken = []
    for limit in (1, 3):
        with counted() as statements:
            assert len(names(client.get(f"{LIST}?limit={limit}"))) == limit
        taken.append(len([s for s in statements if s.startswith("SELECT")]))
    assert taken == [1, 1]


def test_sponsors_see_the_same_list_and_others_do_not_reach_it(world: dict[str, Person]):
    sponsor, pending = SignedIn(make_sponsor()), SignedIn(make_sponsor(approved=False))
    path = "/sponsor/influencers?niche=hiking"
    assert names(sponsor.get(path)) == names(pending.get(path)) == ["Carl", "Anna"]
    assert SignedIn(world["Anna"]).get(path).status_code == 403


def test_a_list_item_has_the_documented_shape(world: dict[str, Person], client: Any):
    documented = set(InfluencerSummary().fields)
    for item in client.get(LIST).json["items"]:
        assert set(item) == documented
        assert InfluencerSummary().dump(item) == item
    anna = client.get(f"{LIST}?q=anna").json["items"][0]
    assert anna["rating"] == {"average": 4.5, "count": 2}
    assert anna["price"] == {"amount": 10_000, "currency": "EUR"}
    assert anna["platforms"] == ["instagram"]


def test_a_profile_shows_its_accounts_and_no_secrets(world: dict[str, Person], client: Any):
    answer = client.get(f"{LIST}/{world['Carl'].slug}")
    assert [a["handle"] for a in answer.json["accounts"]] == ["carl", "carl_x"]
    assert set(answer.json) == set(directory_schemas.InfluencerPublicRead().fields)
    assert world["Carl"].email not in answer.get_data(as_text=True)
    same = client.get(
        f"{LIST}/{world['Carl'].slug}", headers={"If-None-Match": answer.headers["ETag"]}
    )
    assert same.status_code == 304


def test_niches_are_counted(world: dict[str, Person], client: Any):
    items = client.get("/api/v1/public/niches").json["items"]
    assert items == [
        {"niche": "hiking", "count": 2},
        {"niche": "travel", "count": 2},
        {"niche": "food", "count": 1},
    ]
    SignedIn(world["Dana"]).patch("/influencer/profile", {"niches": ["travel"]})
    items = client.get("/api/v1/public/niches").json["items"]
    assert items[0] == {"niche": "travel", "count": 3}


def test_a_sponsor_is_public_once_approved_and_as_long_as_not_hidden(app: Flask, client: Any):
    waiting, sponsor = make_sponsor(approved=False), make_sponsor(name="Nordlys")
    unit_of_work(
        lambda: profiles.update_sponsor(
            sponsor.actor, profiles.sponsor_of(sponsor.actor), budget=Money(10, "NOK")
        )
    )
    shown = client.get(f"/api/v1/public/sponsors/{sponsor.slug}")
    assert shown.json["name"] == "Nordlys"
    assert "budget" not in shown.json
    assert client.get(f"/api/v1/public/sponsors/{waiting.slug}").status_code == 404
    shut_out(sponsor, hidden=True)
    assert client.get(f"/api/v1/public/sponsors/{sponsor.slug}").status_code == 404
    shut_out(sponsor, suspended=True)
    assert client.get(f"/api/v1/public/sponsors/{sponsor.slug}").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "sort=price",
        "sort=name;drop",
        "sort=--name",
        "sort=",
        "limit=0",
        "limit=101",
        "limit=x",
        "cursor=x",
        "cursor=%00",
        "cursor=WyItcmVhY2giLDFd",
        "cursor=WyItcmVhY2giLCJ4IiwieSJd",
        "cursor=WyItcmVhY2giLDFlOTksInkiXQ",
        "cursor=" + "A" * 2001,
        "min_reach=-1",
        "min_reach=1e3",
        "max_reach=99999999999999999999999999",
        "max_price=0x10",
        "currency=ZZZ",
        "available=maybe",
        "min_rating=6",
        "min_rating=nan",
        "min_rating=inf",
        "platform=myspace",
        "q=%00",
        "q=" + "a" * 121,
        "niche=a&niche=b",
        "unknown=1",
        "offset=10",
        "q=a%0ab",
    ],
)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_malformed_question_is_refused_by_field(app: Flask, client: Any, query: str):
    answer = client.get(f"{LIST}?{query}")
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=%ed%a0%80", "niche=%27%20OR%201=1", "q=%5c%25"])
def test_odd_bytes_find_nothing_and_break_nothing(app: Flask, client: Any, query: str):
    assert client.get(f"{LIST}?{query}").json["items"] == []


def test_a_profile_that_nobody_registered_says_so_and_can_be_left_out(app: Flask, client: Any):
    make_influencer(name="Known", country="IN")
    unit_of_work(lambda: db.session.add_all([Influencer(slug="alone", name="Alone")]))
    items = {item["name"]: item["registered"] for item in client.get(LIST).json["items"]}
    assert items == {"Known": True, "Alone": False}
    assert names(client.get(f"{LIST}?registered=true")) == ["Known"]
    assert names(client.get(f"{LIST}?registered=false")) == ["Alone"]
    assert client.get(f"{LIST}/alone").json["registered"] is False
