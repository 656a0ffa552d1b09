"""The table of a campaign's posts, to be filled in and imported: each post has its line already."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from app.ad_requests.models import AdRequest, Deliverable
from app.campaigns import service as campaigns
from app.core.actor import Actor
from app.core.extensions import db
from app.core.spreadsheet import csv_lines
from app.identity.models import Influencer
from app.statistics.daily import POSTED
from app.statistics.sources import INTERACTIONS, OPTIONAL

# What helps to find the post; the import passes over it.
SHOWN = ("influencer", "title", "url", "published_at")
HEADER = ("post", *SHOWN, *INTERACTIONS, *OPTIONAL, "source", "as_of")


def template(actor: Actor, *, campaign_id: str) -> Iterator[str]:
    """The lines of the table, the first post first; their figures are left to be filled in, and a
    line without any is passed over by the import. Raises NotFound."""
    campaign = campaigns.get_for(actor, campaign_id)
    rows = db.session.execute(
        select(
            Deliverable.id,
            Influencer.name,
            Deliverable.title,
            Deliverable.url,
            Deliverable.published_at,
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .where(
            AdRequest.campaign_id == campaign.id,
            Deliverable.status.in_(POSTED),
            Deliverable.published_at.is_not(None),
        )
        .order_by(Deliverable.published_at, Deliverable.id)
    ).all()
    empty = [""] * (len(HEADER) - len(SHOWN) - 1)
    return csv_lines(HEADER, [[*row, *empty] for row in rows])
