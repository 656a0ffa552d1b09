"""Selects of campaigns: who may see which, and with what loaded."""

from __future__ import annotations

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql import ColumnElement

from app.campaigns.models import Campaign, CampaignProduct
from app.core.actor import Actor, MemberRole, Role, UserStatus
from app.identity.models import SponsorMember, User
from app.identity.service import SPONSORS

DIRECTORY = "campaigns"
"""The cache area that a change of a listed campaign invalidates."""

SHOWN = (DIRECTORY, SPONSORS)
"""The cache areas of everything that shows listed campaigns: each shows its sponsor, and is gone
with the last of the sponsor's owners."""

BARRED = (UserStatus.SUSPENDED, UserStatus.CLOSED, UserStatus.REJECTED)


def campaigns() -> Select[Campaign]:
    """Campaigns with all that their documents show: five statements however many rows."""
    return summaries().options(
        selectinload(Campaign.phases),
        selectinload(Campaign.product_rows).joinedload(CampaignProduct.product),
    )


def summaries() -> Select[Campaign]:
    """Campaigns with what lists show: three statements however many rows."""
    return select(Campaign).options(
        joinedload(Campaign.sponsor),
        joinedload(Campaign.brand),
        selectinload(Campaign.niche_rows),
        selectinload(Campaign.country_rows),
    )


def seen_by(actor: Actor, *, allow_private: bool = False) -> list[ColumnElement[bool]]:
    """The conditions under which the actor may see a campaign.

    An admin sees any, a sponsor's member the sponsor's, everyone else what is listed.
    `allow_private` lifts the last for an influencer whose ad request the caller has checked.
    """
    if actor.role in (Role.ADMIN, Role.SYSTEM):
        return []
    if actor.role is Role.SPONSOR:
        return [Campaign.sponsor_id == actor.sponsor_id] if actor.sponsor_id else [false()]
    if actor.role is Role.INFLUENCER and allow_private:
        return []
    return listed()


def listed() -> list[ColumnElement[bool]]:
    """The conditions of the public directory: published, public, and no flag in the way.

    A flag on one owner leaves the campaigns to the others; without any they are gone.
    """
    owner_left = (
        select(SponsorMember.id)
        .join(User, User.id == SponsorMember.user_id)
        .where(
            SponsorMember.sponsor_id == Campaign.sponsor_id,
            SponsorMember.role == MemberRole.OWNER,
            User.hidden.is_(False),
            User.status.not_in(BARRED),
        )
    )
    return [Campaign.listed.is_(True), owner_left.exists()]
