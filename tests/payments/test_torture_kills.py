"""kill -9 between any two writes: nothing lost, nothing doubled, and a repeat ends the road."""

from __future__ import annotations

import json
import os
import random
import re
import signal
from collections import Counter
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.payments import payout_rules, service
from app.payments.models import Withdrawal
from tests.factories import payments as make
from tests.factories.identity import bearer
from tests.payments.victim import DONE, LEFT_AVAILABLE, LEFT_IN_WALLET
from tests.services.processes import ROOT
from tests.services.standing import exchange, stand_by

pytestmark = [pytest.mark.process, pytest.mark.torture]

RANDOM_KILLS = 200 if os.environ.get("ACCORD_TORTURE") == "full" else 3
POINT = re.compile(r'\bpoint\("([\w.]+)"\)')
POINTS = sorted(
    {name for path in (ROOT / "app").rglob("*.py") for name in POINT.findall(path.read_text())}
)
_roads = count(1)


class Victim:
    """The process that lives roads of money."""

    def __init__(self, environ: dict[str, str]) -> None:
        [self.process] = stand_by("tests.payments.victim", environ, 1)

    def rehearse(self, road: dict[str, Any]) -> None:
        """Let the process itself live a road once: its children are far quicker then."""
        db.session.rollback()
        assert exchange([self.process], [json.dumps({**road, "rehearsal": True})]) == ["rehearsed"]

    def live(self, road: dict[str, Any], *, fault: str = "", after: float | None = None) -> Any:
        """How the child that lived the road ended."""
        db.session.rollback()
        order = json.dumps({**road, "fault": fault, "after": after})
        report = json.loads(exchange([self.process], [order])[0])
        if report["code"]:
            print(self.process.complaints())
        return report


@pytest.fixture
def victim(app, environ, admins) -> Victim:
    # Whoever changes the details withdraws at once here, and everything needs two admins.
    unit_of_work(lambda: payout_rules.HOLD_HOURS.set(SYSTEM, 0))
    unit_of_work(lambda: payout_rules.APPROVAL_ABOVE.set(SYSTEM, 1))
    found = Victim(environ)
    found.rehearse(new_road(admins))
    return found


@pytest.fixture
def admins(app) -> list[str]:
    return [bearer(make.admin())["Authorization"] for _ in range(2)]


def new_road(admins: list[str]) -> dict[str, Any]:
    """People of their own for each road."""
    sponsor, influencer = make.sponsor(), make.influencer()
    return {
        "sponsor": bearer(sponsor)["Authorization"],
        "sponsor_id": sponsor.id,
        "influencer": bearer(influencer)["Authorization"],
        "influencer_id": influencer.id,
        "admins": admins,
        "reference": f"adr_road{next(_roads)}",
    }


def check_whole(what: str) -> None:
    db.session.rollback()
    assert [check for check in service.check_ledger() if not check.ok] == [], what
    db.session.rollback()


def check_done(road: dict[str, Any], what: str) -> None:
    """The road was lived once, to its end."""
    db.session.rollback()
    assert service.wallet(road["sponsor_id"])[0].available == LEFT_IN_WALLET, what
    [mine] = service.earnings(road["influencer_id"]).balances
    assert (mine.available, mine.held, mine.in_flight) == (LEFT_AVAILABLE, 0, 0), what
    states = db.session.scalars(
        select(Withdrawal.status).where(Withdrawal.influencer_id == road["influencer_id"])
    )
    assert Counter(state.value for state in states) == DONE, what
    assert service.escrow_balance(road["reference"]) == 0, what


def test_there_are_points_between_the_writes():
    assert len(POINTS) >= 18, POINTS


def test_a_kill_at_every_named_point_leaves_the_money_whole_and_a_repeat_ends_the_road(
    victim, admins
):
    for name in POINTS:
        road = new_road(admins)
        assert victim.live(road, fault=name)["signal"] == signal.SIGKILL, f"{name} was not reached"
        check_whole(name)
        assert victim.live(road) == {"signal": 0, "code": 0}, name
        check_done(road, name)
        check_whole(name)


def test_a_kill_at_any_moment_does_too(victim, admins):
    chance = random.Random(7)
    for number in range(RANDOM_KILLS):
        road = new_road(admins)
        victim.live(road, after=chance.uniform(0, 0.6))
        assert victim.live(road) == {"signal": 0, "code": 0}, number
        check_done(road, str(number))
        check_whole(str(number))
