"""Many processes at once: never below zero, the sum exact, one effect a key."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier, Event
from time import sleep

import pytest
import time_machine
from sqlalchemy import func, select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import maturing, service
from app.payments.errors import EscrowExhausted
from app.payments.models import Maturity, Transfer, Withdrawal
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.services.standing import exchange, stand_by

PROCESSES = 3
EACH = 34


@pytest.fixture
def earner(app):
    person = make.influencer()
    make.earn(make.sponsor(), person, 100_000)
    return person


class Crowd:
    """Processes that ask at the same moment."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.processes = stand_by("tests.payments.crowd", environ, PROCESSES)

    def ask(
        self, token: str, *, amount: int, key: str = "", each: int = EACH
    ) -> tuple[Counter[int], set[str]]:
        """What PROCESSES × `each` requests at once were answered: statuses, and ids or problems."""
        db.session.rollback()  # SQLite would go on showing this test what was before
        order = json.dumps({"token": token, "amount": amount, "times": each, "key": key})
        statuses: Counter[int] = Counter()
        named: set[str] = set()
        for answer in exchange(self.processes, [order] * PROCESSES):
            report = json.loads(answer)
            statuses.update({int(status): n for status, n in report["statuses"].items()})
            named.update(report["answers"])
        return statuses, named


@pytest.fixture
def crowd(environ: dict[str, str]) -> Crowd:
    """Processes on the database of this test."""
    return Crowd(environ)


def token(client, person) -> str:
    return bearer(person)["Authorization"].removeprefix("Bearer ")


@pytest.mark.process
def test_a_hundred_withdrawals_at_once_pay_out_what_there_is(client, crowd, earner):
    statuses, _ = crowd.ask(token(client, earner), amount=1_700)
    paid = 100_000 // 1_700
    assert statuses == {201: paid, 409: PROCESSES * EACH - paid}
    [balance] = service.earnings(earner.id).balances
    assert (balance.available, balance.in_flight) == (100_000 - paid * 1_700, paid * 1_700)
    withdrawn = db.session.scalar(
        select(func.sum(Transfer.amount)).where(Transfer.kind == "withdraw")
    )
    assert withdrawn == paid * 1_700
    for withdrawal_id in db.session.scalars(select(Withdrawal.id)).all():
        service.pay_out(withdrawal_id)
    assert service.earnings(earner.id).balances[0].in_flight == 0
    assert [check for check in service.check_ledger() if not check.ok] == []


@pytest.mark.process
def test_one_key_a_hundred_times_at_once_is_one_withdrawal(client, crowd, earner):
    statuses, answers = crowd.ask(token(client, earner), amount=1_700, key="same")
    assert statuses == {201: PROCESSES * EACH}
    assert answers == {db.session.scalars(select(Withdrawal.id)).one()}
    assert service.earnings(earner.id).balances[0].available == 100_000 - 1_700


def at_once(app, *steps: Callable[[], object]) -> list[object]:
    """Run the steps at the same moment, each in a thread and unit of its own; what came of each
    is an id or the class of its refusal."""
    db.session.rollback()
    start = Barrier(len(steps))

    def run(step: Callable[[], object]) -> object:
        with app.app_context():
            start.wait()
            try:
                return unit_of_work(step)
            except EscrowExhausted as refusal:
                return type(refusal)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(steps)) as pool:
        return list(pool.map(run, steps))


def hold(payer, reference="adr_x", amount=600) -> str:
    account = service.hold(
        SYSTEM,
        reference=reference,
        sponsor_id=payer.id,
        currency="EUR",
        fee=amount,
        commission_cap=0,
        platform_fee=0,
    )
    return account.id


def test_one_agreement_accepted_many_times_at_once_is_held_once(app):
    payer = make.sponsor()
    make.fund(payer, 1_000)
    answers = at_once(app, *[lambda: hold(payer)] * 8)
    assert len(set(answers)) == 1
    assert service.wallet(payer.id)[0].available == 400


def test_money_that_is_released_and_refunded_at_once_goes_one_way(app):
    payer, earner = make.sponsor(), make.influencer()
    make.fund(payer, 5_000)
    for number in range(8):
        reference = f"adr_{number}"
        unit_of_work(partial(hold, payer, reference))

        def release(reference=reference) -> str:
            payment = service.release(
                SYSTEM, reference=reference, milestone="m", influencer_id=earner.id, amount=600
            )
            assert payment is not None
            return payment.id

        def refund(reference=reference) -> str:
            payment = service.refund(SYSTEM, reference=reference, milestone="m", amount=600)
            assert payment is not None
            return payment.id

        answers = at_once(app, release, refund, release, refund)
        assert answers.count(EscrowExhausted) == 2  # of the slower side, both times
        assert service.escrow_balance(reference) == 0
    assert [check for check in service.check_ledger() if not check.ok] == []


def test_a_release_that_matures_while_it_is_divided_matures_with_what_is_left(app):
    payer, earner = make.sponsor(), make.influencer()
    make.fund(payer, 1_000)
    unit_of_work(partial(hold, payer, "adr_1"))
    release = partial(service.release, SYSTEM, reference="adr_1", milestone="m")
    unit_of_work(lambda: release(influencer_id=earner.id, amount=600, hold_days=1))
    (maturity_id,) = db.session.scalars(select(Maturity.id))
    db.session.rollback()
    divided = Event()

    def divide() -> None:
        contest = {"reference": "adr_1", "milestone": "m"}
        service.contest(SYSTEM, **contest)
        service.settle_contest(SYSTEM, **contest, take_back=200)
        divided.set()
        sleep(0.5)  # the other one asks meanwhile

    def mature() -> None:
        assert divided.wait(10)
        with time_machine.travel(now() + timedelta(days=2)):
            maturing.mature(maturity_id)

    at_once(app, divide, mature)
    (balance,) = service.earnings(earner.id).balances
    assert (balance.held, balance.available) == (0, 400)


def test_agreements_of_the_same_two_parties_settle_at_once_and_add_up(app):
    payer, earner = make.sponsor(), make.influencer()
    make.fund(payer, 6_000)
    references = [f"adr_{number}" for number in range(6)]

    def live(reference: str) -> None:
        hold(payer, reference)
        service.release(
            SYSTEM,
            reference=reference,
            milestone="m",
            influencer_id=earner.id,
            amount=500,
            hold_days=0,
        )
        service.charge_platform_fee(SYSTEM, reference=reference, milestone="m", amount=40)
        service.refund(SYSTEM, reference=reference, milestone="m", amount=60)

    at_once(app, *[partial(live, reference) for reference in references])
    assert service.wallet(payer.id)[0].available == 6_000 - 6 * 540
    assert service.earnings(earner.id).balances[0].available == 6 * 500
    assert [check for check in service.check_ledger() if not check.ok] == []
