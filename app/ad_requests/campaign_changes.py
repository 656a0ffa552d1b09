"""What a campaign's change means for its open proposals; accepted offers are never touched."""

from __future__ import annotations

from sqlalchemy import func, select

from app.ad_requests import negotiation
from app.ad_requests.events import ApplicantToldOfTerms
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import OPEN
from app.ad_requests.models import AdRequest, Offer
from app.ad_requests.ownership import get_for
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work

BATCH = 200


def close_proposals(campaign_id: str, *, reason: str, limit: int = BATCH) -> int:
    """Expire up to `limit` open proposals of a campaign that has ended; returns how many are left.

    One that somebody is answering at this moment is left for later: its answer will find that the
    campaign is over, and waiting for it here could wait for ever.
    """
    open_ones = (AdRequest.campaign_id == campaign_id, AdRequest.status.in_(OPEN))
    ids = db.session.scalars(
        select(AdRequest.id)
        .where(*open_ones)
        .order_by(AdRequest.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for ad_request_id in ids:
        negotiation.end_by_system(get_for(SYSTEM, ad_request_id, lock=True), reason=reason)
    left = db.session.scalar(select(func.count()).select_from(AdRequest).where(*open_ones))
    return left or 0


def close_all_proposals(campaign_id: str, *, reason: str) -> None:
    """Expire every open proposal of a campaign that has ended (opens its own units)."""
    left = None
    while left != 0:
        before = left
        left = unit_of_work(lambda: close_proposals(campaign_id, reason=reason))
        if left == before:
            # The job is tried again: what is held up now will be free then.
            raise RuntimeError(f"{left} proposals of {campaign_id} could not be closed")


def tell_of_new_terms(
    campaign_id: str, *, terms_version: int, after: str = "", limit: int = BATCH
) -> str | None:
    """Tell the other side of up to `limit` open proposals that the campaign's terms changed.

    Proposals whose offer knows these terms are left out. Returns the id after which the others
    follow; None when there are none, or when the terms changed again, as their news follows.
    """
    if db.session.get_one(Campaign, campaign_id).terms_version != terms_version:
        return None
    rows = db.session.scalars(
        select(AdRequest)
        .join(Offer, Offer.id == AdRequest.current_offer_id)
        .where(
            AdRequest.campaign_id == campaign_id,
            AdRequest.status.in_(OPEN),
            AdRequest.id > after,
            Offer.campaign_terms_version < terms_version,
        )
        .order_by(AdRequest.id)
        .limit(limit)
    ).all()
    for ad_request in rows:
        tell(ApplicantToldOfTerms, ad_request, SYSTEM)
    return rows[-1].id if len(rows) == limit else None
