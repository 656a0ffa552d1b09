"""What campaigns brought, side by side: each figure from its sums, each currency by itself."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest

from app.attribution.click_rules import Reason
from app.attribution.models import TrackingLink
from app.core.clock import today
from app.core.extensions import db
from app.core.money import Money
from app.reporting import results
from tests.factories.ad_requests import World, kept, make_world
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer
from tests.factories.statistics import change_order, click, make_link, order, publish_post, state
from tests.services.statements import counted as statements

FEE = 100_000


def noon(days_ago: int = 0) -> datetime:
    day = today() - timedelta(days=days_ago)
    return datetime.combine(day, datetime.min.time(), UTC).replace(hour=12)


@pytest.fixture
def world(app):
    return make_world(funds=5_000_000, budget=Money(2_000_000, "EUR"))


def beside(world, **values):
    """Another campaign of the same sponsor, with another influencer."""
    campaign = make_campaign(
        world.sponsor, **{"budget": Money(2_000_000, "EUR"), "hold_days": 7, **values}
    )
    return World(world.sponsor, make_influencer(), world.admin, campaign)


def make_link_of(world):
    """A link that belongs to the campaign and to no agreement."""
    link_id = make_link(world, None)

    def work():
        db.session.get_one(TrackingLink, link_id).campaign_id = world.campaign.id

    kept(work)
    return link_id


def found(world, query=""):
    answer = SignedIn(world.sponsor).get(f"/sponsor/results{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def line_of(answer, world):
    return next(
        row["figures"] for row in answer["campaigns"] if row["campaign"]["id"] == world.campaign.id
    )


def test_a_campaigns_figures_are_sums_and_rates_of_sums(world):
    post = publish_post(world, "completed")
    state(world, post, views=2_000, reactions=100, comments=20, shares=5)
    link = make_link(world, post[0])
    click(link, noon(), times=30)
    click(link, noon(1), times=10)
    click(link, noon(), Reason.BOT, times=7)
    first = order(link, noon(), 150_000)
    order(link, noon(1), 100_000)
    change_order(first, refund_amount=50_000)
    figures = line_of(found(world), world)
    assert (figures["views"], figures["interactions"]) == (2_000, 125)
    assert (figures["clicks"], figures["orders"]) == (40, 2)
    assert figures["conversion_per_click"] == 2 / 40
    assert figures["net_revenue"] == {"amount": 200_000, "currency": "EUR"}
    spend = figures["spend"]["amount"]
    assert spend == FEE
    assert figures["roi"] == (200_000 - spend) / spend
    assert figures["cost_per_click"]["amount"] == 2_500
    assert figures["cost_per_order"]["amount"] == 50_000


def test_where_there_is_nothing_to_divide_by_there_is_no_rate(world):
    answer = found(world)
    figures = line_of(answer, world)
    assert (figures["clicks"], figures["orders"], figures["spend"]["amount"]) == (0, 0, 0)
    for rate in ("conversion_per_click", "roi", "cost_per_click", "cost_per_order"):
        assert figures[rate] is None, rate
    assert answer["currencies"] == []


def test_two_currencies_are_never_summed(world):
    yen = beside(world, budget=Money(900_000, "JPY"))
    for one, clicks in ((world, 3), (yen, 5)):
        click(make_link(one, None), noon())
        click(make_link_of(one), noon(), times=clicks)
    answer = found(world)
    sums = {row["currency"]: row["figures"] for row in answer["currencies"]}
    assert {currency: one["clicks"] for currency, one in sums.items()} == {"EUR": 3, "JPY": 5}
    assert all(one["net_revenue"]["currency"] == currency for currency, one in sums.items())
    assert answer["without_campaign"] == {"clicks": 2, "orders": 0}


def test_the_days_of_a_currency_sum_to_its_figures(world):
    link = make_link_of(world)
    for days_ago, times in ((0, 4), (3, 6), (40, 9)):
        click(link, noon(days_ago), times=times)
    order(link, noon(3), 8_000)
    (euro,) = found(world)["currencies"]
    assert [(day["clicks"], day["orders"]) for day in euro["days"]] == [(6, 1), (4, 0)]
    assert euro["days"][0]["day"] == (today() - timedelta(days=3)).isoformat()
    assert euro["figures"]["clicks"] == 10
    assert euro["figures"]["net_revenue"]["amount"] == 8_000


def test_the_period_leaves_out_what_lies_outside_it(world):
    link = make_link_of(world)
    click(link, noon(), times=4)
    click(link, noon(40), times=9)
    since = (today() - timedelta(days=45)).isoformat()
    until = (today() - timedelta(days=35)).isoformat()
    answer = found(world, f"?since={since}&until={until}")
    assert (answer["since"], answer["until"]) == (since, until)
    assert line_of(answer, world)["clicks"] == 9
    # It neither ran then nor brought anything: no line.
    quiet = found(world, f"?since={since}&until={since}")
    assert (quiet["campaigns"], quiet["campaigns_total"]) == ([], 0)


def test_a_period_that_ends_before_it_begins_is_refused(world):
    answer = SignedIn(world.sponsor).get("/sponsor/results?since=2026-02-02&until=2026-02-01")
    assert answer.status_code == 422
    assert "until" in answer.json["errors"]


def test_drafts_have_no_line_and_another_sponsor_sees_nothing_of_it(world):
    click(make_link_of(world), noon())
    make_campaign(world.sponsor, "draft", title="Not yet")
    assert [row["campaign"]["id"] for row in found(world)["campaigns"]] == [world.campaign.id]
    assert all(
        row["campaign"]["id"] != world.campaign.id for row in found(make_world())["campaigns"]
    )


@pytest.mark.parametrize(
    ("sort", "order_of"),
    [
        ("-clicks", ["most", "some", "none"]),
        ("clicks", ["none", "some", "most"]),
        # No click, no conversion: last either way.
        ("-conversion_per_click", ["some", "most", "none"]),
        ("conversion_per_click", ["most", "some", "none"]),
        ("title", ["most", "none", "some"]),
    ],
)
def test_campaigns_are_sorted_by_any_figure_and_none_comes_last(world, sort, order_of):
    names = {}
    for title, clicks, orders in (("some", 4, 2), ("most", 8, 1), ("none", 0, 0)):
        one = beside(world, title=title)
        names[one.campaign.id] = title
        link = make_link_of(one)
        if clicks:
            click(link, noon(), times=clicks)
        for _ in range(orders):
            order(link, noon(), 1_000)
    rows = found(world, f"?sort={sort}")["campaigns"]
    ids = [row["campaign"]["id"] for row in rows]
    assert [names[one] for one in ids if one in names] == order_of


def test_amounts_are_sorted_within_their_currency(world):
    yen = beside(world, budget=Money(900_000, "JPY"))
    more = beside(world)
    for one, revenue in ((world, 1_000), (more, 2_000), (yen, 900_000)):
        order(make_link_of(one), noon(), revenue)
    rows = found(world, "?sort=-net_revenue")["campaigns"]
    assert [row["campaign"]["id"] for row in rows] == [
        more.campaign.id,
        world.campaign.id,
        yen.campaign.id,
    ]


def test_an_unknown_sort_is_refused(world):
    assert SignedIn(world.sponsor).get("/sponsor/results?sort=budget").status_code == 422


def test_the_number_of_statements_does_not_grow(world):
    click(make_link_of(world), noon())

    def asked():
        db.session.rollback()
        with statements() as ran:
            results.of_sponsor(world.sponsor.actor)
        return len([one for one in ran if one.startswith("SELECT")])

    before = asked()
    for _ in range(3):
        click(make_link_of(beside(world)), noon())
    assert asked() == before == 2


def test_the_file_has_a_line_for_each_campaign_and_currency(world):
    link = make_link_of(world)
    click(link, noon(), times=4)
    order(link, noon(), 12_345)
    answer = SignedIn(world.sponsor).get("/sponsor/results.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    text = answer.get_data(as_text=True).removeprefix("\ufeff")
    campaign, whole = csv.DictReader(io.StringIO(text, newline=""))
    assert (campaign["row"], campaign["campaign_id"]) == ("campaign", world.campaign.id)
    assert (campaign["net_revenue"], campaign["currency"]) == ("123.45", "EUR")
    assert (whole["row"], whole["clicks"], whole["conversion_per_click"]) == ("total", "4", "0.25")
    assert whole["roi"] == ""
