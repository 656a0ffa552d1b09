"""Links of a brand that belong to no agreement: for its advocates, counted and paid nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select

from app.ad_requests.models import AdRequest
from app.attribution import codes, links
from app.attribution.errors import NeverAgreed, TooManyLinks
from app.attribution.lifecycle import LinkStatus
from app.attribution.link_models import TrackingLink
from app.audit.service import record
from app.brands import service as brands
from app.core.actor import Actor
from app.core.extensions import db


def make(
    actor: Actor,
    *,
    influencer_id: str,
    brand_id: str,
    target: str,
    utm: Mapping[str, str] | None = None,
    expires_at: datetime | None = None,
) -> tuple[TrackingLink, bool]:
    """The link of an influencer to a page of one of the sponsor's brands, and whether it was made
    now: asked for again, the one that has not ended is given as it is.

    Only for influencers who have agreed with the sponsor before. Raises NotFound, NeverAgreed,
    TooManyLinks, and Invalid for a target outside the verified domains.
    """
    # Held, so that of two who ask at once the second finds the link of the first.
    brand = brands.get_for(actor, brand_id, lock=True)
    page = str(links.allowed_target(brand.sponsor_id, target))
    links.require_future(expires_at)
    _require_agreed(brand.sponsor_id, influencer_id)
    mine = (
        TrackingLink.influencer_id == influencer_id,
        TrackingLink.brand_id == brand_id,
        TrackingLink.ad_request_id.is_(None),
        TrackingLink.status != LinkStatus.ENDED,
    )
    there = db.session.scalar(
        select(TrackingLink).where(*mine, TrackingLink.target == page).order_by(TrackingLink.id)
    )
    if there is not None:
        return there, False
    held = db.session.scalar(select(func.count(TrackingLink.id)).where(*mine)) or 0
    if held >= links.MAX_LINKS:
        raise TooManyLinks(f"An influencer has at most {links.MAX_LINKS} such links of a brand.")
    usual = links.usual_utm(influencer_id, brand.name)
    link = links.keep(
        TrackingLink(
            code=codes.new_code(),
            influencer_id=influencer_id,
            sponsor_id=brand.sponsor_id,
            brand_id=brand.id,
            target=page,
            utm=usual if utm is None else links.filled(utm),
            expires_at=expires_at,
        )
    )
    record(actor, "link.made", subject_type="link", subject_id=link.id, brand_id=brand.id)
    return link, True


def _require_agreed(sponsor_id: str, influencer_id: str) -> None:
    agreed = select(AdRequest.id).where(
        AdRequest.sponsor_id == sponsor_id,
        AdRequest.influencer_id == influencer_id,
        AdRequest.accepted_at.is_not(None),
    )
    if db.session.scalar(agreed.limit(1)) is None:
        raise NeverAgreed("Agree on a campaign with this influencer first. No link was made.")
