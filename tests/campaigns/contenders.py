"""What other processes do in the tests of campaigns (see `tests.services.contender`)."""

from __future__ import annotations

from app.campaigns import service
from app.core.transaction import unit_of_work


def commit_budget(campaign_id: str, amount: int) -> str:
    """Commit a part of the budget once."""
    unit_of_work(lambda: service.commit_budget(campaign_id, amount))
    return "taken"
