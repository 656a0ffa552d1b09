"""However many posts are said to be at one host, it is asked so often a minute and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from limits import RateLimitItemPerMinute
from sqlalchemy import select

from app.ad_requests import service
from app.ad_requests.live_check import JOB, PUT_OFF
from app.core.clock import now
from app.core.extensions import db, limiter
from app.core.host_limit import MOST_A_MINUTE, may_ask
from app.core.jobs import Job, run_job
from tests.core.servers import say, serve
from tests.factories.ad_requests import advance, agree, document, kept, make_world

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

SHARE = RateLimitItemPerMinute(MOST_A_MINUTE)


@pytest.fixture
def platform():
    with serve({"/p/1": say(200, b"<p>A post. #ad</p>", Content_Type="text/html")}) as site:
        yield site


@pytest.fixture
def settings(settings, platform):
    return replace(settings, egress_hosts=(platform.place,), rate_limits=True)


@pytest.fixture
def counted(app):
    """The host of the platform, of which nothing was asked yet in this minute."""
    limiter.limiter.clear(SHARE, "host", "127.0.0.1")
    yield
    limiter.limiter.clear(SHARE, "host", "127.0.0.1")
    limiter.enabled = False


def run_due(moment):
    """Run the checks that are due then; the results of those that had something to do."""
    with time_machine.travel(moment, tick=False):
        due = select(Job.id).where(Job.name == JOB, Job.status == "queued", Job.run_after <= now())
        ids = db.session.scalars(due).all()
        db.session.rollback()
        for job_id in ids:
            run_job(job_id)
        results = db.session.scalars(select(Job.result).where(Job.id.in_(ids))).all()
        db.session.rollback()
    return [result["reason"] for result in results if result]


def test_a_host_that_had_its_share_is_looked_at_some_minutes_later(counted, platform):
    world = make_world(disclosure_tags=["#ad"])
    made = agree(world)
    part = advance(world, made, "approved")
    kept(
        lambda: service.publish(
            world.influencer.actor,
            ad_request_id=made.id,
            deliverable_id=part.id,
            url=platform.url("/p/1"),
        )
    )
    assert [may_ask(platform.url("/of-others")) for _ in range(MOST_A_MINUTE)] == (
        [True] * MOST_A_MINUTE
    )
    assert may_ask("https://elsewhere.example/p/1")

    assert run_due(now()) == ["put_off"]
    assert platform.asked == []
    assert document(world.sponsor, made)["deliverables"][0]["check"] is None

    limiter.limiter.clear(SHARE, "host", "127.0.0.1")
    assert "found" in run_due(now() + PUT_OFF[1] + timedelta(seconds=3))
    assert {path for _, path, _ in platform.asked} == {"/p/1"}


def test_a_name_in_capitals_or_with_a_dot_is_the_same_host(counted):
    for _ in range(MOST_A_MINUTE):
        may_ask("https://127.0.0.1/p/1")
    assert not may_ask("HTTPS://127.0.0.1./p/2")
