"""Links of a brand for no agreement: for whom, to where, once, and counted."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.attribution.link_models import TrackingLink
from app.audit.models import AuditEntry
from app.core.clock import now
from app.core.extensions import db
from app.notifications.models import Notification
from tests.factories.ad_requests import World, agree, make_world, propose
from tests.factories.brands import make_brand
from tests.factories.identity import SignedIn, make_influencer, make_sponsor
from tests.factories.links import HOST, TARGET, verify
from tests.factories.statistics import click


@pytest.fixture
def world(app: Flask) -> World:
    made = make_world()
    verify(made.sponsor)
    agree(made)
    return made


@pytest.fixture
def asked(world: World) -> dict[str, Any]:
    return {
        "influencer_id": world.influencer.influencer_id,
        "brand_id": make_brand(world.sponsor, name="Green Kettle").id,
        "target": TARGET,
    }


def rows() -> int:
    db.session.rollback()
    statement = select(func.count(TrackingLink.id)).where(TrackingLink.ad_request_id.is_(None))
    return db.session.scalar(statement) or 0


def test_a_link_without_an_agreement_is_made_once(world: World, asked: dict[str, Any]) -> None:
    sponsor = SignedIn(world.sponsor)
    first = sponsor.post("/sponsor/links", asked)
    assert first.status_code == 201, first.json
    assert (first.json["campaign"], first.json["ad_request_id"]) == (None, None)
    assert (first.json["leads"], first.json["target"]) == (True, TARGET)
    assert first.json["utm"]["utm_campaign"] == "green-kettle"
    assert first.headers["Location"].endswith(first.json["id"])
    # The same page, written in another way.
    again = sponsor.post("/sponsor/links", {**asked, "target": TARGET.replace(HOST, HOST.upper())})
    assert (again.status_code, again.json["id"]) == (200, first.json["id"])
    assert rows() == 1
    db.session.rollback()
    acts = db.session.scalars(
        select(AuditEntry.action).where(AuditEntry.subject_id == first.json["id"])
    )
    assert list(acts) == ["link.made"]


def test_another_page_or_an_ended_link_makes_another(world: World, asked: dict[str, Any]) -> None:
    sponsor = SignedIn(world.sponsor)
    first = sponsor.post("/sponsor/links", asked).json["id"]
    other = sponsor.post("/sponsor/links", {**asked, "target": f"https://{HOST}/coffee"})
    assert other.status_code == 201
    assert sponsor.post(f"/sponsor/links/{first}/end").status_code == 200
    anew = sponsor.post("/sponsor/links", asked)
    assert anew.status_code == 201
    assert len({first, other.json["id"], anew.json["id"]}) == 3


def test_its_influencer_is_told_and_sees_what_it_brings(
    world: World, asked: dict[str, Any]
) -> None:
    link = SignedIn(world.sponsor).post("/sponsor/links", asked).json
    click(link["id"], now(), times=3)
    influencer = SignedIn(world.influencer)
    found = influencer.get(f"/influencer/links/{link['id']}").json
    assert (found["figures"]["clicks"], found["figures"]["revenue"]) == (3, None)
    db.session.rollback()
    news = db.session.scalars(
        select(Notification).where(
            Notification.user_id == world.influencer.user_id, Notification.kind == "link_made"
        )
    ).one()
    assert news.subject_id == link["id"]
    assert news.params["about"] == news.params["sponsor"]


def test_only_for_influencers_who_have_agreed(world: World, asked: dict[str, Any]) -> None:
    stranger = make_influencer()
    offered = World(world.sponsor, make_influencer(), world.admin, world.campaign)
    propose(offered)
    for person in (stranger, offered.influencer):
        answer = SignedIn(world.sponsor).post(
            "/sponsor/links", {**asked, "influencer_id": person.influencer_id}
        )
        assert (answer.status_code, answer.json["type"]) == (409, "never-agreed")
    assert rows() == 0


def test_only_to_own_domains_and_brands(world: World, asked: dict[str, Any]) -> None:
    sponsor = SignedIn(world.sponsor)
    answer = sponsor.post("/sponsor/links", {**asked, "target": "https://evil.example/"})
    assert (answer.status_code, list(answer.json["errors"])) == (422, ["target"])
    theirs = make_brand(make_sponsor()).id
    assert sponsor.post("/sponsor/links", {**asked, "brand_id": theirs}).status_code == 404
    assert rows() == 0
