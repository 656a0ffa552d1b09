"""Every state has an automatic way out, at its hour and not before."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine

from app.ad_requests import figures, service
from app.ad_requests.events import DeliverableDueSoon
from app.core import events
from app.core.actor import SYSTEM
from app.core.clock import now, today
from app.core.errors import Conflict
from app.core.jobs import run_job
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import (
    accept,
    advance,
    agree,
    check_money,
    counter,
    document,
    make_world,
    propose,
    reload,
)

SECOND = timedelta(seconds=1)


@pytest.fixture
def world(app):
    return make_world()


def enforce_at(moment: datetime) -> dict[str, int]:
    with time_machine.travel(moment, tick=False):
        return service.enforce_deadlines()


def status(made) -> str:
    return reload(made).status.value


def state(made, index=0) -> str:
    return reload(made).deliverables[index].status.value


# --- offers -------------------------------------------------------------------------------------


def test_an_unanswered_offer_expires_after_72_hours_and_nothing_is_held(world):
    made = propose(world)
    ends = reload(made).answer_by
    assert ends - made.created_at == pytest.approx(timedelta(hours=72), abs=SECOND)

    assert enforce_at(ends - SECOND) == {}
    assert status(made) == "proposed"
    assert enforce_at(ends) == {"expired": 1}
    row = check_money(world, made)
    assert (row.status.value, row.next_deadline, row.held_amount) == ("expired", None, 0)
    assert enforce_at(ends) == {}


def test_each_offer_has_its_own_time_and_one_extension(world):
    made = propose(world)
    later = now() + timedelta(hours=50)
    with time_machine.travel(later, tick=False):
        counter(world, made, "influencer")
        assert reload(made).answer_by == later + timedelta(hours=72)
        extended = unit_of_work(
            lambda: service.extend(world.sponsor.actor, ad_request_id=made.id).answer_by
        )
        assert extended == later + timedelta(hours=144)
        with pytest.raises(Conflict) as raised:
            unit_of_work(lambda: service.extend(world.influencer.actor, ad_request_id=made.id))
        assert raised.value.type == "already-extended"
    assert enforce_at(extended - SECOND) == {}
    assert enforce_at(extended) == {"expired": 1}


def test_consent_starts_the_time_anew(world):
    made = propose(world, "assignment")
    later = now() + timedelta(hours=70)
    with time_machine.travel(later, tick=False):
        accept(world, made, "sponsor")
    assert reload(made).answer_by == later + timedelta(hours=72)


def test_an_admin_may_change_how_long_an_offer_stands(world):
    unit_of_work(lambda: figures.OFFER_HOURS.set(SYSTEM, 24))
    made = propose(world)
    assert made.answer_by - now() == pytest.approx(timedelta(hours=24), abs=5 * SECOND)
    unit_of_work(lambda: figures.OFFER_HOURS.set(SYSTEM, 1))
    assert reload(made).answer_by == made.answer_by, "what was promised stays"


# --- deliverables -------------------------------------------------------------------------------


def test_a_due_date_ends_at_midnight_in_the_campaigns_time_zone(app):
    with time_machine.travel(datetime(2030, 6, 1, 12, tzinfo=UTC), tick=False):
        world = make_world(time_zone="Asia/Ho_Chi_Minh")
        made = agree(world, parts=(("Reel", 100, 5),))
        part = reload(made).deliverables[0]
        assert part.due_on == date(2030, 6, 6)
        assert part.deadline == datetime(2030, 6, 6, 17, tzinfo=UTC)


def test_a_draft_that_never_comes_is_cancelled_and_refunded_after_14_days(world):
    made = agree(world, parts=(("Reel", 100, 5),))
    deadline = reload(made).deliverables[0].deadline
    enforce_at(deadline - SECOND)
    ends = deadline + timedelta(days=14)
    assert enforce_at(ends - SECOND) == {}
    assert enforce_at(ends) == {"cancelled": 1}
    row = check_money(world, made)
    assert (row.status.value, row.refunded_amount) == ("cancelled", 100_000)


def test_an_unreviewed_draft_is_approved_after_96_hours(world):
    made = agree(world)
    part = advance(world, made, "in_review")
    assert part.deadline - part.updated_at == pytest.approx(timedelta(hours=96), abs=SECOND)
    assert enforce_at(part.deadline - SECOND) == {}
    assert enforce_at(part.deadline) == {"approved": 1}
    shown = document(world.influencer, made)["deliverables"][0]
    assert (shown["status"], shown["submissions"][0]["answered_automatically"]) == (
        "approved",
        True,
    )


def test_a_review_is_extended_once_by_24_hours(world):
    made = agree(world)
    part = advance(world, made, "in_review")

    def extend(**values):
        return service.extend(world.sponsor.actor, ad_request_id=made.id, **values)

    unit_of_work(extend)
    later = reload(made).deliverables[0]
    assert later.deadline == part.deadline + timedelta(hours=24)
    with pytest.raises(Conflict) as raised:
        unit_of_work(lambda: extend(deliverable_id=part.id))
    assert raised.value.type == "already-extended"
    assert enforce_at(part.deadline) == {}
    assert enforce_at(later.deadline) == {"approved": 1}


def test_a_new_draft_has_a_whole_review_again(world):
    made = agree(world)
    part = advance(world, made, "in_review")
    unit_of_work(lambda: service.extend(world.sponsor.actor, ad_request_id=made.id))
    unit_of_work(
        lambda: service.request_changes(
            world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id, note="Shorter"
        )
    )
    again = advance(world, made, "in_review")
    assert again.deadline - now() == pytest.approx(timedelta(hours=96), abs=10 * SECOND)
    assert again.review_extended is False


def test_changes_leave_at_least_72_hours(world):
    made = agree(world, parts=(("Reel", 100, 0),))
    part = advance(world, made, "in_review")
    unit_of_work(
        lambda: service.request_changes(
            world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id
        )
    )
    assert reload(made).deliverables[0].deadline - now() > timedelta(hours=71, minutes=59)


def test_content_that_is_never_published_is_cancelled_and_refunded(world):
    made = agree(world, parts=(("Reel", 100, 5),))
    part = advance(world, made, "approved")
    assert part.deadline.date() >= part.publish_by
    assert enforce_at(part.deadline + timedelta(days=14)) == {"cancelled": 1}
    assert check_money(world, made).refunded_amount == 100_000


def test_a_publication_is_completed_after_72_hours(world):
    made = agree(world)
    part = advance(world, made, "published")
    assert part.deadline - part.published_at == pytest.approx(timedelta(hours=72), abs=SECOND)
    assert enforce_at(part.deadline - SECOND) == {}
    assert enforce_at(part.deadline) == {"completed": 1}
    with time_machine.travel(part.deadline, tick=False):
        row = check_money(world, made)
    assert (row.status.value, row.released_amount) == ("completed", 100_000)


def test_a_dispute_is_escalated_after_7_days_and_its_money_stays(world):
    made = agree(world)
    part = advance(world, made, "disputed")
    ends = part.deadline
    assert ends - part.updated_at == pytest.approx(timedelta(days=7), abs=SECOND)
    assert enforce_at(ends - SECOND) == {}
    assert enforce_at(ends) == {"escalated": 1}
    assert enforce_at(ends + timedelta(days=60)) == {}
    row = check_money(world, made)
    assert (state(made), row.escrow_amount) == ("disputed", 100_000)
    assert document(world.admin, made)["deliverables"][0]["disputes"][0]["escalated_at"]


def test_reminders_go_out_twice_and_not_again(world, monkeypatch):
    heard: list[DeliverableDueSoon] = []
    monkeypatch.setitem(events._handlers, DeliverableDueSoon, [heard.append])
    made = agree(world, parts=(("Reel", 100, 5),))
    deadline = reload(made).deliverables[0].deadline
    assert enforce_at(deadline - timedelta(hours=48) - SECOND) == {}
    assert enforce_at(deadline - timedelta(hours=48)) == {"reminded": 1}
    assert enforce_at(deadline - timedelta(hours=30)) == {}
    assert enforce_at(deadline - timedelta(hours=24)) == {"reminded": 1}
    assert enforce_at(deadline - timedelta(hours=1)) == {}
    assert [fact.hours for fact in heard] == [48, 24]


def test_nobody_is_reminded_of_what_was_handed_in(world):
    made = agree(world, parts=(("Reel", 100, 5),))
    deadline = reload(made).deliverables[0].deadline
    advance(world, made, "in_review")
    assert "reminded" not in enforce_at(deadline - timedelta(hours=40))


# --- the job ------------------------------------------------------------------------------------


def test_one_failure_holds_up_no_other(world, monkeypatch):
    made = propose(world)
    ends = reload(made).answer_by

    def broken(_ad_request_id):
        raise RuntimeError("broken")

    monkeypatch.setattr("app.ad_requests.negotiation.expire", broken)
    other = make_world()
    reviewed = agree(other)
    advance(other, reviewed, "in_review")
    late = reload(reviewed).deliverables[0].deadline
    assert enforce_at(max(ends, late)) == {"failed": 1, "approved": 1}
    monkeypatch.undo()
    assert enforce_at(ends) == {"expired": 1}


def test_more_than_a_batch_is_done_in_one_run(world, monkeypatch):
    monkeypatch.setattr("app.ad_requests.deadlines.BATCH", 2)
    made = agree(world, parts=tuple((f"Part {n}", 20, 1) for n in range(5)))
    ends = reload(made).deliverables[0].act_at
    found = enforce_at(ends)
    assert found["cancelled"] == 5
    assert check_money(world, made).status.value == "cancelled"


def test_the_scheduled_job_does_it(world):
    from app.core.jobs import enqueue

    made = propose(world)
    with time_machine.travel(reload(made).answer_by, tick=False):
        job_id = unit_of_work(lambda: enqueue("ad_requests.enforce_deadlines").id)
        run_job(job_id)
    assert status(made) == "expired"


def test_the_job_stands_in_the_beat_table():
    from app.schedule import SCHEDULE

    entry = next(row for row in SCHEDULE if row.job == "ad_requests.enforce_deadlines")
    assert entry.every == timedelta(minutes=1)


def test_today_is_still_in_time(world):
    assert reload(agree(world, parts=(("Reel", 100, 0),))).deliverables[0].due_on == today()
