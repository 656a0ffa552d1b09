"""The same order through several ways at the same moment: one row, one commission."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.attribution.models import Order
from app.core.extensions import db
from tests.factories.ad_requests import agree, check_money, make_world
from tests.factories.orders import ago, click_id, commission, make_link
from tests.services.contention import contend

pytestmark = [pytest.mark.process, pytest.mark.usefixtures("app")]

TARGET = "tests.attribution.contenders:tell"


def test_one_order_told_at_once_through_every_way_pays_once(environ):
    world = make_world()
    agreement = agree(world, cap=50_000)
    told = {
        "sponsor_id": world.sponsor.sponsor_id,
        "external_id": "1001",
        "currency": "EUR",
        "total": 10_000,
        "ordered_at": ago(minutes=1).isoformat(),
        "click_id": click_id(make_link(world, agreement), ago(days=1)),
    }
    each = [{**told, "kind": kind} for kind in ("accord", "shopify", "script")]
    said = Counter(contend(environ, TARGET, each, times=8, threads=2))
    assert set(said) <= {"recorded", "changed", "unchanged"}, said
    assert said["recorded"] == 1
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Order)) == 1
    [order_id] = db.session.scalars(select(Order.id)).all()
    assert commission(order_id).paid_amount == 800
    assert check_money(world, agreement).commission_paid_amount == 800


def test_many_orders_at_once_pay_no_more_than_the_cap(environ):
    world = make_world()
    agreement = agree(world, cap=2_000)
    link = make_link(world, agreement)
    told = {
        "sponsor_id": world.sponsor.sponsor_id,
        "kind": "accord",
        "currency": "EUR",
        "total": 10_000,
        "ordered_at": ago(minutes=1).isoformat(),
        "click_id": click_id(link, ago(days=1)),
    }
    each = [{**told, "external_id": str(number)} for number in range(4)]
    said = contend(environ, TARGET, each, times=2, threads=2)
    assert Counter(said) == {"recorded": 4, "unchanged": 4}
    row = check_money(world, agreement)
    assert (row.commission_paid_amount, row.commission_left) == (2_000, 0)
