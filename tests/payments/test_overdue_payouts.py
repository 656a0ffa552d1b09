"""A withdrawal that waits too long is escalated, whatever it waits for."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.notifications.models import Notification
from app.payments import payout_approvals, payout_rules, service, settlement
from app.payments.models import Withdrawal
from app.payments.payout_rules import APPROVAL_ABOVE, APPROVAL_HOURS, PAID_HOURS
from tests.factories import payments as make
from tests.factories.identity import SignedIn, make_admin, make_influencer

START = now()


@pytest.fixture
def clock(app):
    with time_machine.travel(START, tick=False) as traveller:
        yield traveller


@pytest.fixture
def earner(clock):
    person = make.influencer()
    make.earn(make.sponsor(), person, 100_000)
    return person


def withdraw(earner, amount=10_000) -> str:
    row = unit_of_work(lambda: service.withdraw(earner.actor, amount=Money(amount, "EUR")))
    return row.id


def read(row_id) -> Withdrawal:
    db.session.rollback()
    return payout_approvals.get_payout(row_id)


def told() -> int:
    rows = db.session.scalars(
        select(Notification).where(Notification.kind == "withdrawal_overdue")
    ).all()
    return len(rows)


def test_one_that_is_not_paid_in_time_is_escalated_once(earner, clock):
    make.admin()
    row_id = withdraw(earner)
    due = START + timedelta(hours=PAID_HOURS.default)
    assert read(row_id).escalate_at == due
    clock.move_to(due - timedelta(seconds=1))
    assert settlement.escalate_overdue_payouts() == 0
    clock.move_to(due)
    assert settlement.escalate_overdue_payouts() == 1
    assert settlement.escalate_overdue_payouts() == 0
    assert told() == 1
    row = read(row_id)
    assert row.escalated_at == due
    assert ("escalated", due) in [(step.name, step.at) for step in row.steps]


def test_approval_has_a_deadline_of_its_own_and_payment_another(earner, clock):
    admins = [make.admin(), make.admin()]
    unit_of_work(lambda: APPROVAL_ABOVE.set(SYSTEM, 1))
    row_id = withdraw(earner)
    due = START + timedelta(hours=APPROVAL_HOURS.default)
    assert read(row_id).escalate_at == due
    clock.move_to(due)
    assert settlement.escalate_overdue_payouts() == 1
    for admin in admins:
        unit_of_work(lambda by=admin: payout_approvals.approve(by.actor, withdrawal_id=row_id))
    row = read(row_id)
    assert row.escalated_at is None
    assert row.escalate_at == due + timedelta(hours=PAID_HOURS.default)
    clock.move_to(row.escalate_at)
    assert settlement.escalate_overdue_payouts() == 1
    assert told() == 4  # two admins, twice


def test_what_has_ended_is_never_overdue(earner, clock):
    paid, cancelled = withdraw(earner), withdraw(earner)
    service.pay_out(paid)
    unit_of_work(lambda: service.cancel(earner.actor, withdrawal_id=cancelled))
    clock.shift(timedelta(days=400))
    assert settlement.escalate_overdue_payouts() == 0
    assert {read(row).escalate_at for row in (paid, cancelled)} == {None}


def test_the_wait_after_a_change_of_details_does_not_count(earner, clock):
    later = START + timedelta(hours=24)
    assert payout_rules.pay_by(later) == later + timedelta(hours=PAID_HOURS.default)


def test_admins_see_the_overdue_first_and_alone(clock):
    person = make_influencer()
    money = make.Person(person.user_id, person.email, str(person.influencer_id), person.actor)
    make.earn(make.sponsor(), money, 100_000)
    admin = SignedIn(make_admin())
    ended = withdraw(money)
    service.pay_out(ended)
    first = withdraw(money)
    clock.shift(timedelta(hours=PAID_HOURS.default + 1))
    second = withdraw(money)
    admin = SignedIn(make_admin())
    listed = admin.get("/admin/payouts?sort=deadline").json["items"]
    assert [row["id"] for row in listed] == [first, second, ended]
    pages, cursor = [], ""
    for _ in range(3):
        answer = admin.get(f"/admin/payouts?sort=deadline&limit=1{cursor}").json
        pages.append(answer["items"][0]["id"])
        cursor = f"&cursor={answer['next']}"
    assert pages == [first, second, ended]
    assert ids(admin, "overdue=true") == {first}
    assert ids(admin, "overdue=false") == {second, ended}
    mine = SignedIn(person).get(f"/influencer/withdrawals/{first}").json
    assert mine["escalate_at"] is not None


def ids(admin: SignedIn, query: str) -> set[str]:
    return {row["id"] for row in admin.get(f"/admin/payouts?{query}").json["items"]}
