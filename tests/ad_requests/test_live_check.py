"""A published post is looked at while it may still be confirmed, against a platform of our own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.ad_requests import figures, service
from app.ad_requests.live_check import AGES, JOB
from app.core.actor import SYSTEM, MemberRole
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import OUTBOUND, Job, run_job
from app.core.transaction import unit_of_work
from app.notifications.models import Notification
from tests.core.servers import say, serve
from tests.factories.ad_requests import (
    advance,
    agree,
    check_money,
    document,
    kept,
    make_world,
    reload,
)
from tests.factories.identity import SignedIn, make_member, make_sponsor

HOUR = timedelta(hours=1)
TEXT = "Two days in the hills with a good tent and no plan. " * 8


@pytest.fixture
def platform():
    with serve({"/p/1": say(200, f"<p>{TEXT} #ad</p>".encode(), Content_Type="text/html")}) as site:
        yield site


@pytest.fixture
def settings(settings, platform):
    from dataclasses import replace

    return replace(settings, egress_hosts=(platform.place,))


@pytest.fixture
def world(app):
    return make_world(disclosure_tags=["#ad"])


def publish(world, made, url):
    part = advance(world, made, "approved")
    kept(
        lambda: service.publish(
            world.influencer.actor, ad_request_id=made.id, deliverable_id=part.id, url=url
        )
    )
    return reload(made).deliverables[0]


@pytest.fixture
def made(world):
    return agree(world)


@pytest.fixture
def post(world, made, platform):
    return publish(world, made, platform.url("/p/1"))


def run_due(at=None):
    """Run the checks that are due, as a worker would, and say what each found."""
    with time_machine.travel(at or now(), tick=False):
        due = select(Job.id).where(Job.name == JOB, Job.status == "queued", Job.run_after <= now())
        ids = db.session.scalars(due.order_by(Job.run_after)).all()
        db.session.rollback()
        for job_id in ids:
            run_job(job_id)
        rows = db.session.execute(select(Job.status, Job.result).where(Job.id.in_(ids))).all()
        db.session.rollback()
    assert all(row.status == "done" for row in rows), rows
    return [row.result["reason"] for row in rows if row.result]


def shown(person, made):
    return document(person, made)["deliverables"][0]


def asked(platform):
    return [path for _, path, _ in platform.asked]


def test_looks_at_foreign_servers_wait_in_a_queue_of_their_own(post):
    queues = db.session.scalars(select(Job.queue).where(Job.name == JOB)).all()
    db.session.rollback()
    assert set(queues) == {OUTBOUND}


# --- found --------------------------------------------------------------------------------------


def test_a_post_is_looked_at_when_it_is_published_and_at_set_ages(world, made, post, platform):
    plans = db.session.scalars(select(Job).where(Job.name == JOB).order_by(Job.run_after)).all()
    ages = [job.run_after - post.published_at for job in plans]
    assert ages == [pytest.approx(age, abs=timedelta(seconds=2)) for age in AGES]
    db.session.rollback()
    for age in AGES:
        assert run_due(post.published_at + age + timedelta(seconds=3)) == ["found"]
    assert asked(platform) == ["/p/1"] * 4


def test_both_sides_see_what_was_found(world, made, post):
    assert shown(world.sponsor, made)["check"] is None
    assert run_due() == ["found"]
    for person in (world.sponsor, world.influencer, world.admin):
        check = shown(person, made)["check"]
        assert check.pop("at") >= post.published_at
        assert check == {
            "passed": True,
            "reason": "found",
            "detail": "HTTP 200",
            "again_at": None,
            "disclosure_found": True,
        }


def test_a_missing_disclosure_is_told_and_nothing_more(world, made, post, platform):
    platform.replies["/p/1"] = say(200, f"<p>{TEXT}</p>".encode(), Content_Type="text/html")
    assert run_due() == ["found"]
    part = shown(world.sponsor, made)
    assert (part["status"], part["check"]["disclosure_found"]) == ("published", False)


def test_what_comes_in_doubled_looks_once(world, made, post, platform):
    for _ in range(3):
        assert service.check_publication(made.id, post.id) in ({"reason": "found"}, {})
    assert asked(platform) == ["/p/1"]


# --- missing ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_post_that_is_missing_twice_goes_back(world, made, post, platform, status):
    platform.replies["/p/1"] = say(status)
    first = now()
    run_due(first)
    part = shown(world.sponsor, made)
    assert (part["status"], part["check"]["passed"]) == ("published", False)
    assert part["check"]["again_at"] == pytest.approx(first + HOUR, abs=timedelta(seconds=1))

    run_due(first + timedelta(minutes=59))
    assert shown(world.sponsor, made)["status"] == "published"
    assert told() == []

    run_due(first + HOUR + timedelta(minutes=1))
    part = shown(world.influencer, made)
    assert (part["status"], part["check"]["passed"]) == ("approved", False)
    assert "publish" in part["actions"]
    assert sorted(told()) == sorted([world.sponsor.user_id, world.influencer.user_id])
    assert check_money(world, made).released_amount == 0


def told():
    rows = db.session.scalars(
        select(Notification.user_id).where(Notification.kind == "live_check_failed")
    ).all()
    db.session.rollback()
    return list(rows)


def test_a_post_that_comes_back_is_not_held_against_anyone(world, made, post, platform):
    there = platform.replies.pop("/p/1")
    first = now()
    assert run_due(first) == ["not_found"]
    platform.replies["/p/1"] = there
    assert run_due(first + HOUR + timedelta(seconds=1)) == ["found"]
    platform.replies.pop("/p/1")
    assert run_due(first + timedelta(hours=25)) == ["not_found"]
    assert shown(world.sponsor, made)["status"] == "published"


def test_a_look_that_learns_nothing_does_not_forget_that_a_post_was_missing(
    world, made, post, platform
):
    first = now()
    replies = {0: say(404), 11: say(429), 61: say(429), 24 * 60 + 1: say(404)}
    for minutes, reply in replies.items():
        assert shown(world.sponsor, made)["status"] == "published"
        platform.replies["/p/1"] = reply
        run_due(first + timedelta(minutes=minutes))
        if minutes == 61:
            check = shown(world.sponsor, made)["check"]
            assert (check["passed"], check["again_at"]) == (None, None)
            with time_machine.travel(first + timedelta(minutes=63), tick=False):
                assert service.check_publication(made.id, post.id) == {}, "no sooner than usual"
    assert shown(world.sponsor, made)["status"] == "approved"


def test_a_check_now_does_not_put_off_the_one_that_decides(world, made, post, platform):
    platform.replies.pop("/p/1")
    first = now()
    run_due(first)
    with time_machine.travel(first + timedelta(minutes=58), tick=False):
        unit_of_work(lambda: ask(world.sponsor, made, post))
    run_due(first + timedelta(minutes=58))
    run_due(first + HOUR + timedelta(seconds=1))
    assert shown(world.sponsor, made)["status"] == "approved"


def test_a_post_that_is_published_again_starts_anew(world, made, post, platform):
    platform.replies.pop("/p/1")
    first = now()
    run_due(first)
    run_due(first + HOUR + timedelta(minutes=11))
    platform.replies["/p/2"] = say(200)
    with time_machine.travel(first + 2 * HOUR, tick=False):
        publish(world, made, platform.url("/p/2"))
        assert shown(world.sponsor, made)["check"] is None
    run_due(first + 2 * HOUR)
    assert shown(world.sponsor, made)["check"]["passed"] is True


def test_a_finding_about_another_address_changes_nothing(world, made, post):
    from app.ad_requests.live_check_findings import CheckReason, Finding

    unit_of_work(
        lambda: service.record_live_check(
            ad_request_id=made.id,
            deliverable_id=post.id,
            url="https://elsewhere.example/",
            found=Finding(False, CheckReason.NOT_FOUND),
        )
    )
    assert shown(world.sponsor, made)["check"] is None


# --- nothing to be learned ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (say(403), "refused"),
        (say(429), "busy"),
        (say(500), "server_error"),
        (say(302, Location="/login?next=/p/1"), "login_wall"),
        (say(302, Location="http://127.0.0.1:1/"), "not_public"),
        (say(302, Location="/p/1"), "other_answer"),
        (lambda request: request.connection.close(), "other_answer"),
    ],
)
def test_what_cannot_be_checked_is_never_a_failure(world, made, post, platform, reply, reason):
    platform.replies |= {"/p/1": reply, "/login?next=/p/1": say(200)}
    first = now()
    for hours in (0, 2, 25, 61):
        run_due(first + timedelta(hours=hours))
        part = shown(world.sponsor, made)
        assert (part["status"], part["check"]["passed"]) == ("published", None)
        assert part["check"]["reason"] == reason


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://social.example/posts/1", "not_public"),
        ("http://127.0.0.1/", "not_public"),
        ("http://169.254.169.254/latest/meta-data/", "not_public"),
        ("http://[::1]:6379/", "not_public"),
    ],
)
def test_places_inside_are_not_asked(world, made, url, reason):
    publish(world, made, url)
    assert run_due() == [reason]
    assert shown(world.sponsor, made)["status"] == "published"


def test_switched_off_nobody_is_asked_and_the_page_says_so(world, made, post, platform):
    unit_of_work(lambda: figures.LIVE_CHECKS.set(SYSTEM, False))
    assert run_due() == ["switched_off"]
    assert asked(platform) == []
    check = shown(world.sponsor, made)["check"]
    assert (check["passed"], check["reason"]) == (None, "switched_off")


def test_what_is_no_longer_published_is_not_looked_at(world, made, post, platform):
    advance(world, made, "completed")
    assert run_due(now() + timedelta(days=3)) == []
    assert asked(platform) == []


# --- check now ----------------------------------------------------------------------------------


def ask(person, made, part):
    return service.request_check(person.actor, ad_request_id=made.id, deliverable_id=part.id)


def path(made, part):
    return f"/sponsor/ad-requests/{made.id}/deliverables/{part.id}/check"


def test_a_sponsor_has_the_post_looked_at_now(world, made, post, platform):
    sponsor = SignedIn(world.sponsor)
    run_due()
    refused = sponsor.post(path(made, post))
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (
        409,
        "checked-already",
    )
    with time_machine.travel(now() + timedelta(minutes=6), tick=False):
        answer = SignedIn(world.sponsor).post(path(made, post))
        assert answer.status_code == 200, answer.json
        assert "check" in answer.json["deliverables"][0]["actions"]
        assert run_due() == ["found"]
    assert asked(platform) == ["/p/1"] * 2


def test_a_check_is_for_the_sponsor_of_a_published_post(world, made, platform):
    part = advance(world, made, "approved")
    assert SignedIn(world.sponsor).post(path(made, part)).status_code == 409
    assert "check" not in shown(world.sponsor, made)["actions"]
    part = publish(world, made, platform.url("/p/1"))
    assert SignedIn(make_sponsor()).post(path(made, part)).status_code == 404
    viewer = make_member(world.sponsor, MemberRole.VIEWER)
    assert SignedIn(viewer).post(path(made, part)).status_code == 403
    assert "check" not in shown(world.influencer, made)["actions"]
    assert SignedIn(world.influencer).post(path(made, part)).status_code == 403


def test_nothing_is_looked_at_now_while_checks_are_off(world, made, post):
    unit_of_work(lambda: figures.LIVE_CHECKS.set(SYSTEM, False))
    refused = SignedIn(world.sponsor).post(path(made, post))
    assert (refused.status_code, refused.json["type"].rpartition("/")[2]) == (409, "checks-off")
