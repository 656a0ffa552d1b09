"""Floods and races of money by separate processes: one winner each, the sum exact."""

from __future__ import annotations

import os
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import payout_rules, service
from app.payments.models import Payment, Withdrawal
from tests.ad_requests.test_concurrency import Crowd as Callers
from tests.ad_requests.test_concurrency import accept_call, counted, holds, let_end, token
from tests.factories import payments as make
from tests.factories.ad_requests import (
    World,
    advance,
    agree,
    check_money,
    make_world,
    propose,
    reload,
)
from tests.factories.identity import make_admin, make_influencer
from tests.payments.test_concurrency import PROCESSES, Crowd
from tests.payments.wire import count

pytestmark = [pytest.mark.process, pytest.mark.torture]

FULL = os.environ.get("ACCORD_TORTURE") == "full"
WITHDRAWALS, WITHDRAWAL_ROUNDS = (1_002, 20) if FULL else (60, 1)
SAME_KEY = 201 if FULL else 30
RACES = 100 if FULL else 4
REFUSALS = {200, 201, 409}


@pytest.fixture
def crowd(app, environ) -> Crowd:
    return Crowd(environ)


@pytest.fixture
def callers(app, environ) -> Callers:
    return Callers(environ)


def check_whole() -> None:
    db.session.rollback()
    assert [check for check in service.check_ledger() if not check.ok] == []
    db.session.rollback()


def bare(person: Any) -> str:
    return token(person).removeprefix("Bearer ")


# --- withdrawals --------------------------------------------------------------------------------


def test_many_withdrawals_of_one_wallet_pay_out_what_there_is_and_no_more(app, crowd):
    payer = make.sponsor()
    for _ in range(WITHDRAWAL_ROUNDS):
        earner = make.influencer()
        fits = WITHDRAWALS // 2
        make.earn(payer, earner, fits * 170 + 169)
        statuses, _ = crowd.ask(bare(earner), amount=170, each=WITHDRAWALS // PROCESSES)
        assert statuses == {201: fits, 409: WITHDRAWALS - fits}
        [balance] = service.earnings(earner.id).balances
        assert (balance.available, balance.in_flight) == (169, fits * 170)
        mine = select(Withdrawal.id).where(Withdrawal.influencer_id == earner.id)
        for row_id in db.session.scalars(mine).all():
            service.pay_out(row_id)
        assert service.earnings(earner.id).balances[0].in_flight == 0
        check_whole()


def test_one_key_many_times_is_one_withdrawal_and_another_body_is_refused(app, crowd):
    earner = make.influencer()
    make.earn(make.sponsor(), earner, 100_000)
    whose = bare(earner)
    statuses, answers = crowd.ask(whose, amount=500, key="same", each=SAME_KEY // PROCESSES)
    assert statuses == {201: SAME_KEY // PROCESSES * PROCESSES}
    assert answers == {db.session.scalars(select(Withdrawal.id)).one()}
    statuses, answers = crowd.ask(whose, amount=501, key="same", each=2)
    assert (statuses, answers) == ({422: 2 * PROCESSES}, {"idempotency-key-reused"})
    assert (count(Withdrawal), count(Payment)) == (1, 4)
    check_whole()


def test_approvals_a_refusal_and_a_cancellation_at_once_have_one_outcome(app, callers):
    unit_of_work(lambda: payout_rules.APPROVAL_ABOVE.set(SYSTEM, 1))
    admins = [token(make_admin()) for _ in range(2)]
    payer, seen = make.sponsor(), Counter[str]()
    for number in range(RACES):
        earner = make.influencer()
        make.earn(payer, earner, 5_000)
        whose = token(earner)
        row_id = ask(app, whose, 3_000)
        road = f"/api/v1/admin/payouts/{row_id}"
        approve = [[f"{road}/approve", {}, admin] for admin in admins]
        refuse = [f"{road}/refuse", {"reason": "No"}, admins[number % 2]]
        cancel = [f"/api/v1/influencer/withdrawals/{row_id}/cancel", {}, whose]
        answers = callers(
            {"calls": approve * 2}, {"calls": [refuse, *approve]}, {"calls": [cancel, refuse]}
        )
        assert counted(answers).keys() <= REFUSALS
        state = final(row_id)
        assert state in ("queued", "refused", "cancelled", "awaiting_approval")
        back = state in ("refused", "cancelled")
        [balance] = service.earnings(earner.id).balances
        assert (balance.available, balance.in_flight) == ((5_000, 0) if back else (2_000, 3_000))
        seen[state] += 1
        check_whole()
    assert seen.total() == RACES


def test_a_payout_that_is_sent_and_refused_at_once_is_one_of_them(app, callers):
    admin, payer = token(make_admin()), make.sponsor()
    for _ in range(RACES):
        earner = make.influencer()
        make.earn(payer, earner, 5_000)
        row_id = ask(app, token(earner), 3_000)
        refuse = [f"/api/v1/admin/payouts/{row_id}/refuse", {"reason": "No"}, admin]
        callers({"calls": [refuse]}, {"calls": [refuse]}, {"pay_out": row_id})
        service.pay_out(row_id)
        state = final(row_id)
        assert state in ("paid", "refused")
        [balance] = service.earnings(earner.id).balances
        left = 2_000 if state == "paid" else 5_000
        assert (balance.available, balance.in_flight) == (left, 0)
        check_whole()


def ask(app: Any, whose: str, amount: int) -> str:
    answer = app.test_client().post(
        "/api/v1/influencer/withdrawals",
        json={"amount": {"amount": amount, "currency": "EUR"}},
        headers={"Authorization": whose, "Idempotency-Key": "k"},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json["id"])


def final(row_id: str) -> str:
    db.session.rollback()
    state = db.session.scalar(select(Withdrawal.status).where(Withdrawal.id == row_id))
    assert state is not None
    return state.value


# --- agreements ---------------------------------------------------------------------------------


def test_acceptance_rejection_withdrawal_and_expiry_at_once_have_one_winner(app, callers):
    world = make_world()
    for number in range(RACES):
        other = World(world.sponsor, make_influencer(), world.admin, world.campaign)
        made = propose(other, fee=1_000)
        road = f"ad-requests/{made.id}"
        accept = accept_call(made, other.influencer)
        reject = [f"/api/v1/influencer/{road}/reject", {}, token(other.influencer)]
        withdraw = [f"/api/v1/sponsor/{road}/withdraw", {}, token(world.sponsor)]
        ends = now() + timedelta(seconds=0.2 + number % 3 * 0.05)
        unit_of_work(lambda made=made, ends=ends: let_end(made, ends))
        answers = callers(
            {"calls": [accept, reject]}, {"calls": [withdraw, accept]}, {"expire": made.id}
        )
        won = counted(answers)[200] + sum(answer["expired"] for answer in answers)
        state = reload(made).status.value
        assert (won, counted(answers).keys() <= REFUSALS) == (1, True)
        assert holds(made.id) == (state == "active")
        check_whole()


def test_acceptance_and_cancellation_at_once_hold_the_money_or_give_all_of_it_back(app, callers):
    for _ in range(RACES):
        world = make_world()
        made = propose(world)
        accept = accept_call(made, world.influencer)
        cancel = [
            f"/api/v1/influencer/ad-requests/{made.id}/cancel",
            {"reason": "I cannot"},
            token(world.influencer),
        ]
        answers = callers(*[{"calls": [accept, cancel]}] * 3)
        assert counted(answers).keys() <= REFUSALS
        assert check_money(world, made).status.value in ("active", "cancelled")
        assert holds(made.id) == 1


def test_approval_changes_and_dispute_at_once_then_two_decisions_pay_once(app, callers):
    for number in range(RACES):
        world = make_world()
        made = agree(world)
        part = advance(world, made, "in_review")
        road = f"ad-requests/{made.id}/deliverables/{part.id}"
        sponsor, influencer = token(world.sponsor), token(world.influencer)
        approve = [f"/api/v1/sponsor/{road}/approve", {}, sponsor]
        changes = [f"/api/v1/sponsor/{road}/request-changes", {"note": "Shorter"}, sponsor]
        dispute = [f"/api/v1/influencer/{road}/dispute", {"reason": "No answer"}, influencer]
        answers = callers(*[{"calls": [approve, changes, dispute]}] * 3)
        found = counted(answers)
        assert found.keys() <= REFUSALS
        assert (found[200], found[201]) in ((1, 0), (0, 1), (1, 1))
        disputed = check_money(world, made).deliverables[0].status.value == "disputed"
        assert disputed == (found[201] == 1)
        if disputed:
            decide_twice(callers, world, made, number)


def decide_twice(callers: Callers, world: World, made: Any, number: int) -> None:
    """Two admins decide differently at the same moment."""
    dispute_id = dispute_of(made.id)
    calls = [
        [
            f"/api/v1/admin/disputes/{dispute_id}/decide",
            {"to_influencer_percent": percent, "reason": "Looked at"},
            token(make_admin()),
        ]
        for percent in (30, 70)
    ]
    answers = callers({"calls": [calls[0]] * 2}, {"calls": [calls[1]] * 2})
    assert counted(answers) == {200: 1, 409: 3}, number
    row = check_money(world, made)
    assert row.released_amount in (30_000, 70_000)


def dispute_of(ad_request_id: str) -> str:
    from app.ad_requests.models import Deliverable, Dispute

    found = db.session.scalar(
        select(func.max(Dispute.id))
        .join(Deliverable, Deliverable.id == Dispute.deliverable_id)
        .where(Deliverable.ad_request_id == ad_request_id)
    )
    db.session.rollback()
    return str(found)
