"""Days-to-pay and payments on time: what the history says, for the last 365 days, for anyone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.ad_requests import deadlines, disputes, live_check, punctuality, service, tasks
from app.ad_requests.live_check_findings import CheckReason, Finding
from app.ad_requests.payment_times import PaymentTime, Step, payment_times
from app.ad_requests.payment_times import punctuality as summed
from app.core.extensions import db
from app.core.jobs import Job, run_job
from app.core.transaction import unit_of_work
from app.identity.models import Sponsor
from app.identity.punctuality import FLOOR, shown
from tests.factories.ad_requests import URL, advance, agree, make_world, reload, step
from tests.factories.identity import SignedIn
from tests.services.statements import counted

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
FOUR_PARTS = tuple((f"Part {number}", 25, 30) for number in range(1, 5))


@pytest.fixture
def clock(app):
    """A clock that stands still unless it is shifted."""
    with time_machine.travel(START, tick=False) as clock:
        yield clock


@pytest.fixture
def world(clock):
    return make_world()


@pytest.fixture
def ad_request(world):
    return agree(world, parts=FOUR_PARTS)


def work_off() -> None:
    """Run the measurements that were asked for."""
    asked = select(Job.id).where(Job.name == "ad_requests.time_payments", Job.status == "queued")
    for job_id in db.session.scalars(asked).all():
        run_job(job_id)


def published(world, ad_request, clock, index) -> None:
    advance(world, ad_request, "published", index)
    clock.shift(timedelta(days=1))


def seen(world) -> dict:
    work_off()
    answer = SignedIn(world.influencer).get(f"/public/sponsors/{world.sponsor.slug}")
    assert answer.status_code == 200, answer.text
    return answer.json["punctuality"]


def decide(world, deliverable, percent: int) -> None:
    unit_of_work(
        lambda: disputes.decide(
            world.admin.actor,
            dispute_id=deliverable.disputes[-1].id,
            to_influencer_percent=percent,
            reason="Looked at it.",
        )
    )


# --- arithmetic ---------------------------------------------------------------------------------

_PATHS = {
    "confirmed": (("publish", "published", "influencer"), ("confirm", "completed", "sponsor")),
    "deadline": (("publish", "published", "influencer"), ("confirm", "completed", "system")),
    "admin": (("publish", "published", "influencer"), ("confirm", "completed", "admin")),
    "decided": (("publish", "published", "influencer"), ("decide_paid", "completed", "admin")),
    "again": (
        ("publish", "published", "influencer"),
        ("publish", "published", "influencer"),
        ("confirm", "completed", "sponsor"),
    ),
    "contested": (
        ("publish", "published", "influencer"),
        ("confirm", "completed", "sponsor"),
        ("decide_paid", "completed", "admin"),
    ),
    "never_published": (("decide_paid", "completed", "admin"),),
    "open": (("publish", "published", "influencer"),),
}
_histories = st.lists(
    st.tuples(st.sampled_from(sorted(_PATHS)), st.lists(st.integers(1, 10**6), min_size=3)),
    max_size=12,
)


def steps_of(histories) -> list[Step]:
    steps = []
    for number, (path, gaps) in enumerate(histories):
        at = START
        for (event, after, role), gap in zip(_PATHS[path], gaps, strict=False):
            at += timedelta(seconds=gap)
            steps.append(Step(f"dlv_{number}", event, after, role, at))
    return sorted(steps, key=lambda one: (one.at, one.deliverable_id))


@given(_histories)
def test_each_published_deliverable_is_one_payment_and_on_time_only_by_the_sponsor(histories):
    found = payment_times(steps_of(histories))
    paths = [path for path, _ in histories]
    wanted = [path for path in paths if path not in ("never_published", "open")]
    assert len(found) == len(wanted)
    by_sponsor = [path for path in wanted if path in ("confirmed", "again", "contested")]
    assert sum(time.on_time for time in found) == len(by_sponsor)
    gaps = [gaps[2 if path == "again" else 1] for path, gaps in histories if path in wanted]
    assert sorted(time.seconds for time in found) == sorted(gaps)


_times = st.lists(
    st.builds(
        lambda start, length, on_time: PaymentTime(
            START + timedelta(seconds=start), START + timedelta(seconds=start + length), on_time
        ),
        st.integers(0, 10**7),
        st.integers(0, 10**6),
        st.booleans(),
    )
)


@given(_times, _times, st.integers(0, 10**7))
def test_sums_add_up_and_what_is_older_does_not_count(some, others, offset):
    since = START + timedelta(seconds=offset)
    both, one, other = (summed(times, since) for times in (some + others, some, others))
    assert both.count == one.count + other.count
    assert both.on_time == one.on_time + other.on_time <= both.count
    assert both.seconds == one.seconds + other.seconds
    assert both.count == sum(time.paid_at >= since for time in some + others)


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(0, 10**10))
def test_nothing_is_said_below_the_floor_and_100_percent_means_every_one(count, late, seconds):
    on_time = max(0, count - late)
    found = shown(count, on_time, seconds)
    assert found["count"] == count
    if count < FLOOR:
        assert (found["days_to_pay"], found["on_time_percent"]) == (None, None)
    else:
        percent, days = found["on_time_percent"], found["days_to_pay"]
        assert percent * count <= on_time * 100 < (percent + 1) * count
        assert (percent == 100) == (on_time == count)
        # Within half of its last digit, a tenth of a day.
        assert abs(days * count - seconds / 86_400) <= 0.0501 * count


# --- measured from events -----------------------------------------------------------------------


def test_days_to_pay_run_from_publication_to_confirmation(world, ad_request, clock):
    for index in range(3):
        published(world, ad_request, clock, index)
        clock.shift(timedelta(hours=12 * index))
        if index == 2:
            assert seen(world) == {
                "count": 2,
                "days_to_pay": None,
                "on_time_percent": None,
                "window_days": 365,
            }
        step(world, ad_request, index)
    assert seen(world) == {
        "count": 3,
        "days_to_pay": 1.5,
        "on_time_percent": 100,
        "window_days": 365,
    }


def test_a_deadline_and_an_admin_are_not_the_sponsor(world, ad_request, clock):
    for index in range(2):
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
    published(world, ad_request, clock, 2)
    clock.shift(timedelta(days=2, minutes=1))
    assert deadlines.enforce()["completed"] == 1
    assert seen(world)["on_time_percent"] == 66
    disputed = advance(world, ad_request, "published", 3)
    clock.shift(timedelta(days=1))
    disputed = advance(world, ad_request, "disputed", 3)
    decide(world, disputed, 100)
    found = seen(world)
    assert (found["count"], found["on_time_percent"]) == (4, 50)
    assert found["days_to_pay"] == round((1 + 1 + 3 + 1) / 4, 1)


def test_a_publication_that_the_live_check_sent_back_does_not_count(world, ad_request, clock):
    gone = Finding(False, CheckReason.NOT_FOUND)
    for index in range(3):
        published(world, ad_request, clock, index)
        part = advance(world, ad_request, "published", index)
        for _ in range(2):  # only a post that is missing twice is sent back
            unit_of_work(
                lambda part_id=part.id: service.record_live_check(
                    ad_request_id=ad_request.id, deliverable_id=part_id, url=URL, found=gone
                )
            )
            clock.shift(live_check.AGAIN_AFTER)
        assert reload(ad_request).deliverables[index].status.value == "approved"
        clock.shift(timedelta(days=5))
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
    assert seen(world)["days_to_pay"] == 1.0


def test_a_dispute_after_the_payment_leaves_it_unless_all_went_back(world, ad_request, clock):
    for index in range(4):
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
        clock.shift(timedelta(minutes=1))
    for index, percent in ((2, 40), (3, 0)):
        part = advance(world, ad_request, "disputed", index)
        clock.shift(timedelta(days=1))
        decide(world, part, percent)
    found = seen(world)
    assert (found["count"], found["days_to_pay"], found["on_time_percent"]) == (3, 1.0, 100)


def test_a_payment_leaves_after_a_year_by_itself(world, ad_request, clock):
    for index in range(3):
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
        clock.shift(timedelta(minutes=1))
    assert seen(world)["count"] == 3
    assert tasks.time_all_payments() == {"measured": 0}, "measured today already"
    # Paid on 3, 4 and 5 March: on 3 March a year later the first is 365 days ago.
    clock.move_to(START + timedelta(days=365))
    assert tasks.time_all_payments() == {"measured": 1}
    assert seen(world)["count"] == 3
    clock.move_to(START + timedelta(days=366))
    tasks.time_all_payments()
    assert (seen(world)["count"], seen(world)["days_to_pay"]) == (2, None)
    clock.move_to(START + timedelta(days=400))
    tasks.time_all_payments()
    assert seen(world)["count"] == 0


def test_who_paid_before_there_were_figures_is_measured_once(world, ad_request, clock):
    for index in range(3):
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
    unmeasured = update(Sponsor).values(
        payments_timed=0, payments_on_time=0, payment_seconds=0, payments_timed_on=None
    )
    unit_of_work(lambda: db.session.execute(unmeasured))
    assert tasks.time_all_payments() == {"measured": 1}
    assert seen(world)["count"] == 3
    clock.shift(timedelta(minutes=1))
    assert tasks.time_all_payments() == {"measured": 0}


def test_a_measurement_is_the_same_however_often_it_is_made(world, ad_request, clock):
    published(world, ad_request, clock, 0)
    step(world, ad_request, 0)
    sponsor_id = world.sponsor.sponsor_id
    first = punctuality.measure(sponsor_id)
    assert punctuality.measure(sponsor_id) == first
    assert (first.count, first.on_time, first.seconds) == (1, 1, 86400)


# --- shown --------------------------------------------------------------------------------------


def test_a_campaign_shows_it_to_everyone_at_no_further_price(world, ad_request, clock):
    reader = SignedIn(world.influencer)
    paths = [
        f"/influencer/campaigns/{world.campaign.id}",
        f"/public/campaigns/{world.campaign.id}",
    ]
    before = []
    for path in paths:
        with counted() as asked:
            assert reader.get(path).json["sponsor"]["punctuality"]["count"] == 0
        before.append(len(asked))
    for index in range(4):
        published(world, ad_request, clock, index)
        step(world, ad_request, index)
    work_off()
    reader = SignedIn(world.influencer)
    for path, cost in zip(paths, before, strict=True):
        with counted() as asked:
            found = reader.get(path).json["sponsor"]["punctuality"]
        assert found == {
            "count": 4,
            "days_to_pay": 1.0,
            "on_time_percent": 100,
            "window_days": 365,
        }
        assert len(asked) == cost
    (item,) = reader.get("/influencer/campaigns").json["items"]
    assert item["sponsor"]["punctuality"]["count"] == 4
    own = SignedIn(world.sponsor).get("/sponsor/profile").json
    assert own["punctuality"]["count"] == 4


def test_a_measurement_changes_the_tag_of_the_public_profile_and_not_the_version(
    world, ad_request, clock
):
    reader, owner = SignedIn(world.influencer), SignedIn(world.sponsor)
    path = f"/public/sponsors/{world.sponsor.slug}"
    before, version = reader.get(path), owner.get("/sponsor/profile").json["version"]
    published(world, ad_request, clock, 0)
    step(world, ad_request, 0)
    work_off()
    after = SignedIn(world.influencer).get(path)
    assert after.headers["ETag"] != before.headers["ETag"]
    assert SignedIn(world.sponsor).get("/sponsor/profile").json["version"] == version
