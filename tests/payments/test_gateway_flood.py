"""Thousands of gateway events, shuffled and repeated, end where one of each in order would.

The quick size delivers 300; ACCORD_TORTURE=full delivers 2,000.
"""

from __future__ import annotations

import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from sqlalchemy import func, select

from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import payout_sending, service
from app.payments.gateways.base import FactKind, GatewayFact
from app.payments.models import Deposit, GatewayEntry, GatewayEvent, Payment, Transfer, Withdrawal
from tests.factories import payments as make
from tests.payments import wire
from tests.payments.wire import count

SIZE = 2_000 if os.environ.get("ACCORD_TORTURE") == "full" else 300
THREADS = 4


def fact(kind: FactKind, subject: str, amount: int, number: int) -> GatewayFact:
    entry = {FactKind.DEPOSIT_SETTLED: "in", FactKind.PAYOUT_PAID: "out"}.get(kind)
    return GatewayFact(
        event_id=f"evt_{subject}_{kind.value}_{number}",
        kind=kind,
        subject=subject,
        amount=amount,
        currency="EUR",
        entry_id=f"{entry}_{subject}" if entry else None,
        reason=None if entry else "No.",
    )


def deposits(payer, number: int) -> list[str]:
    made = unit_of_work(
        lambda: [
            service.deposit(payer.actor, amount=Money(1_000 + n, "EUR"), gateway="sandbox").id
            for n in range(number)
        ]
    )
    return list(made)


def payouts(person, number: int) -> list[str]:
    made = unit_of_work(
        lambda: [service.withdraw(person.actor, amount=Money(200, "EUR")).id for _ in range(number)]
    )
    for withdrawal_id in made:
        payout_sending.start(withdrawal_id)
    return list(made)


@pytest.mark.torture
def test_shuffled_and_repeated_events_end_where_one_of_each_would(app):
    dice = random.Random(20_261_122)
    payer, funder, earner = make.sponsor(), make.sponsor(), make.influencer()
    each = SIZE // 10
    make.earn(funder, earner, 200 * each)
    coming, going = deposits(payer, each), payouts(earner, each)
    before = (count(Transfer), count(GatewayEntry))

    facts, settled, paid = [], 0, 0
    for n, deposit_id in enumerate(coming):
        # Settled; declined; declined first and paid after all.
        kinds = [[FactKind.DEPOSIT_SETTLED], [FactKind.DEPOSIT_DECLINED],
                 [FactKind.DEPOSIT_DECLINED, FactKind.DEPOSIT_SETTLED]][n % 3]  # fmt: skip
        settled += FactKind.DEPOSIT_SETTLED in kinds
        facts += [fact(kind, deposit_id, 1_000 + n, copy) for kind in kinds for copy in range(2)]
    for n, withdrawal_id in enumerate(going):
        kind = FactKind.PAYOUT_FAILED if n % 4 == 0 else FactKind.PAYOUT_PAID
        paid += kind is FactKind.PAYOUT_PAID
        facts += [fact(kind, withdrawal_id, 200, copy) for copy in range(2)]

    deliveries = facts + dice.choices(facts, k=max(0, SIZE - len(facts)))
    dice.shuffle(deliveries)
    assert len(deliveries) >= SIZE

    def deliver(one: GatewayFact) -> int:
        with app.app_context():
            try:
                return int(wire.event(app.test_client(), one).status_code)
            finally:
                db.session.remove()

    db.session.rollback()
    with ThreadPoolExecutor(THREADS) as pool:
        statuses = Counter(pool.map(deliver, deliveries))
    db.session.rollback()

    assert statuses == {204: len(deliveries)}
    assert count(GatewayEvent) - 1 == len(facts)  # the funder's own deposit is the one more
    waiting = select(func.count()).where(GatewayEvent.processed_at.is_(None))
    assert db.session.scalar(waiting) == 0
    assert count(Transfer) - before[0] == settled + each
    assert count(GatewayEntry) - before[1] == settled + paid
    wanted = sum(1_000 + n for n in range(each) if n % 3 != 1)
    assert service.wallet(payer.id)[0].available == wanted
    [balance] = service.earnings(earner.id).balances
    assert (balance.available, balance.in_flight) == (200 * (each - paid), 0)
    tally = partial(_tally, db.session)
    assert tally(Deposit, coming) == {"settled": settled, "declined": each - settled}
    assert tally(Withdrawal, going) == {"paid": paid, "failed": each - paid}
    assert db.session.scalar(select(func.count()).where(Payment.status == "pending")) == 0
    assert [check.detail for check in service.check_ledger() if not check.ok] == []


def _tally(session, model, ids) -> dict[str, int]:
    rows = session.scalars(select(model.status).where(model.id.in_(ids)))
    return dict(Counter(status.value for status in rows))
