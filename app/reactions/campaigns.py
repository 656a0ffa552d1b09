"""Campaigns follow what they name: a new name is found by the search at once."""

from __future__ import annotations

from app.brands.events import BrandChanged
from app.campaigns import service
from app.identity.events import SponsorChanged


def on_brand_changed(fact: BrandChanged) -> None:
    """Take the brand's names over into its campaigns."""
    service.refresh_names(brand_id=fact.brand_id)


def on_sponsor_changed(fact: SponsorChanged) -> None:
    """Take the sponsor's name over into its campaigns."""
    service.refresh_names(sponsor_id=fact.sponsor_id)
