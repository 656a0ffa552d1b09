"""Use cases of campaigns: writing, changing, copying and deleting a brief.

Other domains call everything that `__all__` names from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.audit.service import record
from app.brands import queries as brand_queries
from app.brands.models import Brand, Product
from app.campaigns import queries
from app.campaigns.brief import apply, brief_of, searchable
from app.campaigns.budget import (
    agreement_closed,
    agreement_opened,
    commit_budget,
    record_spend,
    release_budget,
    reverse_spend,
)
from app.campaigns.errors import BudgetBelowCommitted, CampaignClosed
from app.campaigns.events import CampaignDeleted, CampaignEdited, CampaignTermsChanged
from app.campaigns.lifecycle import OVER, AttributionTouch, CampaignStatus
from app.campaigns.lookups import get_for, is_over, lock, require_open_for_proposals
from app.campaigns.models import Campaign
from app.campaigns.moves import set_effects
from app.campaigns.queries import DIRECTORY
from app.campaigns.terms import TERMS, changed_fields, problems, tidied
from app.core.actor import Actor
from app.core.caching import invalidate
from app.core.errors import Invalid, RefusedTransition
from app.core.events import publish
from app.core.extensions import db
from app.identity.models import Sponsor

__all__ = [
    "agreement_closed",
    "agreement_opened",
    "commit_budget",
    "create",
    "delete",
    "duplicate",
    "edit",
    "get_for",
    "is_over",
    "lock",
    "record_spend",
    "refresh_names",
    "release_budget",
    "require_open_for_proposals",
    "reverse_spend",
    "set_effects",
]

DEFAULTS: dict[str, Any] = {
    "description": "",
    "goals": "",
    "niches": [],
    "visibility": "public",
    "brand_id": None,
    "product_ids": [],
    "product_url": "",
    "phases": [],
    "deliverables": [],
    "usage_rights": "",
    "disclosure_rule": "",
    "disclosure_tags": [],
    "hold_days": None,
    "attribution_touch": AttributionTouch.LAST,
    "attribution_window_days": 30,
    "coupon_beats_link": True,
    "influencers_wanted": None,
    "language": "",
    "countries": [],
    "platforms": [],
    "min_reach": 0,
    "fee_from": None,
    "fee_to": None,
}


def create(actor: Actor, *, sponsor_id: str | None = None, **values: Any) -> Campaign:
    """Write a draft: `title`, `budget` (Money), `starts_on`, `ends_on` and more of the brief.

    A sponsor's member writes for the sponsor, an admin for `sponsor_id`. Raises Invalid.
    """
    sponsor = _sponsor(actor, sponsor_id)
    brief = tidied({**DEFAULTS, "time_zone": sponsor.time_zone, **values})
    _refuse(problems(brief))
    campaign = Campaign(
        sponsor_id=sponsor.id,
        created_by=actor.label,
        status=CampaignStatus.DRAFT,
        phases=[],
        niche_rows=[],
        country_rows=[],
        product_rows=[],
    )
    campaign.sponsor = sponsor
    apply(campaign, brief, brand=_brand(sponsor.id, brief), products=_products(sponsor.id, brief))
    db.session.add(campaign)
    db.session.flush()
    _record(actor, campaign, "campaign.created", sponsor_id=sponsor.id)
    return campaign


def edit(actor: Actor, campaign: Campaign, **values: Any) -> Campaign:
    """Change what `values` names of a campaign got with `get_for(lock=True)`.

    A change of terms after publication moves `terms_version` on; accepted offers stand. Raises
    Invalid, CampaignClosed when the campaign is over, BudgetBelowCommitted.
    """
    if campaign.status in OVER:
        raise CampaignClosed(
            f"This campaign is {campaign.status.value}: its brief stays as it is.",
            state=campaign.status.value,
        )
    before = brief_of(campaign)
    after = {**before, **tidied(values)}
    changed = changed_fields(before, after)
    if not changed:
        return campaign
    _check(campaign, after, changed)
    brand, products = _brand(campaign.sponsor_id, after), _products(campaign.sponsor_id, after)
    apply(campaign, after, brand=brand, products=products)
    campaign.touch()
    terms_changed = campaign.status is not CampaignStatus.DRAFT and bool(TERMS & set(changed))
    if terms_changed:
        campaign.terms_version += 1
    db.session.flush()
    _record(actor, campaign, "campaign.edited", fields=list(changed))
    if terms_changed:
        publish(CampaignTermsChanged(campaign.id, changed, campaign.terms_version))
    elif campaign.status is not CampaignStatus.DRAFT:
        publish(CampaignEdited(campaign.id, changed))
    invalidate(DIRECTORY)
    return campaign


def duplicate(actor: Actor, campaign: Campaign) -> Campaign:
    """A new draft with the brief of a campaign that the actor may see."""
    brief = brief_of(campaign)
    brief["title"] = f"{brief['title'][:150]} (copy)"
    return create(actor, sponsor_id=campaign.sponsor_id, **brief)


def delete(actor: Actor, campaign: Campaign) -> None:
    """Delete a draft got with `get_for(lock=True)`. Raises RefusedTransition for anything else."""
    if campaign.status is not CampaignStatus.DRAFT:
        raise RefusedTransition(
            f"This campaign is {campaign.status.value}: only drafts can be deleted. "
            "Archive it instead.",
            state=campaign.status.value,
            event="delete",
        )
    publish(CampaignDeleted(campaign.id))
    _record(actor, campaign, "campaign.deleted", sponsor_id=campaign.sponsor_id)
    db.session.delete(campaign)
    db.session.flush()


def refresh_names(*, brand_id: str | None = None, sponsor_id: str | None = None) -> None:
    """Let the campaigns of a brand or sponsor follow its new name: in the search, in what the
    directory keeps, and in the ETags of their documents."""
    ours = Campaign.brand_id == brand_id if brand_id else Campaign.sponsor_id == sponsor_id
    statement = (
        queries.summaries()
        .where(ours)
        .order_by(Campaign.id)
        .with_for_update(of=Campaign, key_share=True)
    )
    for campaign in db.session.scalars(statement):
        campaign.search_text = searchable(campaign)
        campaign.touch()
    db.session.flush()
    invalidate(DIRECTORY)


def _check(campaign: Campaign, brief: Mapping[str, Any], changed: tuple[str, ...]) -> None:
    _refuse(problems(brief))
    if "currency" in changed and campaign.status is not CampaignStatus.DRAFT:
        raise Invalid(budget="The currency stays as it is once a campaign is published.")
    if brief["budget"].amount < campaign.committed_amount:
        raise BudgetBelowCommitted(campaign.committed)


def _refuse(found: dict[str, str]) -> None:
    if found:
        raise Invalid(None, **found)


def _sponsor(actor: Actor, sponsor_id: str | None) -> Sponsor:
    sponsor = db.session.get(Sponsor, actor.sponsor_id or sponsor_id or "")
    if sponsor is None:
        raise Invalid(sponsor_id="Choose a sponsor that exists.")
    return sponsor


def _brand(sponsor_id: str, brief: Mapping[str, Any]) -> Brand | None:
    if brief["brand_id"] is None:
        return None
    brand = db.session.scalar(
        brand_queries.bare_brand(brief["brand_id"]).where(Brand.sponsor_id == sponsor_id)
    )
    if brand is None:
        raise Invalid(brand_id="Choose one of your brands.")
    return brand


def _products(sponsor_id: str, brief: Mapping[str, Any]) -> list[Product]:
    wanted = brief["product_ids"]
    if not wanted:
        return []
    found = list(db.session.scalars(brand_queries.products_of(sponsor_id, wanted)))
    if len(found) != len(wanted) or any(product.brand_id != brief["brand_id"] for product in found):
        raise Invalid(product_ids="Choose products of the campaign's brand.")
    return found


def _record(actor: Actor, campaign: Campaign, action: str, **data: Any) -> None:
    record(actor, action, subject_type="campaign", subject_id=campaign.id, **data)
