"""The rest of a commission's cap: how long orders may still earn it, and when it returns."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.ad_requests import deadlines, service
from app.ad_requests.errors import CommissionCapReached
from app.ad_requests.settlement import TOLD_LATE
from app.campaigns import service as campaigns
from app.core.actor import SYSTEM
from app.core.transaction import unit_of_work
from app.payments import service as payments
from app.reporting import ledger_proof
from tests.factories.ad_requests import TWO_PARTS, advance, agree, make_world, reload, wallet

CAP = 20_000
DAYS = 14
AFTER = timedelta(days=DAYS, minutes=1) + TOLD_LATE


@pytest.fixture
def world(app):
    return make_world(attribution_window_days=DAYS, attribution_touch="first")


@pytest.fixture
def finished(world):
    """An agreement with a commission whose only deliverable is completed."""
    ad_request = agree(world, cap=CAP)
    advance(world, ad_request, "completed")
    return reload(ad_request)


def pay(ad_request, amount, milestone="commission:1"):
    return unit_of_work(
        lambda: service.pay_commission(
            SYSTEM, ad_request_id=ad_request.id, milestone=milestone, amount=amount
        )
    )


def assert_proved():
    broken = [check for check in ledger_proof.prove() if not check.ok]
    assert broken == []


def test_the_agreement_keeps_the_rule_of_its_acceptance(finished):
    assert finished.attribution_window_days == DAYS
    assert finished.attribution_touch == "first"
    assert finished.coupon_beats_link is True


def test_the_rest_of_the_cap_is_held_until_late_orders_are_told(world, finished):
    assert finished.commission_until == finished.closed_at + timedelta(days=DAYS) + TOLD_LATE
    assert payments.escrow_balance(finished.id) == CAP
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 100_000 + CAP
    assert_proved()


def test_an_order_within_the_window_still_earns_commission(world, finished):
    pay(finished, 5_000)

    assert payments.escrow_balance(finished.id) == CAP - 5_000
    assert campaigns.get_for(SYSTEM, world.campaign.id).spent_amount == 105_000
    assert_proved()


def test_what_is_left_returns_once_the_window_closes_and_only_once(world, finished):
    pay(finished, 5_000)
    before = wallet(world)
    assert deadlines.enforce() == {}
    with time_machine.travel(datetime.now(UTC) + AFTER, tick=False):
        assert deadlines.enforce()["returned"] == 1
        assert deadlines.enforce().get("returned") is None

    assert wallet(world) == before + CAP - 5_000
    assert payments.escrow_balance(finished.id) == 0
    assert reload(finished).commission_until is None
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 105_000
    assert_proved()


def test_nothing_is_earned_after_the_window(finished):
    with time_machine.travel(datetime.now(UTC) + AFTER, tick=False):
        deadlines.enforce()
        with pytest.raises(CommissionCapReached):
            pay(finished, 1)


def test_nothing_is_earned_between_the_end_of_the_window_and_its_job(finished):
    after = datetime.now(UTC) + AFTER
    with time_machine.travel(after, tick=False), pytest.raises(CommissionCapReached):
        pay(finished, 1)


def test_a_cancelled_agreement_gives_the_cap_back_at_once(world):
    ad_request = agree(world, cap=CAP)
    advance(world, ad_request, "cancelled")

    assert reload(ad_request).commission_until is None
    assert payments.escrow_balance(ad_request.id) == 0
    assert_proved()


def test_a_cap_that_is_used_up_leaves_nothing_to_wait_for(world):
    ad_request = agree(world, cap=CAP)
    pay(ad_request, CAP)
    advance(world, ad_request, "completed")

    assert reload(ad_request).commission_until is None
    assert_proved()


@pytest.mark.parametrize("percent", [0, 50])
def test_a_dispute_that_takes_everything_back_returns_the_cap_at_once(world, finished, percent):
    part, before = finished.deliverables[0], wallet(world)
    dispute = unit_of_work(
        lambda: service.dispute(
            world.sponsor.actor, ad_request_id=finished.id, deliverable_id=part.id, reason="No"
        )
    )
    assert reload(finished).commission_until is not None
    unit_of_work(
        lambda: service.decide_dispute(
            world.admin.actor, dispute_id=dispute.id, to_influencer_percent=percent, reason="So."
        )
    )

    row = reload(finished)
    assert (row.commission_until is None) == (percent == 0)
    assert (wallet(world) == before + 100_000 + CAP) == (percent == 0)
    assert payments.escrow_balance(finished.id) == (CAP if percent else 0)
    assert_proved()


def test_a_cap_waits_while_another_deliverable_was_carried_out(world):
    made = agree(world, cap=CAP, parts=TWO_PARTS)
    for index in (0, 1):
        advance(world, made, "completed", index)
    part = reload(made).deliverables[0]
    dispute = unit_of_work(
        lambda: service.dispute(
            world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id, reason="No"
        )
    )
    unit_of_work(
        lambda: service.decide_dispute(
            world.admin.actor, dispute_id=dispute.id, to_influencer_percent=0, reason="So."
        )
    )

    assert reload(made).commission_until is not None
    assert payments.escrow_balance(made.id) == CAP
    assert_proved()
