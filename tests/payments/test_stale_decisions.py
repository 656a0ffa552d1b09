"""Of two who decide at once about what they read, the slower one is told that it moved on."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import sleep

import pytest
from flask import Flask

from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import payout_approvals, payout_rules
from tests.factories import payments as make
from tests.factories.identity import SignedIn, make_admin, make_influencer


@pytest.fixture
def waiting(app: Flask) -> str:
    """A withdrawal that two admins have to approve."""
    unit_of_work(lambda: payout_rules.APPROVAL_ABOVE.set(SYSTEM, 100))
    person = make_influencer()
    earner = make.Person(person.user_id, person.email, str(person.influencer_id), person.actor)
    make.earn(make.sponsor(), earner, 50_000)
    asked = SignedIn(person).post(
        "/influencer/withdrawals",
        {"amount": {"amount": 20_000, "currency": "EUR"}},
        headers={"Idempotency-Key": "k1"},
    )
    assert asked.json["status"] == "awaiting_approval"
    return str(asked.json["id"])


def test_a_refusal_of_what_is_being_approved_is_stale(app: Flask, waiting: str) -> None:
    first, second = make_admin(), SignedIn(make_admin())
    road = f"/admin/payouts/{waiting}"
    tag = second.get(road).headers["ETag"]
    db.session.rollback()
    approved = Event()

    def approve() -> None:
        def work() -> None:
            payout_approvals.approve(first.actor, withdrawal_id=waiting)
            approved.set()
            sleep(0.7)  # the other one decides meanwhile

        with app.app_context():
            try:
                unit_of_work(work)
            finally:
                db.session.remove()

    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(approve)
        assert approved.wait(10)
        late = second.post(f"{road}/refuse", {"reason": "No."}, headers={"If-Match": tag})
        done.result()
    assert (late.status_code, late.json["type"]) == (412, "stale-version")
    assert second.get(road).json["status"] == "awaiting_approval"
