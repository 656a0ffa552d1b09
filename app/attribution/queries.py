"""Selects of links: who may see which, and with what loaded."""

from __future__ import annotations

from sqlalchemy import Select, false, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.sql import ColumnElement

from app.attribution.link_models import TrackingLink
from app.core.actor import Actor, Role


def seen_by(actor: Actor) -> list[ColumnElement[bool]]:
    """The conditions under which the actor may see a link: the own ones, an admin all."""
    if actor.role in (Role.ADMIN, Role.SYSTEM):
        return []
    if actor.role is Role.SPONSOR and actor.sponsor_id:
        return [TrackingLink.sponsor_id == actor.sponsor_id]
    if actor.role is Role.INFLUENCER and actor.influencer_id:
        return [TrackingLink.influencer_id == actor.influencer_id]
    return [false()]


def links() -> Select[TrackingLink]:
    """Links with all that is shown of them: two statements however many rows."""
    return select(TrackingLink).options(
        joinedload(TrackingLink.influencer),
        joinedload(TrackingLink.sponsor),
        joinedload(TrackingLink.campaign),
        joinedload(TrackingLink.product),
        joinedload(TrackingLink.ad_request),
        selectinload(TrackingLink.coupons),
    )
