"""Facts of brands."""

from dataclasses import dataclass
from datetime import datetime


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


@dataclass(frozen=True, kw_only=True)
class DomainFact:
    """Base of the facts about one domain whose proof was seen before."""

    domain_id: str
    sponsor_id: str


@dataclass(frozen=True, kw_only=True)
class DomainProofLost(DomainFact):
    """The proof of a verified domain is gone; it counts until `until` without one."""

    until: datetime


@dataclass(frozen=True, kw_only=True)
class DomainLapsed(DomainFact):
    """The proof stayed away: no new link leads there, and those that are there still do."""
