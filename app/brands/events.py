"""Facts of brands."""

from dataclasses import dataclass


@dataclass(frozen=True)
class BrandChanged:
    """Name, site or terms of a brand, or one of its products, changed."""

    brand_id: str


@dataclass(frozen=True)
class BrandDeleted:
    brand_id: str


@dataclass(frozen=True)
class DomainsChanged:
    """A domain of a sponsor was verified or removed."""

    sponsor_id: str
