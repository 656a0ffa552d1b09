"""The admin's overview: what all sponsors brought, and what is wrong at the moment."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from sqlalchemy import update

from app.attribution import click_lag, order_sources
from app.attribution.click_ids import moment_of
from app.attribution.click_log import folder_of
from app.attribution.click_rules import Reason
from app.attribution.link_models import ClickSegment, TrackingLink
from app.attribution.order_facts import OrderSourceKind
from app.brands.models import SponsorDomain
from app.core.caching import invalidate
from app.core.clock import now, today
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work
from app.reporting.platform_results import AREA
from tests.factories.ad_requests import agree, make_world
from tests.factories.identity import SignedIn, make_admin
from tests.factories.links import verify
from tests.factories.statistics import click, make_link, order
from tests.services.statements import counted as statements


@pytest.fixture
def admin(app):
    return SignedIn(make_admin())


def found(admin, query=""):
    invalidate(AREA)
    answer = admin.get(f"/admin/results{query}")
    assert answer.status_code == 200, answer.json
    return answer.json


def linked():
    """A world, and a link of an agreement in it."""
    world = make_world()
    return world, make_link(world, agree(world).id)


def test_an_empty_platform_has_no_figures_and_nothing_wrong(admin):
    answer = found(admin)
    assert (answer["currencies"], answer["campaigns"], answer["orders"]) == ([], [], [])
    assert answer["health"] == {
        "broken_links": 0,
        "blocked_links": 0,
        "unverified_domains": 0,
        "lost_domains": 0,
        "lapsed_domains": 0,
        "gateway_events": 0,
        "refusals": [],
        "waiting_bytes": 0,
        "oldest_click": None,
    }


def test_all_sponsors_are_summed_and_the_best_campaigns_come_first(admin):
    (few, first), (many, second) = linked(), linked()
    click(first, now(), times=5)
    click(second, now(), times=3)
    for _ in range(2):
        order(second, now(), 4_000)
    order(first, now(), 4_000)
    answer = found(admin)
    (euro,) = answer["currencies"]
    assert (euro["figures"]["clicks"], euro["figures"]["orders"]) == (8, 3)
    assert euro["figures"]["net_revenue"]["amount"] == 12_000
    assert [row["campaign"]["id"] for row in answer["campaigns"]] == [
        many.campaign.id,
        few.campaign.id,
    ]
    assert answer["campaigns"][0]["sponsor"]["id"] == many.sponsor.sponsor_id


def test_every_request_for_a_link_has_its_reason_by_day(admin):
    _, link = linked()
    click(link, now(), times=4)
    click(link, now(), Reason.BOT, times=2)
    click(link, now() - timedelta(days=3), Reason.DUPLICATE)
    days = found(admin)["clicks_by_day"]
    assert [day["day"] for day in days] == [
        (today() - timedelta(days=3)).isoformat(),
        today().isoformat(),
    ]
    assert {name: count for name, count in days[1]["reasons"].items() if count} == {
        "counted": 4,
        "bot": 2,
    }
    assert set(days[0]["reasons"]) == {reason.value for reason in Reason}


def test_orders_are_told_apart_by_way_and_confirmation(admin):
    _, link = linked()
    order(link, now(), 1_000)
    order(link, now(), 1_000, verified=False)
    order(link, now() - timedelta(days=60), 1_000)
    assert found(admin)["orders"] == [{"source": "accord", "confirmed": 1, "unconfirmed": 1}]


def test_what_is_wrong_with_links_and_domains_is_counted(admin):
    world, _link = linked()
    verify(world.sponsor)
    verify(world.sponsor, "lost.example")
    verify(world.sponsor, "lapsed.example")

    def work():
        db.session.execute(update(TrackingLink).values(broken_since=now(), blocked_at=now()))
        for host, values in (
            ("lost.example", {"lost_at": now()}),
            ("lapsed.example", {"lost_at": now(), "lapsed_at": now()}),
        ):
            db.session.execute(
                update(SponsorDomain).where(SponsorDomain.host == host).values(**values)
            )

    unit_of_work(work)
    health = found(admin)["health"]
    assert (health["broken_links"], health["blocked_links"]) == (1, 1)
    assert (health["unverified_domains"], health["lost_domains"], health["lapsed_domains"]) == (
        0,
        1,
        1,
    )


def test_refused_messages_of_shops_name_sponsor_and_reason(admin):
    world = make_world()
    sponsor_id = str(world.sponsor.sponsor_id)
    unit_of_work(lambda: order_sources.add(world.sponsor.actor, kind=OrderSourceKind.ACCORD))
    order_sources.note_refusal(sponsor_id, OrderSourceKind.ACCORD, "bad-signature")
    (refusal,) = found(admin)["health"]["refusals"]
    assert refusal["sponsor"]["id"] == sponsor_id
    assert (refusal["source"], refusal["reason"]) == ("accord", "bad-signature")
    # A way that is not open has nothing to note.
    order_sources.note_refusal(sponsor_id, OrderSourceKind.SHOPIFY, "bad-signature")
    assert len(found(admin)["health"]["refusals"]) == 1


def test_the_log_says_how_far_counting_is_behind(admin):
    folder = folder_of(settings())
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "0000-lag-1.clicks"
    lines = [
        orjson.dumps(["lnk_1", 1_700_000_000_000 + n, "v", "h", "", "", 0]) + b"\n" for n in (0, 5)
    ]
    path.write_bytes(b"".join(lines))
    try:
        assert click_lag.lag() == click_lag.Lag(len(lines[0]) * 2, moment_of(1_700_000_000_000))
        unit_of_work(lambda: db.session.add(ClickSegment(name=path.name, position=len(lines[0]))))
        assert click_lag.lag() == click_lag.Lag(len(lines[1]), moment_of(1_700_000_000_005))
        assert found(admin)["health"]["waiting_bytes"] == len(lines[1])
        unit_of_work(lambda: db.session.execute(update(ClickSegment).values(consumed_at=now())))
        assert click_lag.lag() == click_lag.Lag(0, None)
    finally:
        path.unlink()


def test_the_number_of_statements_does_not_grow(admin):
    def asked():
        invalidate(AREA)
        with statements() as ran:
            admin.get("/admin/results")
        return len([one for one in ran if one.startswith("SELECT")])

    _, link = linked()
    click(link, now())
    before = asked()
    for _ in range(2):
        _, link = linked()
        click(link, now())
        order(link, now(), 1_000)
    assert asked() == before
