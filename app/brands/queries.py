"""Selects of brands, each with what its readers need."""

from __future__ import annotations

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.brands.models import Brand, Product


def brands() -> Select[Brand]:
    """Brands with their terms: two statements however many rows."""
    return select(Brand).options(selectinload(Brand.terms))


def products(brand_id: str) -> Select[Product]:
    """The products of a brand with their terms: two statements however many rows."""
    return select(Product).where(Product.brand_id == brand_id).options(selectinload(Product.terms))


def bare_brand(brand_id: str) -> Select[Brand]:
    """A brand without what hangs on it."""
    return select(Brand).where(Brand.id == brand_id)


def products_of(sponsor_id: str, product_ids: list[str]) -> Select[Product]:
    """Those of the products that belong to a brand of the sponsor."""
    return (
        select(Product)
        .join(Brand, Brand.id == Product.brand_id)
        .where(Brand.sponsor_id == sponsor_id, Product.id.in_(product_ids))
        .options(joinedload(Product.brand))
    )
