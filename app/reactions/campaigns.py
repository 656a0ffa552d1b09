"""Campaigns follow what they name: a brand's new name is found by the search at once."""

from __future__ import annotations

from app.brands.events import BrandChanged
from app.campaigns import service


def on_brand_changed(fact: BrandChanged) -> None:
    """Write anew what the search finds of the brand's campaigns."""
    service.refresh_search(brand_id=fact.brand_id)
