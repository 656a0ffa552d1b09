"""What a campaign's change means for its open proposals; accepted offers are never touched."""

from __future__ import annotations

from sqlalchemy import func, select

from app.ad_requests import negotiation
from app.ad_requests.events import ApplicantToldOfTerms
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import OPEN
from app.ad_requests.models import AdRequest
from app.ad_requests.ownership import get_for
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


def tell_of_new_terms(campaign_id: str) -> int:
    """Tell the other side of every open proposal that the campaign's terms changed."""
    rows = db.session.scalars(
        select(AdRequest)
        .where(AdRequest.campaign_id == campaign_id, AdRequest.status.in_(OPEN))
        .order_by(AdRequest.id)
    ).all()
    for ad_request in rows:
        tell(ApplicantToldOfTerms, ad_request, SYSTEM)
    return len(rows)
