"""The figures of dashboards: the same as a slow count of raw clicks, orders and posts, whatever
fields are chosen, and at a constant price."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from app.ad_requests.models import AdRequest
from app.attribution.click_rules import Reason
from app.attribution.models import Click, Order, TrackingLink
from app.campaigns.models import CampaignPhase
from app.core.clock import today
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, Platform, SocialAccount
from app.reporting import dashboard_figures, dashboard_points
from app.reporting.dashboard_fields import DIMENSIONS, MEASURES, REASON, FieldType
from app.reporting.dashboard_parts import Period, Scope
from app.statistics.models import Statistics
from tests.factories.ad_requests import World, make_world
from tests.factories.campaigns import make_campaign
from tests.factories.identity import make_influencer
from tests.factories.statistics import change_order, click, make_link, order, publish_post, state
from tests.services.statements import counted as statements

START = today()
ZONE = "America/Los_Angeles"
PHASES = [
    {"name": "Tease", "starts_on": START, "ends_on": START + timedelta(days=4)},
    {"name": "Sell", "starts_on": START + timedelta(days=6), "ends_on": START + timedelta(days=10)},
]


def moment(number: int, hour: int = 12) -> datetime:
    """A moment of the campaign's day of that number, from 1 on, in UTC."""
    midnight = datetime.combine(START + timedelta(days=number - 1), datetime.min.time(), UTC)
    return midnight + timedelta(hours=hour)


@pytest.fixture
def world(app):
    """Two influencers with posts, links, clicks of every reason, orders and refunds."""
    world = make_world(phases=PHASES, time_zone=ZONE)
    other = World(world.sponsor, make_influencer(name="Mai"), world.admin, world.campaign)
    dice = Random(11)
    for one in (world, other):
        post = publish_post(one)
        state(one, post, views=1_000, positive=3, negative=1, neutral=1, not_concerned=2)
        for link in (make_link(one, post[0]), make_link(one, post[0])):
            for _ in range(12):
                at = moment(dice.randrange(1, 14), dice.randrange(24))
                click(link, at, dice.choice(list(Reason)), dice.randrange(1, 4))
            for _ in range(4):
                at = moment(dice.randrange(1, 14), dice.randrange(24))
                made = order(link, at, dice.randrange(100, 9_000), verified=dice.random() < 0.8)
                change_order(made, refund_amount=dice.randrange(3) * 10)
    _place(world, "VN", {"instagram": 100, "youtube": 900})
    _place(other, "", {})
    return world


def _place(world, country, accounts):
    def work():
        row = db.session.get_one(Influencer, world.influencer.influencer_id)
        row.country = country
        for name, followers in accounts.items():
            account = SocialAccount(
                influencer_id=row.id,
                platform=Platform(name),
                handle=f"{name}.{row.id[-8:]}",
                followers=followers,
            )
            db.session.add(account)

    unit_of_work(work)


def scope(world, **more):
    return Scope(world.sponsor.sponsor_id, world.campaign.id, **more)


def figures(world, dimensions, measures, **more):
    return dashboard_figures.figures(scope(world, **more), dimensions, measures)


def by_key(found):
    return {tuple(key["value"] for key in row["keys"]): row["values"] for row in found["rows"]}


# --- the slow count -----------------------------------------------------------------------------


def slowly(world, dimensions, measures, facts=None):
    """The same from raw clicks and orders, one by one (posts and fees from the agreements' rows,
    which tests of statistics prove)."""
    sums = defaultdict(lambda: defaultdict(int))
    for day, link, agreement, reason, counts in facts or list(_facts(world)):
        key = tuple(_value(name, day, link, agreement, reason) for name in dimensions)
        for name, number in counts.items():
            sums[key][name] += number
    found = {}
    for key, total in sums.items():
        values = [_measure(name, total) for name in measures]
        if any(total[column] for name in measures for column in _MADE_OF[name]):
            found[key] = values
    return found


def _facts(world):
    zone = ZoneInfo(world.campaign.time_zone)
    links: dict[str | None, TrackingLink] = {
        row.id: row for row in db.session.scalars(select(TrackingLink))
    }
    for hit in db.session.scalars(select(Click)):
        link = links[hit.link_id]
        day = hit.at.astimezone(zone).date()
        yield day, link, link.ad_request_id, hit.reason.value, {"raw": 1, hit.reason.value: 1}
    for sale in db.session.scalars(select(Order).where(Order.verified_at.is_not(None))):
        link = links[sale.link_id]
        day = sale.ordered_at.astimezone(zone).date()
        counts = {"orders": 1, "revenue": sale.revenue_amount, "refunds": sale.refund_amount}
        yield day, link, link.ad_request_id, None, counts
    posts = select(Statistics).where(Statistics.link_id.is_(None))
    for row in db.session.scalars(posts):
        names = ("posts", "views", "followers", "engaged", "reactions", "comments", "shares")
        names += ("positive", "negative", "neutral", "not_concerned", "spend")
        yield row.day, None, row.ad_request_id, None, {name: getattr(row, name) for name in names}


def _value(name, day, link, agreement, reason):
    if name == "day":
        return day.isoformat()
    if name == "week":
        return (day - timedelta(days=day.weekday())).isoformat()
    if name == "month":
        return day.replace(day=1).isoformat()
    row = db.session.get_one(AdRequest, agreement)
    if name == "campaign":
        return row.campaign_id
    if name == "influencer":
        return row.influencer_id
    if name == "chosen_by":
        return row.chosen_by.value
    if name == "country":
        return db.session.get_one(Influencer, row.influencer_id).country or None
    if name == "platform":
        own = select(SocialAccount).where(SocialAccount.influencer_id == row.influencer_id)
        accounts = sorted(db.session.scalars(own), key=lambda one: -one.followers)
        return accounts[0].platform.value if accounts else None
    if name == "phase":
        phases = db.session.scalars(select(CampaignPhase))
        return next((one.id for one in phases if one.starts_on <= day <= one.ends_on), None)
    if name == "link":
        return link and link.id
    if name == "target":
        return link and link.target
    assert name == REASON
    return reason


_INTERACTIONS = ("reactions", "comments", "shares")
_LABELLED = ("positive", "negative", "neutral", "not_concerned")
_MADE_OF = {
    "raw_clicks": ("raw",),
    "clicks": ("counted",),
    "interactions": _INTERACTIONS,
    "net_revenue": ("revenue", "refunds"),
    "engagement_rate": ("engaged", "views", "followers"),
    "positive_share": _LABELLED,
    "click_per_interaction": ("counted", *_INTERACTIONS),
    "conversion_per_click": ("orders", "counted"),
    "roi": ("spend", "revenue", "refunds"),
    "cost_per_click": ("spend", "counted"),
    "cost_per_order": ("spend", "orders"),
    **{name: (name,) for name in (*_INTERACTIONS, "posts", "views", "orders")},
    **{name: (name,) for name in ("revenue", "refunds", "spend")},
}


def _measure(name, total):
    def rate(part, whole):
        return part / whole if whole else None

    def each(count):
        return int(total["spend"] / count + 0.5) if count else None

    interactions = sum(total[one] for one in _INTERACTIONS)
    net = total["revenue"] - total["refunds"]
    special = {
        "net_revenue": net,
        "engagement_rate": rate(total["engaged"], total["views"] + total["followers"]),
        "positive_share": rate(total["positive"], sum(total[one] for one in _LABELLED)),
        "click_per_interaction": rate(total["counted"], interactions),
        "conversion_per_click": rate(total["orders"], total["counted"]),
        "roi": rate(net - total["spend"], total["spend"]),
        "cost_per_click": each(total["counted"]),
        "cost_per_order": each(total["orders"]),
    }
    return special[name] if name in special else sum(total[one] for one in _MADE_OF[name])


# --- the same figures ---------------------------------------------------------------------------

_FIELDS = [key for key in DIMENSIONS if key != REASON]
_PAIRS = [
    pair
    for pair in product(_FIELDS, _FIELDS)
    if pair[0] < pair[1] and sum(DIMENSIONS[key].type is FieldType.TIME for key in pair) < 2
]


def test_every_field_and_pair_of_fields_gives_what_a_slow_count_gives(world):
    facts = list(_facts(world))
    for dimensions in [(), *((key,) for key in _FIELDS), *_PAIRS]:
        for measures in (list(MEASURES)[:6], list(MEASURES)[6:12], list(MEASURES)[12:]):
            found = figures(world, dimensions, measures)
            assert not found["truncated"]
            assert by_key(found) == slowly(world, dimensions, measures, facts), dimensions


@pytest.mark.parametrize("more", [(), ("day",), ("influencer",), ("week", "link")])
def test_reasons_split_all_clicks(world, more):
    dimensions = (REASON, *more)
    found = by_key(figures(world, dimensions, ["raw_clicks"]))
    assert found == slowly(world, dimensions, ["raw_clicks"])
    assert sum(values[0] for values in found.values()) == sum(
        values[0] for values in slowly(world, (), ["raw_clicks"]).values()
    )


def test_the_largest_reason_comes_first(world):
    counts = [row["values"][0] for row in figures(world, [REASON], ["raw_clicks"])["rows"]]
    assert counts == sorted(counts, reverse=True)
    assert len(counts) > 1


def test_a_rate_of_all_is_no_average_of_rates(world):
    db.session.rollback()
    per_link = by_key(figures(world, ["link"], ["orders", "clicks", "conversion_per_click"]))
    [[orders, clicks, rate]] = by_key(
        figures(world, [], ["orders", "clicks", "conversion_per_click"])
    ).values()
    assert rate == orders / clicks
    rates = [values[2] for values in per_link.values() if values[2] is not None]
    assert len(rates) > 1
    assert rate != pytest.approx(sum(rates) / len(rates))


def test_what_has_nothing_to_divide_by_has_no_rate(app):
    world = make_world()
    order(make_link(world, publish_post(world)[0]), moment(1), 500)
    [[rate, cost]] = by_key(figures(world, [], ["conversion_per_click", "cost_per_click"])).values()
    assert (rate, cost) == (None, None)


# --- what is kept -------------------------------------------------------------------------------


def test_filters_and_the_period_keep_their_part(world):
    link = by_key(figures(world, ["link"], ["raw_clicks"]))
    one = next(key[0] for key in link if key[0])
    kept = figures(world, ["link"], ["raw_clicks"], kept={"link": (one,)})
    assert by_key(kept) == {(one,): link[one,]}
    days = by_key(figures(world, ["day"], ["raw_clicks"]))
    first, last = START + timedelta(days=2), START + timedelta(days=5)
    some = by_key(figures(world, ["day"], ["raw_clicks"], period=Period(first, last)))
    assert some == {
        key: values for key, values in days.items() if first <= date.fromisoformat(key[0]) <= last
    }


def test_none_can_be_kept_as_a_value(world):
    outside = by_key(figures(world, ["phase"], ["raw_clicks"]))[None,]
    kept = by_key(figures(world, ["phase"], ["raw_clicks"], kept={"phase": (None,)}))
    assert kept == {(None,): outside}


def test_a_reason_is_kept_alone(world):
    found = by_key(figures(world, [REASON], ["raw_clicks"], kept={REASON: ("bot",)}))
    assert set(found) == {("bot",)}
    assert figures(world, [], ["raw_clicks"], kept={REASON: ("nothing",)})["rows"] == []


def test_the_fields_offer_what_was_counted(world):
    found = dashboard_figures.choices(scope(world))
    assert {one["label"] for one in found["phase"]} == {"Tease", "Sell"}
    assert [one["value"] for one in found["platform"]] == ["youtube"]
    assert [one["value"] for one in found["country"]] == ["VN"]
    assert len(found["link"]) == 4
    assert "day" not in found


# --- several currencies -------------------------------------------------------------------------


def test_amounts_of_several_currencies_are_never_added(world):
    campaign = make_campaign(world.sponsor, budget=Money(500_000, "USD"))
    elsewhere = World(world.sponsor, world.influencer, world.admin, campaign)
    order(_link_of(elsewhere), moment(1), 7_700)
    everywhere = Scope(world.sponsor.sponsor_id)
    found = dashboard_figures.figures(everywhere, [], ["revenue", "orders"])
    assert found["currencies"] == ["EUR", "USD"]
    assert {row["currency"]: row["values"][0] for row in found["rows"]}["USD"] == 7_700
    counts = dashboard_figures.figures(everywhere, [], ["orders"])
    assert [row["currency"] for row in counts["rows"]] == [None]
    assert counts["rows"][0]["values"][0] == sum(row["values"][1] for row in found["rows"])


def _link_of(world):
    def work():
        link = TrackingLink(
            code="codeusd",
            influencer_id=world.influencer.influencer_id,
            sponsor_id=world.sponsor.sponsor_id,
            campaign_id=world.campaign.id,
            target="https://shop.example/",
        )
        db.session.add(link)
        db.session.flush()
        return link.id

    return unit_of_work(work)


# --- bounds -------------------------------------------------------------------------------------


def test_of_too_many_rows_the_latest_and_the_largest_stay(world, monkeypatch):
    whole = figures(world, ["day"], ["raw_clicks"])
    largest = figures(world, ["link"], ["raw_clicks"])
    monkeypatch.setattr(dashboard_figures, "MOST_ROWS", 3)
    days = figures(world, ["day"], ["raw_clicks"])
    assert (days["truncated"], days["rows"]) == (True, whole["rows"][-3:])
    links = figures(world, ["link"], ["raw_clicks"])
    assert (links["truncated"], links["rows"]) == (True, largest["rows"][:3])
    assert [row["values"] for row in links["rows"]] == sorted(
        (row["values"] for row in links["rows"]), reverse=True
    )


def _reads(asked):
    return [one for one in asked if one != "BEGIN"]


def test_a_panel_takes_one_statement_however_much_was_counted(world):
    every = [("day", "influencer", "phase"), ("platform", "country", "chosen_by"), ("link",)]
    for dimensions in every:
        with statements() as asked:
            dashboard_figures.figures(scope(world), dimensions, ["revenue", "roi"])
        assert len(_reads(asked)) == 1


# --- behind a point -----------------------------------------------------------------------------


def point(world, dimensions, keys, **more):
    narrowed = dashboard_points.narrowed(scope(world, **more), dimensions, keys)
    return dashboard_points.behind(narrowed)


def test_every_point_opens_into_the_parts_that_sum_to_it(world):
    measures = ["clicks", "orders", "spend"]
    for dimensions in (["day", "influencer"], ["week"], ["month", "phase"], ["link"], ["country"]):
        for row in figures(world, dimensions, measures)["rows"]:
            keys = [key["value"] or "" for key in row["keys"]]
            found = point(world, dimensions, keys)
            parts = found["parts"]
            assert [
                sum(part["clicks"] for part in parts),
                sum(part["orders"] for part in parts),
                sum(part["spend"]["amount"] for part in parts),
            ] == row["values"], (dimensions, keys)
            assert len(found["orders"]) == row["values"][1], (dimensions, keys)
            assert sum(order["revenue"].amount for order in found["orders"]) == sum(
                part["revenue"]["amount"] for part in parts
            )


def test_a_point_says_how_its_clicks_ended(world):
    [part, *_] = point(world, [], [])["parts"]
    assert sum(part["clicks_by_reason"].values()) >= part["clicks"]
    assert set(part["clicks_by_reason"]) == {reason.value for reason in Reason}


def test_a_point_keeps_to_the_filters_of_its_panel(world):
    mai = by_key(figures(world, ["influencer"], ["clicks"]))
    first, second = (key[0] for key in mai)
    assert point(world, ["influencer"], [second], kept={"influencer": (first,)})["parts"] == []


@pytest.mark.parametrize("keys", [[], ["2026-11-22", "x"], ["yesterday"], [""], ["9999-12-31"]])
def test_a_point_that_is_none_is_refused(app, keys):
    everywhere = Scope("spn_any")
    with pytest.raises(Invalid):
        dashboard_points.narrowed(everywhere, ["month"], keys)


def test_a_point_takes_the_same_statements_however_much_lies_behind(world):
    with statements() as few:
        point(world, ["day"], [START.isoformat()])
    with statements() as many:
        point(world, [], [])
    assert len(_reads(many)) == len(_reads(few)) == 3
