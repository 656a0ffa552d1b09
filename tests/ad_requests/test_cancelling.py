"""Ending deliverables early, disputes, and where the money goes then."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.ad_requests import service
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import Conflict
from app.core.transaction import unit_of_work
from app.payments import service as payments
from app.payments.fees import PLATFORM_FEE_PERCENT
from tests.factories.ad_requests import (
    TWO_PARTS,
    advance,
    agree,
    check_money,
    document,
    earned,
    make_world,
    reload,
    step,
)


@pytest.fixture
def world(app):
    return make_world()


def cancel(world, made, by, index=None, reason="It does not fit."):
    part_id = None if index is None else reload(made).deliverables[index].id
    actor = world.side(by).actor
    return unit_of_work(
        lambda: (
            service.cancel(
                actor, ad_request_id=made.id, deliverable_id=part_id, reason=reason
            ).status.value
        )
    )


def problem_of(act) -> str:
    with pytest.raises(Conflict) as raised:
        unit_of_work(act)
    return raised.value.type


# --- cancelling ---------------------------------------------------------------------------------


def test_an_influencer_who_gives_up_costs_the_sponsor_nothing(world):
    made = agree(world, cap=10_000)
    assert cancel(world, made, "influencer") == "cancelled"
    row = check_money(world, made)
    assert (row.refunded_amount, row.released_amount) == (110_000, 0)


def test_a_sponsor_alone_only_asks_for_a_cancellation(world):
    made = agree(world)
    assert cancel(world, made, "sponsor") == "active"
    part = document(world.influencer, made)["deliverables"][0]
    assert (part["status"], part["cancel_request"]["by"]) == ("due", "sponsor")
    check_money(world, made)

    assert cancel(world, made, "influencer") == "cancelled"
    check_money(world, made)


def test_going_on_with_the_work_drops_the_request_to_cancel(world):
    made = agree(world)
    cancel(world, made, "sponsor")
    step(world, made)
    assert document(world.sponsor, made)["deliverables"][0]["cancel_request"] is None


def test_a_request_to_cancel_lapses(world):
    made = agree(world)
    cancel(world, made, "sponsor")
    with time_machine.travel(now() + timedelta(hours=72, seconds=1)):
        assert document(world.influencer, made)["deliverables"][0]["cancel_request"] is None


@pytest.mark.parametrize(
    ("late", "expected", "effect"),
    [
        (timedelta(hours=72) - timedelta(seconds=1), "active", "request"),
        (timedelta(hours=72), "cancelled", "refund"),
    ],
)
def test_a_sponsor_cancels_alone_from_three_days_after_the_due_date(world, late, expected, effect):
    made = agree(world, parts=(("Reel", 100, 2),))
    deadline = reload(made).deliverables[0].deadline
    with time_machine.travel(deadline + late, tick=False):
        assert document(world.sponsor, made)["deliverables"][0]["cancel_effect"] == effect
        assert cancel(world, made, "sponsor") == expected
    check_money(world, made)


def test_cancelling_everything_leaves_what_is_published(world):
    made = agree(world, parts=TWO_PARTS)
    advance(world, made, "published")
    assert cancel(world, made, "influencer") == "active"
    assert [part.status.value for part in reload(made).deliverables] == ["published", "cancelled"]
    check_money(world, made)

    step(world, made)
    row = check_money(world, made)
    assert (row.status.value, row.released_amount, row.refunded_amount) == (
        "completed",
        60_000,
        40_000,
    )


def test_there_may_be_nothing_left_to_cancel(world):
    made = agree(world)
    advance(world, made, "published")
    assert (
        problem_of(
            lambda: service.cancel(world.influencer.actor, ad_request_id=made.id, reason="No")
        )
        == "nothing-to-cancel"
    )


def test_the_platform_takes_its_fee_only_of_what_was_carried_out(app):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 10.0))
    world = make_world()
    made = agree(world, parts=TWO_PARTS)
    advance(world, made, "completed")
    cancel(world, made, "influencer")
    row = check_money(world, made)
    assert (row.released_amount, row.platform_charged_amount, row.refunded_amount) == (
        60_000,
        6_000,
        44_000,
    )


# --- disputes -----------------------------------------------------------------------------------


def open_dispute(world, made, by="sponsor", index=0):
    part = reload(made).deliverables[index]
    actor = world.side(by).actor
    return unit_of_work(
        lambda: (
            service.dispute(
                actor, ad_request_id=made.id, deliverable_id=part.id, reason="It went wrong."
            ).id
        )
    )


def decide(world, dispute_id, percent):
    unit_of_work(
        lambda: service.decide_dispute(
            world.admin.actor,
            dispute_id=dispute_id,
            to_influencer_percent=percent,
            reason="Both have a point.",
        )
    )


@pytest.mark.parametrize(
    ("state", "percent"),
    [("due", 0), ("in_review", 33), ("approved", 100), ("published", 33), ("published", 0)],
)
def test_a_decision_splits_the_money_that_is_held(app, state, percent):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 10.0))
    world = make_world()
    made = agree(world, fee=100_001)
    if state != "due":
        advance(world, made, state)
    dispute_id = open_dispute(world, made, "influencer")
    row = check_money(world, made)
    assert (row.stage.value, row.waits_for_admin) == ("disputed", True)
    assert row.escrow_amount == row.held_amount

    decide(world, dispute_id, percent)

    row = check_money(world, made)
    assert row.released_amount == {0: 0, 33: 33_000, 100: 100_001}[percent]
    ended = "completed" if percent else "cancelled"
    assert (row.status.value, row.deliverables[0].status.value) == (ended, ended)


@pytest.mark.parametrize("percent", [0, 40, 100])
def test_a_dispute_within_the_hold_period_takes_money_back(world, percent):
    made = agree(world)
    advance(world, made, "completed")
    assert earned(world) == (100_000, 0)
    with time_machine.travel(now() + timedelta(days=6)):
        dispute_id = open_dispute(world, made)
    with time_machine.travel(now() + timedelta(days=20)):
        payments.mature_due()
        assert earned(world) == (100_000, 0), "contested money does not mature"
        decide(world, dispute_id, percent)
        row = check_money(world, made)
        assert row.released_amount == percent * 1000
        assert row.status.value == "completed"
        assert row.deliverables[0].status.value == ("completed" if percent else "cancelled")
        payments.mature_due()
        assert earned(world) == (0, percent * 1000)
        check_money(world, made)


def test_a_dispute_comes_too_late_after_the_hold_period(world):
    made = agree(world)
    part = advance(world, made, "completed")
    with time_machine.travel(now() + timedelta(days=7, seconds=1)):
        assert (
            problem_of(
                lambda: service.dispute(
                    world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id, reason="No"
                )
            )
            == "dispute-closed"
        )


def test_a_decision_is_final(world):
    made = agree(world)
    advance(world, made, "published")
    dispute_id = open_dispute(world, made)
    decide(world, dispute_id, 50)
    assert problem_of(lambda: decide(world, dispute_id, 100)) == "refused-transition"
    part = reload(made).deliverables[0]
    assert (
        problem_of(
            lambda: service.dispute(
                world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id, reason="No"
            )
        )
        == "dispute-closed"
    )
    check_money(world, made)


def test_the_other_side_answers_a_dispute_once(world):
    made = agree(world)
    open_dispute(world, made, "sponsor")
    part = reload(made).deliverables[0]

    def answer(side):
        return service.answer_dispute(
            world.side(side).actor, ad_request_id=made.id, deliverable_id=part.id, text="Not so."
        )

    assert problem_of(lambda: answer("sponsor")) == "not-your-turn"
    assert "answer" in document(world.influencer, made)["deliverables"][0]["actions"]
    unit_of_work(lambda: answer("influencer"))
    assert problem_of(lambda: answer("influencer")) == "not-your-turn"
    shown = document(world.sponsor, made)["deliverables"][0]["disputes"][0]
    assert (shown["reason"], shown["answer"]) == ("It went wrong.", "Not so.")


# --- commission ---------------------------------------------------------------------------------


def test_commission_is_paid_from_its_cap_once_for_each_key(world):
    made = agree(world, cap=10_000)

    def pay(key, amount):
        return unit_of_work(
            lambda: service.pay_commission(
                SYSTEM, ad_request_id=made.id, milestone=key, amount=amount
            )
        )

    pay("commission:1", 4_000)
    pay("commission:1", 4_000)
    assert check_money(world, made).commission_paid_amount == 4_000
    assert (
        problem_of(
            lambda: service.pay_commission(
                SYSTEM, ad_request_id=made.id, milestone="commission:2", amount=6_001
            )
        )
        == "commission-cap-reached"
    )
    pay("commission:2", 6_000)
    cancel(world, made, "influencer")
    row = check_money(world, made)
    assert (row.released_amount, row.refunded_amount) == (10_000, 100_000)


def test_a_decided_deliverable_says_so_when_it_is_disputed_again(world):
    made = agree(world)
    advance(world, made, "completed")
    decide(world, open_dispute(world, made), 40)

    with pytest.raises(Conflict, match="has decided") as raised:
        open_dispute(world, made)
    assert raised.value.type == "dispute-closed"


def test_a_released_deliverable_without_money_is_not_disputed(world):
    made = agree(world, fee=1, parts=TWO_PARTS)
    part = advance(world, made, "completed", 1)
    assert part.amount == 0
    shown = document(world.sponsor, made)["deliverables"][1]
    assert "dispute" not in shown["actions"]

    with pytest.raises(Conflict, match="no money") as raised:
        unit_of_work(
            lambda: service.dispute(
                world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id, reason="No"
            )
        )
    assert raised.value.type == "dispute-closed"
