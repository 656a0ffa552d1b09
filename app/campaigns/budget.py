"""The counters of a campaign that agreements move: money committed and spent, agreements open.

Each is one guarded UPDATE, so that concurrent agreements cannot overshoot; the row is not read
before. Each moves `version` on, since what a campaign's document shows changes with it.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import inspect, update
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.sql import ColumnElement

from app.campaigns.errors import CampaignClosed, OverBudget
from app.campaigns.lifecycle import OVER
from app.campaigns.models import Campaign
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.money import Money

_COUNTERS = (
    "budget_amount",
    "committed_amount",
    "spent_amount",
    "open_agreements",
    "version",
)


class CounterMismatch(RuntimeError):
    """A caller released or spent what was never committed: a fault of ours, not of a person."""


def commit_budget(campaign_id: str, amount: int) -> None:
    """Count `amount` minor units as committed. Raises OverBudget, and then changes nothing."""
    _check(amount)
    fits = Campaign.committed_amount + amount <= Campaign.budget_amount
    if not _move(campaign_id, fits, committed_amount=Campaign.committed_amount + amount):
        campaign = _read(campaign_id)
        raise OverBudget(Money(amount, campaign.currency), campaign.free)


def release_budget(campaign_id: str, amount: int) -> None:
    """Give back `amount` that was committed and not spent. Raises CounterMismatch."""
    _check(amount)
    held = Campaign.committed_amount - amount >= Campaign.spent_amount
    if not _move(campaign_id, held, committed_amount=Campaign.committed_amount - amount):
        raise CounterMismatch(f"{campaign_id}: {amount} was not committed")


def record_spend(campaign_id: str, amount: int) -> None:
    """Count `amount` of what is committed as released. Raises CounterMismatch."""
    _check(amount)
    held = Campaign.spent_amount + amount <= Campaign.committed_amount
    if not _move(campaign_id, held, spent_amount=Campaign.spent_amount + amount):
        raise CounterMismatch(f"{campaign_id}: {amount} was not committed")


def reverse_spend(campaign_id: str, amount: int) -> None:
    """Count `amount` that was released as given back to the sponsor: neither spent nor committed
    any more. Raises CounterMismatch."""
    _check(amount)
    moved = _move(
        campaign_id,
        Campaign.spent_amount >= amount,
        spent_amount=Campaign.spent_amount - amount,
        committed_amount=Campaign.committed_amount - amount,
    )
    if not moved:
        raise CounterMismatch(f"{campaign_id}: {amount} was not spent")


def agreement_opened(campaign_id: str) -> None:
    """Count an agreement that became active. Raises CampaignClosed when the campaign is over."""
    running = Campaign.status.not_in(OVER)
    if not _move(campaign_id, running, open_agreements=Campaign.open_agreements + 1):
        state = _read(campaign_id).status.value
        raise CampaignClosed(f"This campaign is {state}: nothing can be agreed.", state=state)


def agreement_closed(campaign_id: str) -> None:
    """Count an active agreement that ended. Raises CounterMismatch."""
    counted = Campaign.open_agreements > 0
    if not _move(campaign_id, counted, open_agreements=Campaign.open_agreements - 1):
        raise CounterMismatch(f"{campaign_id}: no agreement was open")


def _move(campaign_id: str, guard: ColumnElement[bool], **values: Any) -> bool:
    db.session.flush()
    row = db.session.execute(
        update(Campaign)
        .where(Campaign.id == campaign_id, guard)
        .values(version=Campaign.version + 1, **values)
        .returning(*[getattr(Campaign, name) for name in _COUNTERS])
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if row is None:
        return False
    loaded = db.session.identity_map.get(
        inspect(Campaign).identity_key_from_primary_key((campaign_id,))
    )
    if loaded is not None:
        for name, value in zip(_COUNTERS, row, strict=True):
            set_committed_value(loaded, name, value)
    return True


def _read(campaign_id: str) -> Campaign:
    campaign = db.session.get(Campaign, campaign_id, populate_existing=True)
    if campaign is None:
        raise NotFound
    return campaign


def _check(amount: int) -> None:
    if isinstance(amount, bool) or not isinstance(amount, int) or amount < 0:
        raise ValueError("an amount is a whole number of minor units")
