"""Campaigns in any state."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any, TypeVar

from app.campaigns import moves, service
from app.campaigns.lifecycle import CampaignStatus
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM, Actor
from app.core.clock import today
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from tests.factories.identity import Person

Row = TypeVar("Row")

Move = Callable[[Actor, Campaign], Campaign]

_numbers = count(1)
_ROADS: dict[str, tuple[Move, ...]] = {
    "draft": (),
    "published": (moves.publish,),
    "paused": (moves.publish, moves.pause),
    "completed": (moves.publish, moves.complete),
    "archived": (moves.publish, moves.complete, moves.archive),
}


def brief(**values: Any) -> dict[str, Any]:
    """A complete brief as services take it, changed by `values`."""
    return {
        "title": f"Campaign {next(_numbers)}",
        "description": "Show our **coffee** in your kitchen.",
        "goals": "Be known in two cities.",
        "niches": ["food"],
        "budget": Money(500_000, "EUR"),
        "starts_on": today(),
        "ends_on": today() + timedelta(days=30),
        **values,
    }


def brief_body(**values: Any) -> dict[str, Any]:
    """A complete brief as the API takes it, changed by `values`."""
    plain = brief()
    return {
        **plain,
        "budget": {"amount": plain["budget"].amount, "currency": plain["budget"].currency},
        "starts_on": plain["starts_on"].isoformat(),
        "ends_on": plain["ends_on"].isoformat(),
        **values,
    }


def make_campaign(sponsor: Person, status: str = "published", **values: Any) -> Campaign:
    """A campaign of the sponsor in a state; `values` change its brief."""

    def work() -> Campaign:
        campaign = service.create(SYSTEM, sponsor_id=sponsor.sponsor_id, **brief(**values))
        for move in _ROADS[status]:
            campaign = move(SYSTEM, campaign)
        assert campaign.status is CampaignStatus(status)
        return campaign

    return _detached(work)


def reload(campaign: Campaign) -> Campaign:
    """The campaign as the database has it now."""
    return _detached(lambda: service.get_for(SYSTEM, campaign.id))


def _detached(work: Callable[[], Row]) -> Row:
    """What a unit of work makes, readable also after the next one has begun."""
    made = unit_of_work(work)
    db.session.expunge_all()
    return made
