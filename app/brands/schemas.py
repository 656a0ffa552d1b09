"""Wire shapes of brands and products."""

from __future__ import annotations

from marshmallow import fields, validate

from app.brands.models import DomainMethod
from app.core.schemas import (
    Input,
    MoneyRead,
    Output,
    PageQuery,
    amount,
    flag,
    multiline,
    page_of,
    public_id,
    text,
)


def _terms(purpose: str) -> fields.List:
    return fields.List(
        text(120, shortest=1),
        validate=validate.Length(max=100, error="At most {max}."),
        metadata={"description": purpose},
    )


def address(purpose: str) -> fields.String:
    """An http or https address of at most 2,000 characters; an empty text for none."""
    return fields.String(
        validate=[validate.Length(max=2000), _empty_or_address],
        metadata={"description": purpose},
    )


def _empty_or_address(value: str) -> None:
    if value:
        validate.URL(schemes={"http", "https"}, error="Give an address such as https://…")(value)


class BrandUpdate(Input):
    """Changes of a brand; what is left out stays."""

    name = text(120, shortest=1)
    site = address("Its home page.")
    description = multiline(2000)
    aliases = _terms("Other ways of writing the name: handles, hashtags, misspellings.")
    keywords = _terms("Words that go with the brand; context for an ambiguous name.")
    exclusions = _terms("A text that holds one of these is not about the brand.")
    needs_context = flag(
        metadata={"description": "The name counts only beside a keyword (Apple, Mango)."}
    )


class BrandCreate(BrandUpdate):
    """A new brand."""

    name = text(120, shortest=1, required=True)


class SponsorBrandCreate(BrandCreate):
    """A new brand that an admin makes for a sponsor."""

    sponsor_id = public_id("spn", required=True)


class BrandRead(Output):
    """A brand with the terms that name it."""

    id = fields.String(required=True)
    sponsor_id = fields.String(required=True)
    name = fields.String(required=True)
    site = fields.String(required=True)
    description = fields.String(required=True)
    aliases = fields.List(fields.String(), required=True)
    keywords = fields.List(fields.String(), required=True)
    exclusions = fields.List(fields.String(), required=True)
    needs_context = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)


BrandPage = page_of(BrandRead)


class BrandQuery(PageQuery):
    """A page of brands; `q` is a part of the name. Sorts: name, created_at."""

    q = text(120, load_default=None)


class SponsorBrandQuery(BrandQuery):
    """A page of the brands of all sponsors or of one."""

    sponsor_id = public_id("spn", load_default=None)


class ProductUpdate(Input):
    """Changes of a product; what is left out stays."""

    name = text(120, shortest=1)
    url = address("The product's page.")
    price = amount(allow_none=True)
    aliases = _terms("Other ways of writing the product's name.")


class ProductCreate(ProductUpdate):
    """A new product."""

    name = text(120, shortest=1, required=True)


class ProductRead(Output):
    """A product of a brand."""

    id = fields.String(required=True)
    brand_id = fields.String(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    price = fields.Nested(MoneyRead, required=True, allow_none=True)
    aliases = fields.List(fields.String(), required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)


ProductPage = page_of(ProductRead)


class ProductQuery(PageQuery):
    """A page of products. Sorts: name, created_at."""


class DomainCreate(Input):
    """A domain on which the sponsor sells; its subdomains are covered with it."""

    host = text(253, shortest=1, required=True, metadata={"example": "shop.example.com"})


class DomainRead(Output):
    """A domain, and what its sponsor has to put there to show that it is its own."""

    id = fields.String(required=True)
    host = fields.String(required=True)
    verified = fields.Boolean(required=True)
    method = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([method.value for method in DomainMethod]),
        metadata={"description": "How it was shown; none where nothing was asked for."},
    )
    verified_at = fields.DateTime(required=True, allow_none=True)
    checked_at = fields.DateTime(required=True, allow_none=True)
    check_reason = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Why the last look found no proof."},
    )
    lost_at = fields.DateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when a proof that was seen is missed."},
    )
    lapsed_at = fields.DateTime(
        required=True,
        allow_none=True,
        metadata={"description": "Since when no new link may lead there; older ones still do."},
    )
    record = fields.String(
        required=True,
        metadata={"description": "Put this into a TXT record of the domain, or into the file."},
    )
    file_url = fields.String(required=True)
    created_at = fields.DateTime(required=True)


DomainPage = page_of(DomainRead)


class DomainQuery(PageQuery):
    """A page of domains. Sorts: created_at, host."""
