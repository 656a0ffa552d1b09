"""What the sponsor and the influencer see of orders, and what the sponsor may do about them."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.attribution.models import Order, OrderSource
from app.attribution.order_facts import OrderSourceKind
from app.audit.models import AuditEntry
from app.core.actor import MemberRole
from app.core.extensions import db
from tests.factories.ad_requests import World, agree, make_world
from tests.factories.identity import SignedIn, make_influencer, make_member
from tests.factories.orders import (
    ago,
    commission,
    fact,
    make_click,
    make_coupon,
    make_link,
    tell,
)
from tests.services.statements import counted

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def world() -> World:
    return make_world()


@pytest.fixture
def agreement(world: World) -> Any:
    return agree(world, cap=50_000)


@pytest.fixture
def rival(world: World) -> World:
    """Another influencer in the same campaign."""
    return World(world.sponsor, make_influencer(name="Rival"), world.admin, world.campaign)


def lost_and_won(world: World, agreement: Any, rival: World) -> Order:
    """An order that both touched, and the rival touched last."""
    make_click(make_link(world, agreement), ago(days=3))
    last = make_click(make_link(rival, agree(rival, cap=50_000)), ago(days=1))
    order = tell(world.sponsor, fact(click_id=last)).order
    assert order is not None
    return order


def ids(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


# --- the sponsor's list -------------------------------------------------------------------------


def test_the_sponsor_sees_whom_an_order_is_credited_to_and_why(world, agreement, rival):
    order = lost_and_won(world, agreement, rival)
    answer = SignedIn(world.sponsor).get(f"/sponsor/orders/{order.id}")
    shown = answer.json
    assert answer.headers["ETag"]
    assert shown["influencer"]["name"] == "Rival"
    assert shown["revenue"] == {"amount": 8_000, "currency": "EUR"}
    assert shown["commission"]["rate"] == 8
    assert shown["commission"]["paid"] == {"amount": 640, "currency": "EUR"}
    [receipt] = shown["receipts"]
    assert (receipt["touch"], receipt["window_days"], receipt["decides"]) == ("last", 30, True)
    assert [(one["outcome"], one["kind"]) for one in receipt["touches"]] == [
        ("earlier", "click"),
        ("won", "click"),
    ]
    assert receipt["touches"][0]["influencer"]["id"] == world.influencer.influencer_id


def test_the_list_is_filtered_and_paged_by_keys(world, agreement):
    link = make_link(world, agreement)
    clicked = make_click(link, ago(days=1))
    made = [
        tell(world.sponsor, fact(ordered_at=ago(minutes=minutes), click_id=click)).order.id
        for minutes, click in ((3, clicked), (2, None), (1, clicked))
    ]
    unverified = tell(world.sponsor, fact(), OrderSourceKind.SCRIPT).order
    tell(make_world().sponsor, fact())
    client = SignedIn(world.sponsor)
    assert ids(client.get("/sponsor/orders")) == [unverified.id, *made[::-1]]
    for query, found in (
        ("verified=false", [unverified.id]),
        ("source=script", [unverified.id]),
        ("withheld=unattributed&verified=true", [made[1]]),
        (f"link_id={link.id}&sort=ordered_at", [made[0], made[2]]),
        (f"campaign_id={world.campaign.id}&limit=5", [made[2], made[0]]),
        (f"external_id={unverified.external_id}", [unverified.id]),
        ("status=refunded", []),
        ("since=2030-01-01", []),
    ):
        assert ids(client.get(f"/sponsor/orders?{query}")) == found, query
    first = client.get("/sponsor/orders?limit=3")
    rest = client.get(f"/sponsor/orders?limit=3&cursor={first.json['next']}")
    assert ids(first) + ids(rest) == [unverified.id, *made[::-1]]
    assert rest.json["next"] is None
    for query in ("sort=total", "status=odd", "q=1", "since=yesterday"):
        assert client.get(f"/sponsor/orders?{query}").status_code == 422, query


def test_a_longer_list_asks_no_more_of_the_database(world, agreement):
    clicked = make_click(make_link(world, agreement), ago(days=1))
    sponsor, influencer = SignedIn(world.sponsor), SignedIn(world.influencer)
    asked = []
    for _ in range(2):
        for _ in range(4):
            tell(world.sponsor, fact(click_id=clicked))
        with counted() as statements:
            assert sponsor.get("/sponsor/orders").status_code == 200
            assert influencer.get("/influencer/orders").status_code == 200
        asked.append(len(statements))
    assert asked[0] == asked[1]


# --- the sponsor's acts -------------------------------------------------------------------------


def test_confirming_pays_and_leaves_a_trace(world, agreement):
    clicked = make_click(make_link(world, agreement), ago(days=1))
    order = tell(world.sponsor, fact(click_id=clicked), OrderSourceKind.SCRIPT).order
    client = SignedIn(world.sponsor)
    path = f"/sponsor/orders/{order.id}/confirm"
    stale = client.post(path, headers={"If-Match": '"ord_1.1"'})
    assert (stale.status_code, commission(order).paid_amount) == (412, 0)
    viewer = SignedIn(make_member(world.sponsor, MemberRole.VIEWER))
    assert viewer.post(path).status_code == 403
    done = client.post(path, headers={"Idempotency-Key": "k"})
    assert done.status_code == 200, done.text
    assert (done.json["verified"], done.json["commission"]["withheld"]) == (True, None)
    assert client.post(path, headers={"Idempotency-Key": "k"}).json == done.json
    assert client.post(path).json["type"] == "refused-transition"
    assert commission(order).paid_amount == 640
    db.session.rollback()
    traces = select(AuditEntry).where(AuditEntry.action == "order.confirmed")
    assert db.session.scalars(traces).one().subject_id == order.id


def test_a_replay_shows_another_winner_and_pays_nobody(world, agreement, rival):
    order = lost_and_won(world, agreement, rival)
    client = SignedIn(world.sponsor)
    rule = {"touch": "first", "window_days": 60, "coupon_beats_link": True}
    answer = client.post(f"/sponsor/orders/{order.id}/replays", rule)
    assert answer.status_code == 201, answer.text
    assert [one["outcome"] for one in answer.json["touches"]] == ["won", "later"]
    assert (answer.json["is_replay"], answer.json["decides"]) == (True, False)
    shown = client.get(f"/sponsor/orders/{order.id}").json
    assert len(shown["receipts"]) == 2
    assert shown["influencer"]["name"] == "Rival"
    assert shown["commission"]["paid"]["amount"] == 640
    for wrong in ({"window_days": 0}, {"window_days": 91}, {"touch": "middle"}, {"extra": 1}):
        answer = client.post(f"/sponsor/orders/{order.id}/replays", rule | wrong)
        assert answer.status_code == 422, wrong


def test_the_secret_of_a_source_is_shown_once_and_kept_encrypted(world):
    client = SignedIn(world.sponsor)
    made = client.post("/sponsor/order-sources", {"kind": "accord"})
    assert made.status_code == 201, made.text
    secret = made.json["secret"]
    assert secret.startswith("whsec_")
    assert made.headers["Cache-Control"] == "no-store"
    assert made.json["address"].endswith(f"/api/v1/public/orders/{world.sponsor.sponsor_id}")
    [listed] = client.get("/sponsor/order-sources").json["items"]
    assert "secret" not in listed
    assert listed["hint"] == f"…{secret[-4:]}"
    db.session.rollback()
    row = db.session.scalars(select(OrderSource)).one()
    assert secret.encode() not in row.secret
    turned = client.post(f"/sponsor/order-sources/{listed['id']}/rotate").json
    assert turned["secret"] not in (None, secret)
    assert turned["previous_until"] is not None
    again = client.post("/sponsor/order-sources", {"kind": "accord"})
    assert (again.status_code, again.json["type"]) == (409, "source-exists")
    assert client.delete(f"/sponsor/order-sources/{listed['id']}").status_code == 204
    assert client.get("/sponsor/order-sources").json["items"] == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"kind": "shopify"}, 422),
        ({"kind": "shopify", "secret": "short"}, 422),
        ({"kind": "shopify", "secret": "shpss_0123456789abcdef"}, 201),
        ({"kind": "woocommerce"}, 201),
        ({"kind": "accord", "secret": "x" * 20}, 422),
        ({"kind": "script"}, 201),
        ({"kind": "csv"}, 422),
    ],
)
def test_each_kind_of_source_has_the_secret_that_it_needs(world, body, status):
    answer = SignedIn(world.sponsor).post("/sponsor/order-sources", body)
    assert answer.status_code == status, answer.text
    if status == 201:
        wanted = {"shopify": body.get("secret"), "script": None}
        assert answer.json["secret"] == wanted.get(body["kind"], answer.json["secret"])


def test_rates_are_stated_as_a_whole(world):
    client = SignedIn(world.sponsor)
    rates = [
        {"currency": "USD", "into": "EUR", "rate": "0.92"},
        {"currency": "VND", "into": "EUR", "rate": "0.000037"},
    ]
    answer = client("PUT", "/sponsor/exchange-rates", {"rates": rates})
    assert answer.status_code == 200, answer.text
    kept = client.get("/sponsor/exchange-rates").json["items"]
    assert [{name: rate[name] for name in rates[0]} for rate in kept] == rates
    assert client("PUT", "/sponsor/exchange-rates", {"rates": rates[:1]}).status_code == 200
    assert len(client.get("/sponsor/exchange-rates").json["items"]) == 1
    for rate in ("0", "-1", "1e3", "0,92", "", "1000001", "NaN", "٣"):
        wrong = {"rates": [{"currency": "USD", "into": "EUR", "rate": rate}]}
        assert client("PUT", "/sponsor/exchange-rates", wrong).status_code == 422, rate
    doubled = {"rates": [rates[0], rates[0]]}
    assert client("PUT", "/sponsor/exchange-rates", doubled).status_code == 422
    same = {"rates": [{"currency": "EUR", "into": "EUR", "rate": "1"}]}
    assert client("PUT", "/sponsor/exchange-rates", same).status_code == 422


# --- the influencer -----------------------------------------------------------------------------


def test_the_winner_sees_amounts_and_every_touch(world, agreement, rival):
    order = lost_and_won(world, agreement, rival)
    client = SignedIn(rival.influencer)
    assert ids(client.get("/influencer/orders")) == [order.id]
    assert ids(client.get("/influencer/orders?won=false")) == []
    shown = client.get(f"/influencer/orders/{order.id}").json
    assert (shown["won"], shown["revenue"]["amount"]) == (True, 8_000)
    assert shown["commission"]["paid"]["amount"] == 640
    [receipt] = shown["receipts"]
    assert [(one["own"], one["outcome"], one["link"] is None) for one in receipt["touches"]] == [
        (False, "earlier", True),
        (True, "won", False),
    ]


def test_who_lost_sees_why_and_neither_amounts_nor_names(world, agreement, rival):
    make_coupon(make_link(rival, agree(rival, cap=50_000)), "RIVAL")
    clicked = make_click(make_link(world, agreement), ago(days=3))
    order = tell(world.sponsor, fact(click_id=clicked, coupons=("RIVAL",))).order
    client = SignedIn(world.influencer)
    assert ids(client.get("/influencer/orders")) == []
    assert ids(client.get("/influencer/orders?won=false")) == [order.id]
    answer = client.get(f"/influencer/orders/{order.id}")
    shown = answer.json
    assert (shown["won"], shown["receipts"][0]["won"]) == (False, False)
    for name in ("revenue", "refund", "commission", "campaign", "ad_request_id"):
        assert shown[name] is None, name
    assert [one["outcome"] for one in shown["receipts"][0]["touches"]] == [
        "coupon_beats_link",
        "won",
    ]
    for hidden in ("Rival", "RIVAL", rival.influencer.influencer_id, "amount"):
        assert hidden not in answer.text, hidden


def test_whoever_had_no_part_in_an_order_sees_nothing_of_it(world, agreement, rival):
    order = lost_and_won(world, agreement, rival)
    stranger = SignedIn(make_influencer())
    assert stranger.get(f"/influencer/orders/{order.id}").status_code == 404
    assert ids(stranger.get("/influencer/orders?won=false")) == []
    assert SignedIn(make_world().sponsor).get(f"/sponsor/orders/{order.id}").status_code == 404
    file = SignedIn(rival.influencer).get("/influencer/orders.csv")
    assert order.id in file.text
    assert "6.40" in file.text
