"""The daily rows say what was counted, and a rebuild makes exactly the same ones."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.attribution.click_rules import Reason
from app.attribution.order_facts import OrderSourceKind
from app.campaigns import service as campaigns
from app.core.clock import now
from app.core.transaction import unit_of_work
from app.statistics import rollups
from app.statistics.models import CLICK_COLUMNS, COUNTED_COLUMNS
from tests.factories import orders
from tests.factories.ad_requests import World, advance, agree, kept, make_world, reload, step
from tests.factories.identity import make_influencer
from tests.factories.statistics import (
    change_order,
    click,
    correct,
    counted,
    make_link,
    order,
    publish_post,
    state,
)

FEE = 100_000


@pytest.fixture
def world(app):
    return make_world(time_zone="Asia/Kolkata")


def filled(row):
    return {name: row[name] for name in COUNTED_COLUMNS if row[name]}


def rebuilt():
    unit_of_work(rollups.rebuild)
    return counted()


def change_zone(world, zone):
    def work():
        campaign = campaigns.get_for(world.sponsor.actor, world.campaign.id, lock=True)
        campaigns.edit(world.sponsor.actor, campaign, time_zone=zone)

    kept(work)


def test_every_reason_of_a_click_has_its_column():
    assert set(CLICK_COLUMNS) == {f"clicks_{reason.value}" for reason in Reason}


def test_a_post_counts_on_its_day_in_the_campaigns_time_zone(world):
    # 20:00 in London is half past one of the next day in Kolkata.
    late = datetime.combine(now().date() + timedelta(days=1), datetime.min.time(), UTC)
    with time_machine.travel(late + timedelta(hours=20), tick=False):
        post = publish_post(world)
        state(world, post, views=4000)
    [row] = counted()
    assert row["day"] == late.date() + timedelta(days=1)
    assert filled(row) == {
        "posts": 1,
        "figured": 1,
        "views": 4000,
        "engaged": 160,
        "reactions": 120,
        "comments": 30,
        "shares": 10,
    }


def test_what_a_post_cost_stands_on_its_day_whenever_it_is_paid(world):
    post = publish_post(world)
    published = counted()[0]["day"]
    with time_machine.travel(now() + timedelta(days=9)):
        step(world, reload(post[0]))
    [row] = counted()
    assert (row["day"], row["spend"]) == (published, FEE)


def test_only_figures_that_count_are_counted(world):
    post = publish_post(world)
    first = state(world, post, reactions=1200)
    correct(world, post, first, reactions=120)
    state(world, post, reactions=90, as_of=now() - timedelta(days=1))
    assert counted()[0]["reactions"] == 120


def test_a_disputed_post_is_still_there(world):
    post = publish_post(world)
    state(world, post)
    advance(world, reload(post[0]), "disputed")
    assert counted()[0]["posts"] == 1


def test_clicks_and_orders_fall_on_their_own_days(world):
    post = publish_post(world)
    link = make_link(world, post[0])
    before, after = (datetime(2026, 3, 1, 18, minute, tzinfo=UTC) for minute in (29, 30))
    click(link, before, times=2)
    click(link, after, Reason.BOT)
    paid = order(link, after, 5_000)
    change_order(paid, refund_amount=1_000, commission=400)
    order(link, before, 7_000, verified=False)
    rows = {row["day"]: filled(row) for row in counted() if row["link_id"]}
    assert rows == {
        date(2026, 3, 1): {"clicks_counted": 2},
        date(2026, 3, 2): {
            "clicks_bot": 1,
            "orders": 1,
            "revenue": 5_000,
            "refunds": 1_000,
            "spend": 400,
        },
    }


def test_a_day_on_which_nothing_is_left_has_no_row(world):
    link = make_link(world, publish_post(world)[0])
    made = order(link, now(), 5_000)
    other = make_link(world, None)
    change_order(made, link_id=other)
    assert [row["link_id"] for row in counted() if row["orders"]] == [other]
    assert len(counted()) == 2


# --- the same again -----------------------------------------------------------------------------


class History:
    """Everything that can happen, at random."""

    def __init__(self, world: World, seed: int) -> None:
        self.chance = random.Random(seed)
        people = [world, World(world.sponsor, make_influencer(), world.admin, world.campaign)]
        self.posts = [(one, publish_post(one)) for one in people]
        self.stated: list[tuple[World, tuple[str, str], str]] = []
        self.links = [make_link(one, post[0]) for one, post in self.posts]
        self.links.append(make_link(world, None))
        self.orders: list[str] = []
        self.world = world

    def go_on(self) -> None:
        self.chance.choice(
            (self.state, self.correct, self.pay, self.click, self.click, self.order, self.change)
        )()

    def moment(self) -> datetime:
        return now() - timedelta(minutes=self.chance.randrange(4 * 24 * 60))

    def state(self) -> None:
        world, post = self.chance.choice(self.posts)
        views = self.chance.choice((None, 5000))
        made = state(world, post, reactions=self.chance.randrange(500), views=views)
        self.stated.append((world, post, made))

    def correct(self) -> None:
        if self.stated:
            world, post, made = self.stated.pop()
            correct(world, post, made, reactions=self.chance.randrange(500), followers=99)

    def pay(self) -> None:
        world, post = self.posts[-1]
        status = reload(post[0]).deliverables[0].status.value
        if status == "published":
            step(world, reload(post[0]))
        elif status == "completed":
            advance(world, reload(post[0]), "disputed")

    def click(self) -> None:
        reason = self.chance.choice(list(Reason))
        click(self.chance.choice(self.links), self.moment(), reason, self.chance.randrange(1, 4))

    def order(self) -> None:
        verified = self.chance.random() < 0.8
        amount = self.chance.randrange(1, 9_000)
        link = self.chance.choice(self.links)
        self.orders.append(order(link, self.moment(), amount, verified=verified))

    def change(self) -> None:
        if not self.orders:
            return
        chosen = self.orders.pop()
        change_order(
            chosen,
            **self.chance.choice(
                (
                    {"refund_amount": 1},
                    {"commission": 7},
                    {"link_id": self.chance.choice(self.links)},
                    {"verified_at": now(), "verified_by": "system"},
                )
            ),
        )


@pytest.mark.parametrize("seed", [1, 2])
def test_a_rebuild_makes_the_same_rows_after_any_history(world, seed):
    history = History(world, seed)
    for _ in range(30):
        history.go_on()
    kept_in_step = counted()
    assert len(kept_in_step) > 5
    assert rebuilt() == kept_in_step
    change_zone(world, "America/St_Johns")
    moved = counted()
    assert moved != kept_in_step
    assert rebuilt() == moved


def test_what_a_shop_tells_is_counted_as_attribution_settles_it(world):
    """From the click to the refund, through the services that take orders in."""
    agreement = agree(world, cap=20_000, rate=10)
    link = orders.make_link(world, agreement)
    clicked = orders.make_click(link, orders.ago(hours=1))
    told = orders.fact(click_id=clicked)
    orders.tell(world.sponsor, told, OrderSourceKind.SCRIPT)
    assert not any(row["orders"] for row in counted())
    orders.tell(world.sponsor, told)
    [row] = [row for row in counted() if row["orders"]]
    assert (row["revenue"], row["refunds"], row["spend"]) == (8_000, 0, 800)
    orders.tell(world.sponsor, replace(told, refunded=5_000))
    [row] = [row for row in counted() if row["orders"]]
    assert (row["revenue"], row["refunds"], row["spend"]) == (8_000, 4_000, 400)
    # The factory writes its click without telling of it.
    kept_in_step = [row for row in counted() if row["orders"]]
    assert [filled(row) | {"clicks_counted": 1} for row in kept_in_step] == [
        filled(row) | {"clicks_counted": 1} for row in rebuilt() if row["orders"]
    ]


def test_a_rebuild_of_one_campaign_leaves_the_others(world):
    other = make_world()
    state(world, publish_post(world))
    state(other, publish_post(other))
    before = counted()
    assert unit_of_work(lambda: rollups.rebuild(other.campaign.id)) == 1
    assert counted() == before


def test_the_command_says_how_many_rows_there_are(app, world):
    publish_post(world)
    result = app.test_cli_runner().invoke(args=["statistics", "rebuild"])
    assert (result.exit_code, result.output) == (0, "ok: 1 rows\n")
