"""The open proposals of a campaign, side by side: who, for how much, and how they fit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager, selectinload

from app.ad_requests.lifecycle import OPEN
from app.ad_requests.models import AdRequest, Offer
from app.ad_requests.shapes import offer_of
from app.ad_requests.turns import answerer
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.campaigns.shown import fit
from app.core.actor import Actor
from app.core.paging import Page, PageRequest, paginate
from app.identity.models import Influencer
from app.identity.shown import money_of, picture_url, rating_of


def page(
    actor: Actor,
    campaign_id: str,
    request: PageRequest,
    *,
    origin: Sequence[str] = (),
    ids: Sequence[str] = (),
) -> Page[dict[str, Any]]:
    """Open proposals of a campaign that the actor may see, the newest first. Raises NotFound."""
    campaign = campaigns.get_for(actor, campaign_id)
    statement = (
        select(AdRequest)
        .join(AdRequest.influencer)
        .join(Offer, Offer.id == AdRequest.current_offer_id)
        .where(AdRequest.campaign_id == campaign.id, AdRequest.status.in_(OPEN))
        .options(
            contains_eager(AdRequest.influencer).options(
                selectinload(Influencer.niche_rows), selectinload(Influencer.accounts)
            ),
            selectinload(AdRequest.offers),
        )
    )
    if origin:
        statement = statement.where(AdRequest.origin.in_(origin))
    if ids:
        statement = statement.where(AdRequest.id.in_(ids))
    found = paginate(
        statement,
        request,
        sorts={
            "created_at": AdRequest.created_at,
            "fee": Offer.fee_amount,
            "reach": Influencer.reach,
            "rating": Influencer.rating,
            "engagement": func.coalesce(Influencer.engagement_rate, 0.0),
        },
        default="-created_at",
        id_column=AdRequest.id,
    )
    return Page([_applicant(row, campaign) for row in found.items], found.next)


def match(campaign: Campaign, influencer: Influencer) -> dict[str, Any]:
    """How a profile fits a campaign, in words and in one number.

    `score` is 100 times the mean of five parts: reach, language, country and platform (1 where
    the campaign's wish is met or absent, else 0), and the part of the campaign's niches that the
    profile shares (1 where the campaign names none).
    """
    found = fit(campaign, influencer)
    wanted = campaign.niches
    niches = len(found["niches"]) / len(wanted) if wanted else 1.0
    parts = [found["reach"], found["language"], found["country"], found["platforms"], niches]
    return {**found, "score": round(100 * sum(map(float, parts)) / len(parts))}


def _applicant(ad_request: AdRequest, campaign: Campaign) -> dict[str, Any]:
    influencer = ad_request.influencer
    offer = ad_request.current_offer
    assert offer is not None
    waits_for = answerer(ad_request)
    return {
        "id": ad_request.id,
        "status": ad_request.status.value,
        "origin": ad_request.origin.value,
        "chosen_by": ad_request.chosen_by.value,
        "waits_for": waits_for and waits_for.value,
        "answer_by": ad_request.answer_by,
        "created_at": ad_request.created_at,
        "terms_changed": offer.campaign_terms_version < campaign.terms_version,
        "offer": offer_of(offer, ad_request, {}),
        "price_per_thousand": money_of(
            round(1000 * offer.fee_amount / influencer.reach), offer.currency
        )
        if influencer.reach
        else None,
        "influencer": {
            "id": influencer.id,
            "slug": influencer.slug,
            "name": influencer.name,
            "photo_url": picture_url(influencer.photo_file_id),
            "country": influencer.country,
            "niches": influencer.niches,
            "platforms": sorted({account.platform.value for account in influencer.accounts}),
            "followers": influencer.followers,
            "reach": influencer.reach,
            "engagement_rate": influencer.engagement_rate,
            "price": money_of(influencer.price_amount, influencer.currency),
            "rating": rating_of(influencer.rating_sum, influencer.rating_count),
        },
        "match": match(campaign, influencer),
    }
