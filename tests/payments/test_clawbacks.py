"""What is taken back: from the hold period, from what is available, from what is earned next."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.ad_requests import service as ad_requests
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.notifications.models import Notification
from app.payments import service
from app.payments.clawback_models import Clawback
from app.payments.errors import InsufficientFunds, MoreThanReleased, PostingConflict
from app.payments.invoice_models import Invoice
from app.payments.invoicing import InvoiceKind
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from app.reporting import ledger_proof
from tests.factories import payments as make
from tests.factories.ad_requests import advance, agree, check_money, make_world, reload

WHY = "The order was returned."


@pytest.fixture
def payer(app):
    return make.sponsor()


@pytest.fixture
def earner(app):
    return make.influencer()


def claw_back(reference, amount, key="", milestone="all"):
    return unit_of_work(
        lambda: service.claw_back(
            SYSTEM, reference=reference, milestone=milestone, amount=amount, reason=WHY, key=key
        )
    )


def withdraw(earner, amount):
    row = unit_of_work(lambda: service.withdraw(earner.actor, amount=Money(amount, "EUR")))
    return row.id


def wallet(payer) -> tuple[int, int]:
    """What may be committed, and what comes back later."""
    [totals] = service.wallet_totals(payer.id)
    paid = totals.available + totals.held + totals.released + totals.platform_fees
    assert totals.deposited == paid
    return totals.available, totals.due_back


def earnings(earner) -> tuple[int, int, int]:
    [balance] = service.earnings(earner.id).balances
    return balance.held, balance.available, balance.owed


def assert_proved():
    assert [check for check in service.check_ledger() if not check.ok] == []


def test_in_its_hold_period_a_release_shrinks(payer, earner):
    reference = make.earn(payer, earner, 1_000, hold_days=7)
    claw_back(reference, 300)
    assert earnings(earner) == (700, 0, 0)
    assert wallet(payer) == (300, 0)
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert service.mature_due() == 1
    assert earnings(earner) == (0, 700, 0)
    assert_proved()


def test_a_release_that_is_taken_back_whole_never_matures(payer, earner):
    reference = make.earn(payer, earner, 1_000, hold_days=7)
    claw_back(reference, 1_000)
    release = db.session.scalars(select(Payment).where(Payment.kind == PaymentKind.RELEASE)).one()
    assert release.status is PaymentStatus.SETTLED
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        assert service.mature_due() == 0
    assert earnings(earner) == (0, 0, 0)
    assert wallet(payer) == (1_000, 0)
    assert_proved()


def test_after_it_what_is_available_is_taken(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    claw_back(reference, 400)
    assert earnings(earner) == (0, 600, 0)
    assert wallet(payer) == (400, 0)
    assert_proved()


def test_what_was_withdrawn_is_owed_and_taken_from_the_next_earnings(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    service.pay_out(withdraw(earner, 800))

    taken = claw_back(reference, 1_000).clawback
    taken_id = taken.id
    assert (taken.amount, taken.owed, taken.settled_at) == (1_000, 800, None)
    assert earnings(earner) == (0, 0, 800)
    assert wallet(payer) == (200, 800)
    assert_proved()

    other = make.sponsor()
    make.earn(other, earner, 500)
    assert earnings(earner) == (0, 0, 300)
    assert wallet(payer) == (700, 300)
    make.earn(other, earner, 500, hold_days=7)
    assert earnings(earner) == (500, 0, 300)
    with time_machine.travel(now() + timedelta(days=8), tick=False):
        service.mature_due()
    assert earnings(earner) == (0, 200, 0)
    assert wallet(payer) == (1_000, 0)
    assert db.session.get_one(Clawback, taken_id).settled_at is not None
    assert_proved()


def test_a_payout_that_does_not_arrive_pays_what_is_owed(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    row_id = withdraw(earner, 900)
    claw_back(reference, 1_000)
    assert earnings(earner) == (0, 0, 900)
    unit_of_work(lambda: service.cancel(earner.actor, withdrawal_id=row_id))
    assert earnings(earner) == (0, 0, 0)
    assert wallet(payer) == (1_000, 0)
    assert_proved()


def test_the_oldest_claim_is_met_first(earner, app):
    first, second = make.sponsor(), make.sponsor()
    claims = []
    for payer in (first, second):
        reference = make.earn(payer, earner, 500)
        service.pay_out(withdraw(earner, 500))
        claims.append(reference)
    for reference in claims:
        claw_back(reference, 500)
    make.earn(make.sponsor(), earner, 700)
    assert (wallet(first), wallet(second)) == ((500, 0), (200, 300))
    assert earnings(earner) == (0, 0, 300)
    assert_proved()


def test_who_owes_cannot_withdraw(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    service.pay_out(withdraw(earner, 1_000))
    claw_back(reference, 400)
    make.earn(make.sponsor(), earner, 300)
    with pytest.raises(InsufficientFunds):
        withdraw(earner, 100)


def test_it_happens_once_for_each_key(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    first = claw_back(reference, 300)
    first_id = first.clawback.id
    again = claw_back(reference, 300)
    assert (first.new, again.new) == (True, False)
    assert again.clawback.id == first_id
    with pytest.raises(PostingConflict):
        claw_back(reference, 301)
    assert claw_back(reference, 300, key="another").new
    assert wallet(payer) == (600, 0)
    assert_proved()


def test_no_more_is_taken_back_than_was_released(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    service.pay_out(withdraw(earner, 1_000))
    claw_back(reference, 700)
    with pytest.raises(MoreThanReleased) as refused:
        claw_back(reference, 301, key="more")
    assert refused.value.extra == {"left": 300}
    claw_back(reference, 300, key="the rest")
    assert earnings(earner) == (0, 0, 1_000)
    assert_proved()


@pytest.mark.parametrize("amount", [0, -1])
def test_nothing_is_not_taken_back(payer, earner, amount):
    reference = make.earn(payer, earner, 1_000)
    with pytest.raises(Invalid):
        claw_back(reference, amount)


def test_what_was_never_released_cannot_be_taken_back(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    with pytest.raises(NotFound):
        claw_back(reference, 1, milestone="another")


def test_what_is_contested_waits_for_its_decision(payer, earner):
    reference = make.earn(payer, earner, 1_000, hold_days=7)
    contested = {"reference": reference, "milestone": "all"}
    unit_of_work(lambda: service.contest(SYSTEM, **contested))
    with pytest.raises(RefusedTransition, match="contested"):
        claw_back(reference, 500)
    unit_of_work(lambda: service.settle_contest(SYSTEM, **contested, take_back=600))
    with pytest.raises(MoreThanReleased):
        claw_back(reference, 401)
    claw_back(reference, 400)
    assert wallet(payer) == (1_000, 0)
    assert_proved()


def test_a_credit_note_tells_of_each_part_when_it_comes_back(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    service.pay_out(withdraw(earner, 700))
    claw_back(reference, 1_000)
    make.earn(make.sponsor(), earner, 5_000)
    notes = db.session.scalars(
        select(Invoice.total_amount)
        .where(Invoice.kind == InvoiceKind.CREDIT_NOTE, Invoice.sponsor_id == payer.id)
        .order_by(Invoice.number)
    ).all()
    assert notes == [300, 700]


def test_the_influencer_reads_why_and_what_is_owed(payer, earner):
    reference = make.earn(payer, earner, 1_000)
    claw_back(reference, 100, key="a")
    service.pay_out(withdraw(earner, 900))
    claw_back(reference, 200, key="b")
    shown = service.earnings(earner.id).taken_back
    assert [(row.reason, row.amount, row.owed) for row in shown] == [
        (WHY, 200, 200),
        (WHY, 100, 0),
    ]
    told = db.session.scalars(
        select(Notification).where(Notification.kind == "earnings_taken_back")
    ).all()
    assert len(told) == 2
    assert all(row.user_id == earner.user_id for row in told)


def take_back_commission(ad_request, amount, **more):
    return unit_of_work(
        lambda: ad_requests.take_back_commission(
            SYSTEM, ad_request_id=ad_request.id, milestone="order:1", amount=amount, reason=WHY,
            **more,
        )
    )  # fmt: skip


def test_a_commission_is_undone_with_its_agreement_and_its_campaign(app):
    world = make_world(attribution_window_days=14, attribution_touch="first")
    ad_request = agree(world, cap=20_000)
    pay = {"ad_request_id": ad_request.id, "milestone": "order:1", "amount": 5_000}
    unit_of_work(lambda: ad_requests.pay_commission(SYSTEM, **pay))
    take_back_commission(ad_request, 2_000)
    take_back_commission(ad_request, 2_000)
    take_back_commission(ad_request, 1_000, key="second")

    row = check_money(world, ad_request)
    assert (row.commission_paid_amount, row.commission_returned_amount) == (5_000, 3_000)
    assert row.commission_left == 15_000
    assert (row.released_amount, row.refunded_amount) == (2_000, 3_000)
    assert [check for check in ledger_proof.prove() if not check.ok] == []

    advance(world, ad_request, "completed")
    with time_machine.travel(now() + timedelta(days=40), tick=False):
        service.mature_due()
        take_back_commission(ad_request, 2_000, key="third")
    assert reload(ad_request).commission_returned_amount == 5_000
    assert [check for check in ledger_proof.prove() if not check.ok] == []


def test_a_deliverable_is_no_commission(app):
    world = make_world()
    ad_request = agree(world)
    advance(world, ad_request, "completed")
    [part] = reload(ad_request).deliverables
    with pytest.raises(NotFound):
        ad_requests.take_back_commission(
            SYSTEM, ad_request_id=ad_request.id, milestone=part.id, amount=1, reason=WHY
        )
