"""The report of a campaign: what belongs to which phase, who reads what, and at what price."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.attribution.click_rules import Reason
from app.core.clock import shifted, today
from app.core.errors import NotFound
from app.core.extensions import db
from app.reporting import campaign_reports
from tests.factories.ad_requests import World, make_world, reload, step
from tests.factories.identity import SignedIn, make_influencer
from tests.factories.statistics import (
    change_order,
    click,
    make_link,
    order,
    publish_post,
    state,
)
from tests.services.statements import counted as statements

FEE = 100_000
START = today()


def day(number: int, hour: int = 12) -> datetime:
    """A moment of the campaign's day of that number, from 1 on."""
    return datetime.combine(START + timedelta(days=number - 1), datetime.min.time(), UTC).replace(
        hour=hour
    )


PHASES = [
    {"name": "Tease", "starts_on": START, "ends_on": START + timedelta(days=4)},
    {
        "name": "Sell",
        "starts_on": START + timedelta(days=6),
        "ends_on": START + timedelta(days=10),
    },
]


@pytest.fixture
def world(app):
    return make_world(phases=PHASES)


def also(world):
    return World(world.sponsor, make_influencer(name="Mai"), world.admin, world.campaign)


def report(world, by="sponsor"):
    db.session.rollback()
    return campaign_reports.report(world.side(by).actor, campaign_id=world.campaign.id)


def post_on(world, moment, **figures):
    with time_machine.travel(moment, tick=False):
        post = publish_post(world)
        if figures:
            state(world, post, **figures)
    return post


# --- phases -------------------------------------------------------------------------------------


def test_interactions_follow_the_post_and_clicks_and_orders_their_own_time(world):
    post = post_on(world, day(2), reactions=100, comments=0, shares=0)
    with time_machine.travel(day(8)):
        step(world, reload(post[0]))
    link = make_link(world, post[0])
    click(link, day(2), times=3)
    click(link, day(8), times=5)
    order(link, day(8), 9_000)
    first, second = (phase["figures"] for phase in report(world)["phases"])
    assert (first["posts"], first["interactions"], first["clicks"]) == (1, 100, 3)
    assert first["spend"]["amount"] == FEE
    assert (second["posts"], second["clicks"], second["orders"]) == (0, 5, 1)
    assert (second["revenue"]["amount"], second["spend"]["amount"]) == (9_000, 0)
    assert second["conversion_per_click"] == 0.2
    assert second["click_per_interaction"] is None


def test_what_lies_outside_every_phase_has_its_own_row(world):
    post = post_on(world, day(6))
    click(make_link(world, post[0]), day(20))
    found = report(world)
    assert (found["outside"]["posts"], found["outside"]["clicks"]) == (1, 1)
    assert found["total"]["posts"] == 1
    assert [phase["figures"]["posts"] for phase in found["phases"]] == [0, 0]


def test_without_phases_there_is_the_whole_alone(app):
    world = make_world()
    publish_post(world)
    found = report(world)
    assert (found["phases"], found["outside"], found["total"]["posts"]) == ([], None, 1)


def test_midnight_is_that_of_the_campaigns_time_zone(app):
    world = make_world(phases=PHASES, time_zone="America/Los_Angeles")
    link = make_link(world, publish_post(world)[0])
    # One o'clock of the sixth day in UTC is still the fifth day there.
    click(link, day(6, 1))
    assert report(world)["phases"][0]["figures"]["clicks"] == 1


def test_the_change_comes_from_the_phase_before(world):
    post = post_on(world, day(1))
    link = make_link(world, post[0])
    for number, clicks, orders in ((1, 20, 2), (8, 10, 5)):
        click(link, day(number), times=clicks)
        for _ in range(orders):
            order(link, day(number), 1_000)
    first, second = report(world)["phases"]
    assert first["change"] is None
    assert second["change"]["clicks"] == {
        "value": -0.5,
        "in_points": False,
        "low": None,
        "high": None,
    }
    conversion = second["change"]["conversion_per_click"]
    assert conversion["value"] == pytest.approx(0.4)
    assert conversion["low"] < 0.4 < conversion["high"]


def test_a_phase_that_has_not_begun_is_not_less_than_the_one_before(world):
    link = make_link(world, publish_post(world)[0])
    click(link, day(1))
    _, second = report(world)["phases"]
    assert (second["figures"]["clicks"], second["change"]) == (0, None)
    with shifted(timedelta(days=90)):
        _, second = report(world)["phases"]
    assert second["change"]["clicks"]["value"] == -1.0


# --- who brought it -----------------------------------------------------------------------------


def test_each_influencer_and_way_of_choosing_has_its_part(world):
    other = also(world)
    for one, orders in ((world, 1), (other, 3)):
        link = make_link(one, publish_post(one)[0])
        for _ in range(orders):
            order(link, day(1), 2_000)
    found = report(world)
    best = found["influencers"][0]
    assert (best["influencer"]["name"], best["total"]["orders"]) == ("Mai", 3)
    assert found["influencers_total"] == 2
    [choice] = found["choices"]
    assert (choice["chosen_by"], choice["figures"]["orders_per_influencer"]) == ("hand_picked", 2.0)
    assert found["phases"][0]["chosen_by"] == ["hand_picked"]


def test_an_influencer_sees_the_own_part_alone(world):
    other = also(world)
    for one in (world, other):
        post = publish_post(one)
        state(one, post)
        order(make_link(one, post[0]), day(1), 2_000)
    found = report(world, "influencer")
    assert found["total"]["orders"] == 1
    assert [row["influencer"]["id"] for row in found["influencers"]] == [
        world.influencer.influencer_id
    ]
    assert len(found["best_posts"]) == 1
    assert sum(line["orders"] for line in found["days"]) == 1


def test_whoever_has_no_part_finds_nothing(world):
    publish_post(world)
    strangers = make_world()
    for actor in (strangers.sponsor.actor, strangers.influencer.actor):
        with pytest.raises(NotFound):
            campaign_reports.report(actor, campaign_id=world.campaign.id)
    assert report(world, "admin")["total"]["posts"] == 1


# --- what it is made of -------------------------------------------------------------------------


def test_each_figure_says_where_it_comes_from_and_the_least_certain_names_it(world):
    other = also(world)
    earlier = day(1, 1)
    state(world, publish_post(world), by="sponsor", source="measured", as_of=earlier)
    state(other, publish_post(other), source="estimated", views=10)
    lines = {line["figure"]: line for line in report(world)["sources"]}
    assert (lines["posts"]["kind"], lines["posts"]["source"]) == ("reported", "published")
    assert lines["interactions"]["kind"] == "estimated"
    assert lines["interactions"]["oldest"] == earlier
    assert "sentiment" not in lines
    assert (lines["clicks"]["kind"], lines["spend"]["source"]) == ("measured", "ledger")


def test_every_request_for_a_link_is_counted_or_has_its_reason(world):
    link = make_link(world, publish_post(world)[0])
    for times, reason in enumerate(Reason, 1):
        click(link, day(1), reason, times)
    found = report(world)
    assert found["clicks_by_reason"] == {
        reason.value: times for times, reason in enumerate(Reason, 1)
    }
    assert found["total"]["clicks"] == 1


def test_an_order_counts_once_it_is_confirmed(world):
    link = make_link(world, publish_post(world)[0])
    made = order(link, day(1), 2_000, verified=False)
    assert (report(world)["total"]["orders"], report(world)["unconfirmed_orders"]) == (0, 1)
    change_order(made, verified_at=day(1), verified_by="system")
    assert (report(world)["total"]["orders"], report(world)["unconfirmed_orders"]) == (1, 0)


def test_the_best_posts_come_first_with_their_rate(world):
    other = also(world)
    state(world, publish_post(world), views=1000)
    state(other, publish_post(other), reactions=900, followers=2000)
    best = report(world)["best_posts"]
    assert [post["interactions"] for post in best] == [940, 160]
    assert [(post["engagement_rate"], post["engagement_base"].value) for post in best] == [
        (0.47, "followers"),
        (0.16, "views"),
    ]


def test_a_report_takes_the_same_statements_however_much_was_counted(world):
    with statements() as few:
        report(world)
    for one in (world, also(world), also(world)):
        post = publish_post(one)
        state(one, post)
        link = make_link(one, post[0])
        for number in (1, 8, 20):
            click(link, day(number))
            order(link, day(number), 1_000)
    with statements() as many:
        report(world)
    assert len(many) == len(few)
    # Clicks are counted by the day before anyone asks.
    assert [one for one in many if re.search(r"\bclicks\b", one)] == []


# --- the surfaces -------------------------------------------------------------------------------


def test_the_report_is_read_and_saved_by_each_side(world):
    post = post_on(world, day(1), views=1000, positive=3, negative=1, neutral=1, not_concerned=2)
    order(make_link(world, post[0]), day(8), 2_000)
    for side in ("sponsor", "influencer", "admin"):
        client = SignedIn(world.side(side))
        path = f"/{side}/campaigns/{world.campaign.id}/report"
        answer = client.get(path)
        assert answer.status_code == 200
        figures = answer.json["phases"][0]["figures"]
        assert figures["sentiment"]["positive"] == {"count": 3, "share": pytest.approx(3 / 7)}
        table = client.get(f"{path}.csv")
        assert table.mimetype == "text/csv"
        rows = list(csv.DictReader(io.StringIO(table.text.removeprefix("\ufeff"))))
        assert [row["row"] for row in rows][:3] == ["phase", "phase", "total"]
        assert (rows[1]["revenue"], rows[0]["views"], rows[1]["from"]) == (
            "20.00",
            "1000",
            (START + timedelta(days=6)).isoformat(),
        )
    paper = client.get(f"{path}.pdf")
    assert (paper.mimetype, paper.data[:5]) == ("application/pdf", b"%PDF-")


def test_an_empty_report_has_a_paper_too(app):
    world = make_world()
    client = SignedIn(world.sponsor)
    path = f"/sponsor/campaigns/{world.campaign.id}/report"
    assert client.get(path).json["total"]["roi"] is None
    assert client.get(f"{path}.pdf").data[:5] == b"%PDF-"
