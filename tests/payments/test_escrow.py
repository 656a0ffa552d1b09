"""Held, released, refunded: each once, and never more than there is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app.audit.models import AuditEntry
from app.core.actor import SYSTEM
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import service, settlement
from app.payments.errors import EscrowExhausted, InsufficientFunds, PostingConflict
from app.payments.fees import HOLD_DAYS, PLATFORM_FEE_PERCENT
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from tests.factories import payments as make

START = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def payer(app):
    person = make.sponsor()
    make.fund(person, 1000)
    return person


@pytest.fixture
def earner(app):
    return make.influencer()


def hold(payer, *, fee=600, commission_cap=50, platform_fee=30, reference="adr_1"):
    return unit_of_work(
        lambda: service.hold(
            payer.actor,
            reference=reference,
            sponsor_id=payer.id,
            currency="EUR",
            fee=fee,
            commission_cap=commission_cap,
            platform_fee=platform_fee,
        )
    )


def release(earner, amount, milestone="m1", **more):
    return unit_of_work(
        lambda: service.release(
            SYSTEM,
            reference="adr_1",
            milestone=milestone,
            influencer_id=earner.id,
            amount=amount,
            **more,
        )
    )


def refund(amount, milestone="m1"):
    return unit_of_work(
        lambda: service.refund(SYSTEM, reference="adr_1", milestone=milestone, amount=amount)
    )


def wallet(payer) -> tuple[int, int]:
    [balance] = service.wallet(payer.id)
    return balance.available, balance.held


def earnings(earner) -> tuple[int, int]:
    [balance] = service.earnings(earner.id).balances
    return balance.held, balance.available


def test_a_hold_sets_fee_commission_and_platform_fee_aside(payer):
    account = hold(payer)
    assert account.balance == 680
    assert service.escrow_balance("adr_1") == 680
    assert wallet(payer) == (320, 680)


def test_a_hold_without_the_funds_changes_nothing(payer):
    with pytest.raises(InsufficientFunds) as refused:
        hold(payer, fee=1000)
    assert refused.value.extra["missing"] == {"amount": 80, "currency": "EUR"}
    assert wallet(payer) == (1000, 0)
    assert service.escrow_balance("adr_1") == 0
    assert not db.session.scalars(select(Payment).where(Payment.kind == PaymentKind.HOLD)).all()


def test_a_hold_happens_once(payer):
    hold(payer)
    hold(payer)
    assert wallet(payer) == (320, 680)
    with pytest.raises(PostingConflict):
        hold(payer, fee=601)
    assert wallet(payer) == (320, 680)


def test_a_hold_of_a_negative_part_is_refused(payer):
    with pytest.raises(ValueError, match="negative"):
        hold(payer, fee=700, commission_cap=-100)


def test_a_release_waits_for_the_end_of_its_hold_period(payer, earner):
    with time_machine.travel(START, tick=False) as clock:
        hold(payer)
        payment = release(earner, 600, hold_days=3)
        payment_id = payment.id
        assert payment.status is PaymentStatus.HELD
        [upcoming] = service.earnings(earner.id).upcoming
        assert upcoming.due_at == START + timedelta(days=3)
        clock.move_to(START + timedelta(days=3, seconds=-1))
        assert service.mature_due() == 0
        assert earnings(earner) == (600, 0)
        clock.move_to(START + timedelta(days=3))
        assert service.mature_due() == 1
        assert service.mature_due() == 0
    assert earnings(earner) == (0, 600)
    assert db.session.get_one(Payment, payment_id).status is PaymentStatus.SETTLED
    assert service.earnings(earner.id).upcoming == []


@pytest.mark.parametrize("batch", [1, 500])
def test_a_release_that_cannot_mature_holds_up_no_other(payer, earner, batch, monkeypatch, caplog):
    monkeypatch.setattr(settlement, "BATCH", batch)
    with time_machine.travel(START, tick=False) as clock:
        hold(payer)
        broken = release(earner, 200, hold_days=1, milestone="m1").id
        release(earner, 400, hold_days=2, milestone="m2")
        statement = update(Payment).where(Payment.id == broken)
        unit_of_work(lambda: db.session.execute(statement.values(status=PaymentStatus.SETTLED)))
        clock.move_to(START + timedelta(days=3))
        assert service.mature_due() == 1
    assert earnings(earner) == (200, 400)
    assert "could not be settled" in caplog.text


def test_a_hold_period_of_no_days_ends_at_once(payer, earner):
    hold(payer)
    payment = release(earner, 600, hold_days=0)
    assert payment.status is PaymentStatus.SETTLED
    assert earnings(earner) == (0, 600)


def test_the_hold_period_is_a_setting(payer, earner):
    unit_of_work(lambda: HOLD_DAYS.set(SYSTEM, 30))
    with time_machine.travel(START, tick=False):
        hold(payer)
        release(earner, 600)
        [upcoming] = service.earnings(earner.id).upcoming
    assert upcoming.due_at == START + timedelta(days=30)


@pytest.mark.parametrize("days", [-1, 91])
def test_a_hold_period_has_bounds(payer, earner, days):
    hold(payer)
    with pytest.raises(ValueError, match="0 to 90"):
        release(earner, 600, hold_days=days)
    with pytest.raises(Invalid):
        unit_of_work(lambda: HOLD_DAYS.set(SYSTEM, days))


def test_a_release_happens_once_a_milestone(payer, earner):
    hold(payer)
    first = release(earner, 300, hold_days=0)
    again = release(earner, 300, hold_days=0)
    assert again.id == first.id
    assert earnings(earner) == (0, 300)
    other = release(earner, 300, milestone="m2", hold_days=0)
    assert other.id != first.id
    assert earnings(earner) == (0, 600)


def test_a_milestone_cannot_be_released_to_another_influencer_as_well(payer, earner):
    hold(payer)
    release(earner, 300)
    with pytest.raises(PostingConflict):
        release(make.influencer(), 300)


def test_an_escrow_gives_no_more_than_it_holds(payer, earner):
    hold(payer)
    release(earner, 600)
    with pytest.raises(EscrowExhausted):
        refund(81)
    assert service.escrow_balance("adr_1") == 80
    refund(80)
    assert service.escrow_balance("adr_1") == 0
    assert wallet(payer) == (400, 0)


def test_one_agreement_cannot_spend_the_money_of_another(payer, earner):
    hold(payer, fee=300, commission_cap=0, platform_fee=0)
    hold(payer, fee=300, commission_cap=0, platform_fee=0, reference="adr_2")
    with pytest.raises(EscrowExhausted):
        release(earner, 301)
    assert service.escrow_balance("adr_2") == 300


def test_money_that_was_never_held_cannot_be_released_or_refunded(payer, earner):
    with pytest.raises(NotFound):
        release(earner, 1)
    with pytest.raises(NotFound):
        refund(1)


def test_nothing_is_nothing(payer, earner):
    hold(payer)
    assert release(earner, 0) is None
    assert refund(0) is None
    fee = unit_of_work(
        lambda: service.charge_platform_fee(SYSTEM, reference="adr_1", milestone="m", amount=0)
    )
    assert fee is None
    assert service.escrow_balance("adr_1") == 680


def test_a_split_of_a_milestone_and_its_fee_empties_the_escrow(payer, earner):
    hold(payer, fee=600, commission_cap=0, platform_fee=30)

    def decide() -> None:
        service.release(
            SYSTEM,
            reference="adr_1",
            milestone="m1",
            influencer_id=earner.id,
            amount=200,
            hold_days=0,
        )
        service.charge_platform_fee(SYSTEM, reference="adr_1", milestone="m1", amount=10)
        service.refund(SYSTEM, reference="adr_1", milestone="m1", amount=420)

    unit_of_work(decide)
    unit_of_work(decide)
    assert service.escrow_balance("adr_1") == 0
    assert wallet(payer) == (790, 0)
    assert earnings(earner) == (0, 200)
    assert all(check.ok for check in service.check_ledger())


def test_a_commission_is_a_payment_of_its_own_kind(payer, earner):
    hold(payer)
    payment = release(earner, 50, milestone="commission", kind=PaymentKind.COMMISSION)
    assert payment.kind is PaymentKind.COMMISSION
    assert earnings(earner) == (50, 0)


def test_every_movement_leaves_an_audit_entry_with_its_actor(payer, earner):
    hold(payer)
    release(earner, 600, hold_days=0)
    refund(80)
    entries = db.session.execute(
        select(AuditEntry.action, AuditEntry.actor).where(AuditEntry.action.like("payment.%"))
    ).all()
    assert {(row.action, row.actor) for row in entries} == {
        ("payment.deposit", "system"),
        ("payment.hold", payer.user_id),
        ("payment.release", "system"),
        ("payment.matured", "system"),
        ("payment.refund", "system"),
    }


def test_a_platform_takes_nothing_unless_its_admin_says_so(app):
    assert service.platform_fee(12_345) == 0
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 7.5))
    assert service.platform_fee(1000) == 75
    assert service.platform_fee(7) == 1  # 0.525, rounded half up
    with pytest.raises(Invalid):
        unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 30.1))
