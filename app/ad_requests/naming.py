"""What agreements are called, for documents of money."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import select

from app.ad_requests.models import AdRequest, Deliverable
from app.campaigns.models import Campaign
from app.core.extensions import db
from app.identity.models import Influencer, Sponsor
from app.payments.naming import Agreement, Named


def name_agreements(ad_request_ids: Collection[str]) -> Mapping[str, Agreement]:
    """The names of these ad requests' campaigns, sides and deliverables, in two statements."""
    rows = db.session.execute(
        select(
            AdRequest.id,
            Campaign.id.label("campaign_id"),
            Campaign.title,
            Sponsor.id.label("sponsor_id"),
            Sponsor.name.label("sponsor"),
            Sponsor.slug.label("sponsor_slug"),
            Influencer.id.label("influencer_id"),
            Influencer.name.label("influencer"),
            Influencer.slug.label("influencer_slug"),
        )
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .where(AdRequest.id.in_(ad_request_ids))
    ).all()
    titles: dict[str, dict[str, str]] = defaultdict(dict)
    for ad_request_id, deliverable_id, title in db.session.execute(
        select(Deliverable.ad_request_id, Deliverable.id, Deliverable.title).where(
            Deliverable.ad_request_id.in_(ad_request_ids)
        )
    ):
        titles[ad_request_id][deliverable_id] = title
    return {
        row.id: Agreement(
            campaign=Named(row.campaign_id, row.title),
            sponsor=Named(row.sponsor_id, row.sponsor, row.sponsor_slug),
            influencer=Named(row.influencer_id, row.influencer, row.influencer_slug),
            deliverables=titles[row.id],
        )
        for row in rows
    }
