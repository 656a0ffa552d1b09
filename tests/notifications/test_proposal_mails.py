"""Proposals that are made and taken back again and again fill no mailbox."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.ad_requests import service
from app.core.clock import now
from app.core.extensions import db
from app.notifications.models import Mail, Notification
from tests.factories.ad_requests import World, kept, make_world, propose
from tests.factories.identity import make_influencer


@pytest.fixture
def world(app) -> World:
    return make_world()


def count(model, kind: str) -> int:
    found = db.session.scalar(select(func.count()).select_from(model).where(model.kind == kind))
    db.session.rollback()
    return found or 0


def propose_and_take_back(world: World, origin: str) -> None:
    made = propose(world, origin)
    actor = (world.influencer if origin == "application" else world.sponsor).actor
    kept(lambda: service.withdraw(actor, ad_request_id=made.id))


@pytest.mark.parametrize(
    ("origin", "kind"), [("invitation", "offer_made"), ("application", "application_made")]
)
def test_one_mail_an_hour_tells_of_proposals_between_the_same_two(world, origin, kind):
    start = now()
    for minutes in range(3):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=False):
            propose_and_take_back(world, origin)
    assert (count(Mail, kind), count(Mail, "offer_withdrawn")) == (1, 1)
    assert (count(Notification, kind), count(Notification, "offer_withdrawn")) == (3, 3)

    with time_machine.travel(start + timedelta(minutes=63), tick=False):
        propose_and_take_back(world, origin)
    assert (count(Mail, kind), count(Mail, "offer_withdrawn")) == (2, 2)


def test_others_are_told_by_mail_meanwhile(world):
    propose_and_take_back(world, "invitation")
    other = World(world.sponsor, make_influencer(), world.admin, world.campaign)
    propose_and_take_back(other, "invitation")
    assert count(Mail, "offer_made") == 2
