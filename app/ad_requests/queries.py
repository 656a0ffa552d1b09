"""Selects of agreements: who may see which, and with what loaded."""

from __future__ import annotations

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql import ColumnElement

from app.ad_requests.models import AdRequest, Deliverable, Dispute
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role


def seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions under which the actor may see an ad request: the own ones, an admin all."""
    if actor.role in (Role.ADMIN, Role.SYSTEM):
        return []
    if actor.role is Role.SPONSOR and actor.sponsor_id:
        return [AdRequest.sponsor_id == actor.sponsor_id]
    if actor.role is Role.INFLUENCER and actor.influencer_id:
        return [AdRequest.influencer_id == actor.influencer_id]
    return [false()]


def for_change(actor: Actor, ad_request_id: str) -> Select[AdRequest]:
    """An ad request locked, with what a use case decides on, fresh from the database.

    Its campaign is not part of it: reading that anew would unload what others have loaded of it.
    """
    return (
        select(AdRequest)
        .where(AdRequest.id == ad_request_id, *seen_by(actor))
        .options(
            selectinload(AdRequest.offers),
            selectinload(AdRequest.deliverables).selectinload(Deliverable.disputes),
            selectinload(AdRequest.deliverables).selectinload(Deliverable.submissions),
        )
        .with_for_update(of=AdRequest)
        .execution_options(populate_existing=True)
    )


def documents() -> Select[AdRequest]:
    """Ad requests with all that their documents show."""
    return select(AdRequest).options(
        joinedload(AdRequest.campaign).joinedload(Campaign.brand),
        joinedload(AdRequest.sponsor),
        joinedload(AdRequest.influencer),
        selectinload(AdRequest.offers),
        selectinload(AdRequest.deliverables).selectinload(Deliverable.disputes),
        selectinload(AdRequest.deliverables).selectinload(Deliverable.submissions),
        selectinload(AdRequest.ratings),
    )


def disputes() -> Select[Dispute]:
    """Disputes with their deliverable, ad request and both parties."""
    return select(Dispute).options(
        joinedload(Dispute.deliverable)
        .joinedload(Deliverable.ad_request)
        .options(
            joinedload(AdRequest.campaign),
            joinedload(AdRequest.sponsor),
            joinedload(AdRequest.influencer),
        )
    )
