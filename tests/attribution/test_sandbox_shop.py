"""The shop of the sandbox keeps the click that led to it, and tells of its orders as shops do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from app.attribution import order_sources
from app.attribution.models import Order
from app.attribution.order_facts import OrderSourceKind
from app.attribution.sandbox_shop import path_of
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.factories import orders
from tests.factories.ad_requests import agree, make_world
from tests.factories.identity import make_sponsor

CLICK = "accord_click"


@pytest.fixture
def world(app):
    return make_world()


def open_source(world):
    unit_of_work(lambda: order_sources.add(world.sponsor.actor, kind=OrderSourceKind.ACCORD))


def told(world):
    found = db.session.scalars(
        select(Order).where(Order.sponsor_id == world.sponsor.sponsor_id)
    ).all()
    db.session.rollback()
    return found


def test_what_is_bought_after_a_click_is_credited_to_its_link(client, world):
    open_source(world)
    link = orders.make_link(world, agree(world))
    click_id = orders.make_click(link, orders.ago(hours=1))
    shop = path_of(world.sponsor.sponsor_id)

    assert client.get(f"{shop}?{CLICK}={click_id}").status_code == 200
    answer = client.post(shop, data={"number": "2", "coupon": ""})

    (order,) = told(world)
    assert order.external_id in answer.get_data(as_text=True)
    assert (order.link_id, order.verified) == (link.id, True)
    assert order.source is OrderSourceKind.ACCORD


@pytest.mark.parametrize("number", ["0", "21", "-1", "one", ""])
def test_a_number_that_makes_no_sense_buys_nothing(client, world, number):
    open_source(world)
    answer = client.post(path_of(world.sponsor.sponsor_id), data={"number": number})
    assert answer.status_code == 422
    assert told(world) == []


def test_without_a_source_it_says_what_to_open(client, world):
    shop = path_of(world.sponsor.sponsor_id)
    assert "Signed webhook" in client.get(shop).get_data(as_text=True)
    assert client.post(shop, data={"number": "1"}).status_code == 422
    assert told(world) == []


def test_there_is_none_where_no_sandbox_is(settings, make_app):
    app = make_app(replace(settings, sandbox_gateway=False))
    with app.app_context():
        sponsor = make_sponsor()
        unit_of_work(lambda: order_sources.add(sponsor.actor, kind=OrderSourceKind.ACCORD))
        shop = path_of(sponsor.sponsor_id)
        client = app.test_client()
        assert client.get(shop).status_code == 404
        assert client.post(shop, data={"number": "1"}).status_code == 404
        assert db.session.scalar(select(Order.id)) is None
        db.session.rollback()
