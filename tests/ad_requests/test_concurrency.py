"""Many processes at once: one winner, one hold, no answer of 500."""

from __future__ import annotations

import json
import os
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.ad_requests.models import AdRequest
from app.campaigns import moves
from app.campaigns import service as campaigns
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, run_job
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.payments.models import Transfer
from app.payments.postings import TransferKind
from tests.factories.ad_requests import (
    World,
    advance,
    agree,
    check_money,
    current_hash,
    make_world,
    offer_body,
    propose,
    reload,
    wallet,
)
from tests.factories.identity import bearer, make_influencer
from tests.services.standing import exchange, stand_by

pytestmark = [pytest.mark.process, pytest.mark.torture]

PROCESSES = 4
SIZE = 200 if os.environ.get("ACCORD_TORTURE") == "full" else 100
ROUNDS = 20 if os.environ.get("ACCORD_TORTURE") == "full" else 4


class Crowd:
    """Processes that do what they are told at the same moment."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.processes = stand_by("tests.ad_requests.crowd", environ, PROCESSES)

    def __call__(self, *orders: dict[str, Any], at: float | None = None) -> list[dict[str, Any]]:
        db.session.rollback()  # SQLite would go on showing this test what was before
        moment = at or time.time() + 0.2
        lines = [json.dumps({"at": moment, **order}) for order in orders]
        return [json.loads(answer) for answer in exchange(self.processes, lines)]


@pytest.fixture
def crowd(app, environ) -> Crowd:
    """Processes on the database of this test."""
    return Crowd(environ)


def token(person) -> str:
    return bearer(person)["Authorization"]


def counted(answers: list[dict[str, Any]]) -> Counter[int]:
    return Counter(status for answer in answers for status in answer["statuses"])


def holds(reference: str) -> int:
    found = db.session.scalar(
        select(func.count())
        .select_from(Transfer)
        .where(Transfer.reference == reference, Transfer.kind == TransferKind.HOLD)
    )
    db.session.rollback()
    return found or 0


def accept_call(made, person, role="influencer") -> list[Any]:
    path = f"/api/v1/{role}/ad-requests/{made.id}/accept"
    return [path, {"offer_hash": current_hash(made)}, token(person)]


def test_of_many_accepts_at_once_one_wins_and_one_hold_is_made(app, crowd):
    world = make_world()
    made = propose(world)
    call = accept_call(made, world.influencer)

    answers = crowd(*[{"calls": [call] * (SIZE // PROCESSES)}] * PROCESSES)

    assert counted(answers) == {200: 1, 409: SIZE // PROCESSES * PROCESSES - 1}
    assert holds(made.id) == 1
    assert check_money(world, made).status.value == "active"
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 100_000


def test_accepts_of_one_campaign_never_overshoot_its_budget_or_wallet(app, crowd):
    world = make_world(funds=350_000, budget=Money(450_000, "EUR"))
    calls = []
    for _ in range(8):
        other = World(world.sponsor, make_influencer(), world.admin, world.campaign)
        calls.append(accept_call(propose(other), other.influencer))

    answers = crowd(*[{"calls": calls[n::PROCESSES]} for n in range(PROCESSES)])

    assert counted(answers) == {200: 3, 409: 5}
    assert wallet(world) == 50_000
    campaign = campaigns.get_for(SYSTEM, world.campaign.id)
    assert (campaign.committed_amount, campaign.open_agreements) == (300_000, 3)


def test_acceptance_withdrawal_and_expiry_at_once_have_one_winner(app, crowd):
    seen: Counter[str] = Counter()
    world = make_world()
    for number in range(ROUNDS):
        other = World(world.sponsor, make_influencer(), world.admin, world.campaign)
        made = propose(other, fee=1_000)
        accept = accept_call(made, other.influencer)
        withdraw = [f"/api/v1/sponsor/ad-requests/{made.id}/withdraw", {}, token(world.sponsor)]
        # The first rounds end just when everybody acts, the others later.
        ends = now() + timedelta(seconds=0.3 + (number % 3) * 0.05)
        unit_of_work(lambda made=made, ends=ends: let_end(made, ends))

        answers = crowd(
            {"calls": [accept] * 2},
            {"calls": [withdraw] if number % 2 else []},
            {"expire": made.id},
            {"expire": made.id},
            at=time.time() + 0.3,
        )

        won = counted(answers)[200] + sum(answer["expired"] for answer in answers)
        final = reload(made)
        assert (won, counted(answers).keys() <= {200, 409}) == (1, True)
        assert holds(made.id) == (final.status.value == "active")
        assert final.status.value in ("active", "withdrawn", "expired")
        seen[final.status.value] += 1
    # Otherwise nobody raced: with the times above each of them wins some rounds.
    assert len(seen) > 1, seen


def let_end(made, moment) -> None:
    db.session.execute(update(AdRequest).where(AdRequest.id == made.id).values(answer_by=moment))


def test_confirmation_dispute_and_deadline_at_once_pay_once(app, crowd):
    for _ in range(ROUNDS // 2):
        world = make_world()
        made = agree(world)
        part = advance(world, made, "published")
        road = f"ad-requests/{made.id}/deliverables/{part.id}"
        confirm = [f"/api/v1/sponsor/{road}/confirm", {}, token(world.sponsor)]
        dispute = [
            f"/api/v1/influencer/{road}/dispute",
            {"reason": "No answer"},
            token(world.influencer),
        ]

        answers = crowd(*[{"calls": [confirm, dispute]}] * 3)

        found = counted(answers)
        # A confirmed one may still be disputed, within its hold period; never the other way.
        assert found.keys() <= {200, 201, 409}
        assert (found[200], found[201]) in ((1, 0), (0, 1), (1, 1))
        assert found[409] == 6 - found[200] - found[201]
        check_money(world, made)


def test_two_applications_at_once_make_one_ad_request(app, crowd):
    world = make_world()
    path = f"/api/v1/influencer/campaigns/{world.campaign.id}/applications"
    call = [path, {"offer": offer_body()}, token(world.influencer)]

    answers = crowd(*[{"calls": [call] * 3}] * PROCESSES)

    assert counted(answers) == {201: 1, 409: 3 * PROCESSES - 1}


def test_a_campaign_that_ends_and_an_acceptance_at_once_agree(app, crowd):
    for _ in range(ROUNDS):
        world = make_world()
        made = propose(world)
        accept = accept_call(made, world.influencer)
        complete = [
            f"/api/v1/sponsor/campaigns/{world.campaign.id}/complete",
            {},
            token(world.sponsor),
        ]

        answers = crowd({"calls": [accept]}, {"calls": [complete]})

        assert counted(answers) == {200: 1, 409: 1}
        campaign = campaigns.get_for(SYSTEM, world.campaign.id)
        if campaign.status.value == "completed":
            # A proposal that was being answered as the campaign ended was left to a job.
            do_waiting_jobs("ad_requests.close_proposals")
            assert reload(made).status.value == "expired"
        else:
            assert reload(made).status.value == "active"
        check_money(world, made)


@pytest.mark.parametrize("origin", ["invitation", "application"])
def test_no_closed_account_holds_an_agreement(app, crowd, origin):
    for _ in range(ROUNDS):
        world = make_world()
        made = propose(world, origin)
        role = "influencer" if origin == "invitation" else "sponsor"
        accept = accept_call(made, world.side(role), role)
        close = [
            f"/api/v1/admin/users/{world.influencer.user_id}/close",
            {"reason": "Asked for it."},
            token(world.admin),
        ]

        answers = crowd({"calls": [accept]}, {"calls": [close]})

        found = counted(answers)
        assert found[200] == 1, answers
        closed = db.session.get_one(User, world.influencer.user_id).status.value == "closed"
        assert closed != (reload(made).status.value == "active")


def do_waiting_jobs(name: str) -> None:
    waiting = select(Job.id).where(Job.name == name, Job.status == JobStatus.QUEUED)
    ids = list(db.session.scalars(waiting))
    db.session.rollback()
    for job_id in ids:
        run_job(job_id)


@pytest.mark.parametrize("how", ["complete", "pause"])
def test_nothing_is_proposed_beside_the_end_or_pause_of_a_campaign(app, crowd, how):
    world = make_world()
    campaign_id = world.campaign.id
    invited, assigned = make_influencer(), make_influencer()
    calls = [
        [f"/api/v1/{path}", {"offer": offer_body(), **values}, token(person)]
        for path, values, person in (
            (
                f"sponsor/campaigns/{campaign_id}/invitations",
                {"influencer_id": invited.influencer_id},
                world.sponsor,
            ),
            (f"influencer/campaigns/{campaign_id}/applications", {}, world.influencer),
            (
                f"admin/campaigns/{campaign_id}/assignments",
                {"influencer_id": assigned.influencer_id},
                world.admin,
            ),
        )
    ]
    actor, moved = world.sponsor.actor, Event()

    def end() -> None:
        getattr(moves, how)(actor, campaigns.get_for(actor, campaign_id, lock=True))
        moved.set()
        time.sleep(1)  # they ask after the campaign was read and before this is committed

    def in_context() -> None:
        with app.app_context():
            unit_of_work(end)

    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(in_context)
        assert moved.wait(10)
        [answer] = crowd({"calls": calls}, at=time.time() + 0.1)
        ending.result()

    # What is not listed any more is not there for an influencer.
    assert answer["statuses"] == [409, 404, 409]
    assert db.session.scalar(select(func.count()).select_from(AdRequest)) == 0
