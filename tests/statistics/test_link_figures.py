"""What links brought, as their lists and pages show it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.attribution import links
from app.attribution.click_rules import Reason
from app.core.clock import now
from app.core.money import Money
from app.statistics.link_figures import clicks_by_day, figures_of
from tests.factories.ad_requests import agree, make_world
from tests.factories.statistics import change_order, click, make_link, order

DAY = timedelta(days=1)


@pytest.fixture
def world(app):
    return make_world(time_zone="Asia/Kolkata")


def read(world, link_id):
    return links.get_for(world.sponsor.actor, link_id)


def test_raw_clicks_are_the_counted_ones_and_those_of_every_other_reason(world):
    link = make_link(world, agree(world).id)
    click(link, now(), times=5)
    for reason in Reason:
        click(link, now() - DAY, reason=reason)
    shown = figures_of([read(world, link)])[link]
    assert shown["clicks"] == 6
    assert shown["raw"] == 5 + len(Reason)
    by_day = clicks_by_day(read(world, link), 7)
    assert by_day["raw"] == sum(one["clicks"] for one in by_day["reasons"]) == shown["raw"]
    assert sum(day["counted"] + day["others"] for day in by_day["days"]) == shown["raw"]


def test_revenue_is_what_refunds_left_of_confirmed_orders(world):
    agreed = agree(world).id
    link, other = make_link(world, agreed), make_link(world, agreed)
    refunded = order(link, now(), revenue=10_000)
    change_order(refunded, refund_amount=2_500)
    order(link, now(), revenue=4_000)
    order(link, now(), revenue=9_000, verified=False)
    shown = figures_of([read(world, link), read(world, other)])
    assert shown[link]["orders"] == 2
    assert shown[link]["revenue"] == Money(11_500, "EUR")
    assert shown[other] == {
        "raw": 0,
        "clicks": 0,
        "orders": 0,
        "revenue": Money(0, "EUR"),
        "commission": Money(0, "EUR"),
    }


def test_days_are_those_of_the_campaigns_time_zone_and_none_is_left_out(world):
    link = make_link(world, agree(world).id)
    # Half past one of 3 May in Kolkata.
    click(link, datetime(2026, 5, 2, 20, tzinfo=UTC))
    with time_machine.travel(datetime(2026, 5, 4, 12, tzinfo=UTC), tick=False):
        days = clicks_by_day(read(world, link), 7)["days"]
    assert [(str(day["day"]), day["counted"]) for day in days] == [
        ("2026-04-28", 0),
        ("2026-04-29", 0),
        ("2026-04-30", 0),
        ("2026-05-01", 0),
        ("2026-05-02", 0),
        ("2026-05-03", 1),
        ("2026-05-04", 0),
    ]
