"""Whether the accounts behind an act may act at this moment, and go on to until it is done.

Who asks was told apart at the door, from what was true then. An act that binds asks again here and
holds the accounts, so that none of them is closed or suspended beside it.
"""

from __future__ import annotations

from sqlalchemy import or_, select

from app.core.actor import Actor, MemberRole, UserStatus
from app.core.extensions import db
from app.identity.errors import AccountBarred
from app.identity.models import Influencer, SponsorMember, User

BARRED = (UserStatus.SUSPENDED, UserStatus.CLOSED, UserStatus.REJECTED)


def may_act(sponsor_id: str) -> bool:
    """Whether the team has an owner who may act: what all its owners are barred from, no other
    member does for them."""
    owners = db.session.scalars(
        select(User.status)
        .join(SponsorMember, SponsorMember.user_id == User.id)
        .where(SponsorMember.sponsor_id == sponsor_id, SponsorMember.role == MemberRole.OWNER)
    ).all()
    return not owners or any(status not in BARRED for status in owners)


def hold_accounts(
    actor: Actor, *, sponsor_id: str | None, influencer_id: str | None = None
) -> dict[str, UserStatus]:
    """Keep the accounts of the actor, the sponsor's owners and the influencer as they are until
    the unit of work ends; returns the status of each. Raises AccountBarred when the actor's own
    may no longer act.
    """
    owners = select(SponsorMember.user_id).where(
        SponsorMember.sponsor_id == sponsor_id, SponsorMember.role == MemberRole.OWNER
    )
    influencers = select(Influencer.user_id).where(Influencer.id == influencer_id)
    rows = db.session.execute(
        select(User.id, User.status)
        .where(or_(User.id == actor.user_id, User.id.in_(owners), User.id.in_(influencers)))
        .order_by(User.id)
        .with_for_update(read=True)
    ).all()
    statuses: dict[str, UserStatus] = {row.id: row.status for row in rows}
    if statuses.get(actor.user_id or "") in BARRED:
        raise AccountBarred("Nothing was changed; write to support.")
    return statuses
