"""Between a campaign's rows and its brief: the mapping of plain values that people edit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from app.brands.models import Brand, Product
from app.campaigns.models import (
    Campaign,
    CampaignCountry,
    CampaignNiche,
    CampaignPhase,
    CampaignProduct,
)
from app.core.folding import fold

_PLAIN = (
    "title",
    "description",
    "goals",
    "visibility",
    "starts_on",
    "ends_on",
    "time_zone",
    "brand_id",
    "product_url",
    "deliverables",
    "usage_rights",
    "disclosure_rule",
    "disclosure_tags",
    "hold_days",
    "attribution_touch",
    "attribution_window_days",
    "coupon_beats_link",
    "influencers_wanted",
    "language",
    "platforms",
    "min_reach",
)
_SEARCHED_CHARACTERS = 6000


def brief_of(campaign: Campaign) -> dict[str, Any]:
    """The brief of a campaign that was loaded with everything."""
    return {
        **{name: getattr(campaign, name) for name in _PLAIN},
        "budget": campaign.budget,
        "fee_from": campaign.fee_from,
        "fee_to": campaign.fee_to,
        "niches": campaign.niches,
        "countries": campaign.countries,
        "product_ids": sorted(row.product_id for row in campaign.product_rows),
        "phases": [
            {"name": phase.name, "starts_on": phase.starts_on, "ends_on": phase.ends_on}
            for phase in sorted(campaign.phases, key=lambda phase: phase.starts_on)
        ],
    }


def apply(
    campaign: Campaign,
    brief: Mapping[str, Any],
    *,
    brand: Brand | None,
    products: Sequence[Product],
) -> None:
    """Write a brief that was found in order into the rows. Rows that stay keep their identity."""
    for name in _PLAIN:
        setattr(campaign, name, brief[name])
    campaign.title_key = fold(campaign.title)[:480]
    campaign.brand = brand
    campaign.currency = brief["budget"].currency
    campaign.budget_amount = brief["budget"].amount
    campaign.fee_from_amount = brief["fee_from"].amount if brief["fee_from"] else None
    campaign.fee_to_amount = brief["fee_to"].amount if brief["fee_to"] else None
    niches = {row.niche: row for row in campaign.niche_rows}
    campaign.niche_rows = [
        niches.get(niche) or CampaignNiche(niche=niche) for niche in brief["niches"]
    ]
    countries = {row.country: row for row in campaign.country_rows}
    campaign.country_rows = [
        countries.get(name) or CampaignCountry(country=name, country_key=fold(name)[:240])
        for name in brief["countries"]
    ]
    kept = {row.product_id: row for row in campaign.product_rows}
    campaign.product_rows = [
        kept.get(product.id) or CampaignProduct(product_id=product.id, product=product)
        for product in products
    ]
    _apply_phases(campaign, brief["phases"])
    campaign.search_text = searchable(campaign)


def searchable(campaign: Campaign) -> str:
    """What the text search looks through, folded: names first, then the brief."""
    parts = [
        campaign.title,
        campaign.sponsor.name,
        campaign.brand.name if campaign.brand else "",
        " ".join(campaign.niches),
        campaign.goals,
        campaign.description,
    ]
    return fold(" ".join(parts))[:_SEARCHED_CHARACTERS]


def _apply_phases(campaign: Campaign, phases: Sequence[Mapping[str, Any]]) -> None:
    # A phase is the same one as long as it keeps its name.
    known = {phase.name.casefold(): phase for phase in campaign.phases}
    rows = []
    for wanted in phases:
        row = known.get(wanted["name"].casefold()) or CampaignPhase()
        row.name = wanted["name"]
        row.starts_on, row.ends_on = wanted["starts_on"], wanted["ends_on"]
        rows.append(row)
    campaign.phases = rows
