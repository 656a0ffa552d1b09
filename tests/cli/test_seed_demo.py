"""The demo world: every state in it, and nothing that ends as soon as one looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.ad_requests import deadlines
from app.ad_requests.figures import OFFER_HOURS
from app.ad_requests.lifecycle import OPEN, AdRequestStatus, DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable
from app.cli.demo import world
from app.core.actor import Actor, Role
from app.core.clock import shifted
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.readiness import readiness
from app.payments import service as payments
from app.payments.invoice_models import Invoice
from app.payments.models import Withdrawal
from app.payments.payout_batch_models import PayoutBatch
from app.reporting import dashboard_figures, dashboards
from app.reporting.dashboard_models import Dashboard
from config import Settings

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
LIVELY = timedelta(days=7)
SETTLED = timedelta(hours=20)


@pytest.fixture
def demo(app: Flask) -> Flask:
    world.seed(lambda _what: None)
    return app


def counted(status) -> dict[str, int]:
    rows = db.session.execute(select(status, func.count()).group_by(status)).all()
    db.session.rollback()
    return {state.value: number for state, number in rows}


def moved_after(time: timedelta) -> dict[str, int]:
    with shifted(time):
        return {**deadlines.enforce(), "matured": payments.mature_due()}


def test_the_demo_shows_every_state_and_stays_lively(demo: Flask) -> None:
    assert set(counted(AdRequest.status)) == {status.value for status in AdRequestStatus}
    parts = counted(Deliverable.status)
    assert set(parts) == {status.value for status in DeliverableStatus}

    # Whatever the hour of seeding, the deadline jobs find nothing for a while.
    for time in (timedelta(), timedelta(hours=1), SETTLED):
        assert moved_after(time) == {"matured": 0}
    assert OFFER_HOURS.get() == OFFER_HOURS.default
    db.session.rollback()

    assert sum(moved_after(timedelta(days=3)).values()) <= 5
    assert set(moved_after(LIVELY)) <= {"reminded", "revealed", "matured"}
    still_open = counted(AdRequest.status)
    assert sum(still_open.get(status.value, 0) for status in OPEN) >= 8
    assert counted(Deliverable.status) == parts
    assert all(check.ok for check in payments.check_ledger())
    db.session.rollback()


def test_no_job_of_the_made_past_seems_to_have_waited_since(demo: Flask) -> None:
    waiting = db.session.scalar(select(func.count()).where(Job.status == JobStatus.QUEUED))
    db.session.rollback()
    assert waiting
    assert {check["name"]: check["ok"] for check in readiness()}["jobs"]


def test_money_went_out_by_every_gateway_in_use(
    settings: Settings, make_app: Callable[[Settings], Flask]
) -> None:
    details = (("name", "Accord Ltd"), ("iban", "DE02120300000000202051"))
    app = make_app(replace(settings, manual_bank_details=details))
    with app.app_context():
        world.seed(lambda _what: None)
        assert counted(Withdrawal.status) == {"paid": 1, "sending": 1}
        assert counted(PayoutBatch.status) == {"open": 1}
        assert counted(Invoice.kind)["invoice"] > 3
        assert all(check.ok for check in payments.check_ledger())
        db.session.rollback()


def test_the_sponsor_has_a_dashboard_whose_every_panel_shows_something(demo: Flask) -> None:
    found = db.session.scalars(select(Dashboard)).one()
    row = dashboards.get_for(Actor(role=Role.SPONSOR, sponsor_id=found.sponsor_id), found.id)
    for panel in row.panels:
        scope = dashboards.scope_of(row, panel.filters)
        assert dashboard_figures.figures(scope, panel.dimensions, panel.measures)["rows"]
