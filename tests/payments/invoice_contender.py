"""What several processes do at once in the tests of invoice numbers."""

from __future__ import annotations

from itertools import count
from uuid import uuid4

from app.core.actor import SYSTEM
from app.core.transaction import before_commit, unit_of_work
from app.payments import service

_calls = count()


class Dropped(Exception):
    """The unit fails after its number was given."""


def _drop(_items: list[object]) -> None:
    raise Dropped


def release_or_fail(sponsor_id: str, influencer_id: str) -> str:
    """Hold and release money for a new agreement; each third time the unit is rolled back after
    the invoice had its number."""
    reference = f"adr_{uuid4().hex[:20]}"
    fails = next(_calls) % 3 == 0

    def work() -> None:
        service.hold(
            SYSTEM,
            reference=reference,
            sponsor_id=sponsor_id,
            currency="EUR",
            fee=7,
            commission_cap=0,
            platform_fee=0,
        )
        service.release(
            SYSTEM,
            reference=reference,
            milestone="all",
            influencer_id=influencer_id,
            amount=7,
            hold_days=3,
        )
        if fails:
            before_commit(_drop, None)

    try:
        unit_of_work(work)
    except Dropped:
        return "rolled back"
    return "released"
