"""The people behind an agreement: whether they exist and may act."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.ad_requests.errors import (
    CounterpartySuspended,
    InfluencerNotRegistered,
    TeamSuspended,
)
from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest
from app.core.actor import Actor, UserStatus
from app.core.errors import NotFound
from app.core.extensions import db
from app.identity.models import Influencer, Sponsor, User
from app.identity.standing import hold_accounts, may_act


def influencer(influencer_id: str) -> Influencer:
    """A profile that can be invited. Raises NotFound, InfluencerNotRegistered,
    CounterpartySuspended."""
    found = db.session.scalar(
        select(Influencer)
        .where(Influencer.id == influencer_id)
        .options(joinedload(Influencer.user))
    )
    if found is None:
        raise NotFound("There is no such influencer.")
    if found.user is None:
        raise InfluencerNotRegistered(
            "Nobody could answer. Share the link of the profile, so that its owner signs up."
        )
    # As it is in the database: the session may know it from before it was held.
    status = db.session.scalar(select(User.status).where(User.id == found.user_id))
    if status is not UserStatus.ACTIVE:
        raise _suspended("influencer")
    return found


def sponsor(sponsor_id: str) -> Sponsor:
    """A sponsor that may agree to something: one of its owners may act. Raises NotFound,
    CounterpartySuspended."""
    found = db.session.get(Sponsor, sponsor_id)
    if found is None:
        raise NotFound
    if not may_act(sponsor_id):
        raise _suspended("sponsor")
    return found


def require_own_team(sponsor_id: str) -> None:
    """Raise TeamSuspended when no owner of the acting member's sponsor may act; the surface asks
    first, this asks again within the transaction."""
    if not may_act(sponsor_id):
        raise TeamSuspended(
            "Every owner of your team is suspended or closed. Nothing was changed; you can read "
            "until an admin has decided."
        )


def require_able(actor: Actor, ad_request: AdRequest, *, other_than: Party) -> None:
    """Hold the accounts of both sides until the unit of work ends. Raise AccountBarred when the
    actor's own may not act, CounterpartySuspended when the side across from `other_than` may not,
    and TeamSuspended when the sponsor's own team may not."""
    hold_accounts(actor, sponsor_id=ad_request.sponsor_id, influencer_id=ad_request.influencer_id)
    if other_than is Party.SPONSOR:
        require_own_team(ad_request.sponsor_id)
    if other_than is not Party.INFLUENCER:
        influencer(ad_request.influencer_id)
    if other_than is not Party.SPONSOR:
        sponsor(ad_request.sponsor_id)


def _suspended(who: str) -> CounterpartySuspended:
    return CounterpartySuspended(
        f"The {who}'s account is suspended or closed. Nothing was changed; you can reject or "
        "withdraw, or wait until an admin has decided."
    )
