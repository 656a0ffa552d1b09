"""Brands, their products, the terms that name them, and the domains where their sponsor sells."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import Base, Timestamps, UtcDateTime, Versioned, choice, id_column
from app.core.money import Money
from app.identity.models import Sponsor

PROOF_FILE = "/.well-known/accord-verification.txt"


class TermKind(StrEnum):
    """What a term does when a text is read.

    An alias names the brand as its own name does (handles and hashtags with their sign,
    misspellings); a keyword is context that makes an ambiguous name count; an exclusion makes
    the text count as not about the brand.
    """

    ALIAS = "alias"
    KEYWORD = "keyword"
    EXCLUSION = "exclusion"


class Brand(Timestamps, Versioned, Base):
    """A brand of a sponsor. `name_key` is the name folded for comparison.

    With `needs_context` (names such as Apple or Mango) name and aliases count only in texts that
    also hold a keyword.
    """

    __tablename__ = "brands"
    __table_args__ = (
        UniqueConstraint("sponsor_id", "name_key"),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "name_key", "id"),
    )

    id: Mapped[str] = id_column("brd")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(240))
    site: Mapped[str] = mapped_column(String(2000), default="")
    description: Mapped[str] = mapped_column(Text, default="")
    needs_context: Mapped[bool] = mapped_column(default=False)

    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    products: Mapped[list[Product]] = relationship(
        back_populates="brand",
        lazy="raise",
        order_by="Product.name_key",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )
    terms: Mapped[list[BrandTerm]] = relationship(
        lazy="raise",
        primaryjoin="and_(Brand.id == BrandTerm.brand_id, BrandTerm.product_id.is_(None))",
        order_by="BrandTerm.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    def texts(self, kind: TermKind) -> list[str]:
        """The brand's own terms of a kind as they were written (loaded with `terms`)."""
        return [term.text for term in self.terms if term.kind is kind]

    @property
    def aliases(self) -> list[str]:
        return self.texts(TermKind.ALIAS)

    @property
    def keywords(self) -> list[str]:
        return self.texts(TermKind.KEYWORD)

    @property
    def exclusions(self) -> list[str]:
        return self.texts(TermKind.EXCLUSION)


class Product(Timestamps, Versioned, Base):
    """Something that a brand sells; `url` is its page, `price_amount` in minor units."""

    __tablename__ = "products"
    __table_args__ = (
        UniqueConstraint("brand_id", "name_key"),
        CheckConstraint("price_amount > 0", name="price_amount_positive"),
        CheckConstraint("(price_amount IS NULL) = (currency IS NULL)", name="price_has_a_currency"),
    )

    id: Mapped[str] = id_column("prd")
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(240))
    url: Mapped[str] = mapped_column(String(2000), default="")
    price_amount: Mapped[int | None] = mapped_column(BigInteger)
    currency: Mapped[str | None] = mapped_column(String(3))

    brand: Mapped[Brand] = relationship(back_populates="products", lazy="raise")
    terms: Mapped[list[BrandTerm]] = relationship(
        lazy="raise",
        order_by="BrandTerm.position",
        cascade="all, delete-orphan",
        passive_deletes=True,
    )

    @property
    def price(self) -> Money | None:
        """What it costs, if that is known."""
        if self.price_amount is None or self.currency is None:
            return None
        return Money(self.price_amount, self.currency)

    @property
    def aliases(self) -> list[str]:
        """Other ways of writing the product's name (loaded with `terms`)."""
        return [term.text for term in self.terms]


class BrandTerm(Base):
    """One term of a brand, or of one of its products. `folded` is what texts are compared with."""

    __tablename__ = "brand_terms"
    __table_args__ = (
        Index(None, "brand_id", "kind"),
        Index(None, "product_id"),
    )

    id: Mapped[str] = id_column("trm")
    brand_id: Mapped[str] = mapped_column(ForeignKey("brands.id", ondelete="CASCADE"))
    product_id: Mapped[str | None] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    kind: Mapped[TermKind] = mapped_column(choice(TermKind))
    text: Mapped[str] = mapped_column(String(120))
    folded: Mapped[str] = mapped_column(String(240))
    position: Mapped[int] = mapped_column(default=0)


class DomainMethod(StrEnum):
    """How a sponsor showed that a domain is its own; `none` where the settings ask for nothing."""

    DNS = "dns"
    FILE = "file"
    NONE = "none"


class SponsorDomain(Timestamps, Versioned, Base):
    """A domain on which a sponsor sells; its subdomains are covered with it.

    `host` is lower case and in ASCII (IDNA). Several sponsors may name the same host, since each
    shows by its own `token` that it is theirs; only what is verified counts. `check_reason` says
    why the last check found no proof. A proof that was seen and is gone was missed first at
    `lost_at`; since `lapsed_at` the domain takes no new links, and those that are there still lead.
    """

    __tablename__ = "sponsor_domains"
    __table_args__ = (
        UniqueConstraint("sponsor_id", "host"),
        Index(None, "sponsor_id", "created_at", "id"),
        CheckConstraint("(verified_at IS NULL) = (method IS NULL)", name="verified_by_a_method"),
    )

    id: Mapped[str] = id_column("dom")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    host: Mapped[str] = mapped_column(String(253))
    token: Mapped[str] = mapped_column(String(40))
    method: Mapped[DomainMethod | None] = mapped_column(choice(DomainMethod))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    checked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    check_reason: Mapped[str | None] = mapped_column(String(24))
    lost_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    lapsed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    @property
    def verified(self) -> bool:
        """Whether the sponsor has shown that the domain is its own, and can still show it."""
        return self.verified_at is not None and self.lapsed_at is None

    @property
    def record(self) -> str:
        """What a TXT record of the domain, or the file at it, has to say."""
        return f"accord-verification={self.token}"

    @property
    def file_url(self) -> str:
        """Where the file is looked for."""
        return f"https://{self.host}{PROOF_FILE}"
