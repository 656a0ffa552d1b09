"""Refusals of brands."""

from app.core.errors import Conflict


class BrandNameTaken(Conflict):
    type = "brand-name-taken"
    title = "You have a brand with this name already"


class ProductNameTaken(Conflict):
    type = "product-name-taken"
    title = "This brand has a product with this name already"


class BrandInUse(Conflict):
    type = "brand-in-use"
    title = "A campaign or a record of listening still refers to this"


class TooManyBrands(Conflict):
    type = "too-many-brands"
    title = "There are as many as a sponsor may have"


class DomainNameTaken(Conflict):
    type = "domain-name-taken"
    title = "You have named this domain already"


class TooManyDomains(Conflict):
    type = "too-many-domains"
    title = "There are as many as a sponsor may have"


class CheckedJustNow(Conflict):
    type = "checked-just-now"
    title = "This was looked at a moment ago"
