"""Who and what waits for an admin, and decisions on many at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.ad_requests import clearance
from app.campaigns.models import Campaign
from app.core import bulk
from app.core.actor import Actor
from app.core.clock import now
from app.core.extensions import db
from app.core.options import all_options
from app.core.paging import Page, PageRequest, paginate
from app.identity import service as identity
from app.identity.models import User
from app.moderation import queries
from app.moderation.terms import SubjectType

SWITCHES = (
    "sponsors_need_approval",
    "influencers_need_approval",
    "campaigns_need_approval",
    "content_needs_approval",
)


def decide_user(actor: Actor, *, user_id: str, approve: bool, reason: str | None) -> User:
    """Approve or reject a pending user. Raises NotFound, RefusedTransition."""
    return identity.decide_registration(actor, user_id=user_id, approve=approve, reason=reason)


def decide_users(
    actor: Actor, *, ids: Sequence[str], approve: bool, reason: str | None
) -> list[dict[str, Any]]:
    """Decide on each user by itself: one that cannot be decided leaves the others decided."""

    def act(user_id: str) -> str:
        return decide_user(actor, user_id=user_id, approve=approve, reason=reason).status.value

    return bulk.each(ids, act)


def waiting(kind: SubjectType, request: PageRequest) -> Page[dict[str, Any]]:
    """A page of one queue, the longest waiting first."""
    if kind is SubjectType.USER:
        page = paginate(
            queries.pending_users(),
            request,
            sorts={"waiting_since": User.created_at},
            default="waiting_since",
            id_column=User.id,
        )
        return Page([_user(user) for user in page.items], page.next)
    page = paginate(
        queries.waiting_campaigns().where(Campaign.submitted_at.is_not(None)),
        request,
        sorts={"waiting_since": Campaign.submitted_at},
        default="waiting_since",
        id_column=Campaign.id,
    )
    return Page([_campaign(campaign) for campaign in page.items], page.next)


def counts() -> dict[str, Any]:
    """How many wait in each queue, and since when the first does."""
    users = db.session.execute(queries.pending_user_figures()).one()
    campaigns = db.session.execute(queries.waiting_campaign_figures()).one()
    content = (
        db.session.execute(queries.waiting_content_figures()).one()
        if clearance.needed()
        else (0, None)
    )
    return {
        name: {"count": found[0], "oldest": found[1]}
        for name, found in (("users", users), ("campaigns", campaigns), ("content", content))
    }


def switches() -> dict[str, bool]:
    """Which queues are switched on (settings of the same names)."""
    return {option.name: option.get() for option in all_options() if option.name in SWITCHES}


def _user(user: User) -> dict[str, Any]:
    sponsor = user.membership.sponsor if user.membership is not None else None
    return _waits(user.created_at) | {
        "kind": SubjectType.USER,
        "id": user.id,
        "name": user.name,
        "role": user.role.value,
        "sponsor_id": sponsor.id if sponsor is not None else None,
        "sponsor_name": sponsor.name if sponsor is not None else None,
    }


def _campaign(campaign: Campaign) -> dict[str, Any]:
    since = campaign.submitted_at
    assert since is not None, "the query leaves out those without"
    return _waits(since) | {
        "kind": SubjectType.CAMPAIGN,
        "id": campaign.id,
        "name": campaign.title,
        "role": None,
        "sponsor_id": campaign.sponsor_id,
        "sponsor_name": campaign.sponsor.name,
    }


def _waits(since: Any) -> dict[str, Any]:
    return {"waiting_since": since, "waiting_seconds": int((now() - since).total_seconds())}
