"""Use cases of brands: a sponsor's brands, products and the terms that name them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from app.audit.service import record
from app.brands import queries
from app.brands.errors import BrandInUse, BrandNameTaken, ProductNameTaken, TooManyBrands
from app.brands.events import BrandChanged, BrandDeleted
from app.brands.models import Brand, BrandTerm, Product, TermKind
from app.core.actor import Actor, Role
from app.core.errors import Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.folding import fold
from app.core.money import Money
from app.core.paging import Page, PageRequest, paginate
from app.identity.models import Sponsor

MAX_BRANDS = 200
MAX_PRODUCTS = 500
KEY_LENGTH = 240

_KINDS = {
    "aliases": TermKind.ALIAS,
    "keywords": TermKind.KEYWORD,
    "exclusions": TermKind.EXCLUSION,
}


def get_for(actor: Actor, brand_id: str, *, lock: bool = False) -> Brand:
    """A brand that the actor may work with: an admin any, a sponsor's member the sponsor's.

    Raises NotFound.
    """
    statement = _own(actor, queries.brands()).where(Brand.id == brand_id)
    if lock:
        statement = statement.with_for_update(of=Brand)
    brand = db.session.scalar(statement)
    if brand is None:
        raise NotFound
    return brand


def get_product_for(actor: Actor, brand_id: str, product_id: str) -> tuple[Brand, Product]:
    """A product with its brand, whose row is held; raises NotFound."""
    brand = get_for(actor, brand_id, lock=True)
    product = db.session.scalar(queries.products(brand_id).where(Product.id == product_id))
    if product is None:
        raise NotFound
    return brand, product


def read_product(actor: Actor, brand_id: str, product_id: str) -> Product:
    """A product to look at; raises NotFound."""
    get_for(actor, brand_id)
    product = db.session.scalar(queries.products(brand_id).where(Product.id == product_id))
    if product is None:
        raise NotFound
    return product


def list_products(actor: Actor, brand_id: str, page: PageRequest) -> Page[Product]:
    """The products of a brand, by name; raises NotFound."""
    get_for(actor, brand_id)
    return paginate(
        queries.products(brand_id),
        page,
        sorts={"name": Product.name_key, "created_at": Product.created_at},
        default="name",
        id_column=Product.id,
    )


def list_for(
    actor: Actor, page: PageRequest, *, sponsor_id: str | None = None, q: str | None = None
) -> Page[Brand]:
    """Brands that the actor may work with, by name; `q` is a part of the name."""
    statement = _own(actor, queries.brands())
    if sponsor_id is not None:
        statement = statement.where(Brand.sponsor_id == sponsor_id)
    if q:
        statement = statement.where(Brand.name_key.contains(fold(q), autoescape=True))
    return paginate(
        statement,
        page,
        sorts={"name": Brand.name_key, "created_at": Brand.created_at},
        default="name",
        id_column=Brand.id,
    )


def create(actor: Actor, *, sponsor_id: str | None = None, name: str, **values: Any) -> Brand:
    """Make a brand with its terms. An admin names the sponsor.

    Raises BrandNameTaken, TooManyBrands.
    """
    owner = _owner(actor, sponsor_id)
    held = db.session.scalar(select(func.count(Brand.id)).where(Brand.sponsor_id == owner)) or 0
    if held >= MAX_BRANDS:
        raise TooManyBrands(f"A sponsor has at most {MAX_BRANDS} brands; delete one first.")
    brand = Brand(sponsor_id=owner, name=name, name_key=_key(name), terms=[])
    db.session.add(brand)
    _put(brand, values)
    _flush(BrandNameTaken("Nothing was saved. Choose another name, or edit that brand."))
    record(actor, "brand.created", subject_type="brand", subject_id=brand.id, sponsor_id=owner)
    return brand


def edit(actor: Actor, brand: Brand, **values: Any) -> Brand:
    """Change a brand got with `get_for(lock=True)` by `values`. Raises BrandNameTaken."""
    if "name" in values:
        brand.name = values.pop("name")
        brand.name_key = _key(brand.name)
    _put(brand, values)
    brand.touch()
    _flush(BrandNameTaken("Nothing was saved. Choose another name, or edit that brand."))
    record(actor, "brand.edited", subject_type="brand", subject_id=brand.id)
    publish(BrandChanged(brand.id))
    return brand


def delete(actor: Actor, brand: Brand) -> None:
    """Delete a brand with its products and terms. Raises BrandInUse while a campaign names it."""
    brand_id = brand.id
    db.session.delete(brand)
    _flush(BrandInUse("Nothing was deleted. Take the brand out of your campaigns first."))
    record(actor, "brand.deleted", subject_type="brand", subject_id=brand_id)
    publish(BrandDeleted(brand_id))


def add_product(
    actor: Actor,
    brand: Brand,
    *,
    name: str,
    url: str = "",
    price: Money | None = None,
    aliases: Sequence[str] = (),
) -> Product:
    """Add a product to a brand. Raises ProductNameTaken, TooManyBrands."""
    held = db.session.scalar(select(func.count(Product.id)).where(Product.brand_id == brand.id))
    if (held or 0) >= MAX_PRODUCTS:
        raise TooManyBrands(f"A brand has at most {MAX_PRODUCTS} products; delete one first.")
    product = Product(brand_id=brand.id, name=name, name_key=_key(name), url=url, terms=[])
    _price(product, price)
    db.session.add(product)
    _flush(ProductNameTaken("Nothing was saved. Choose another name, or edit that product."))
    product.terms = _product_terms(product, aliases)
    _changed(actor, brand, "product.created", product.id)
    return product


def edit_product(actor: Actor, brand: Brand, product: Product, **values: Any) -> Product:
    """Change what `values` names of a product. Raises ProductNameTaken."""
    if "name" in values:
        product.name = values["name"]
        product.name_key = _key(product.name)
    if "url" in values:
        product.url = values["url"]
    if "price" in values:
        _price(product, values["price"])
    if "aliases" in values:
        product.terms = _product_terms(product, values["aliases"])
    product.touch()
    _flush(ProductNameTaken("Nothing was saved. Choose another name, or edit that product."))
    _changed(actor, brand, "product.edited", product.id)
    return product


def delete_product(actor: Actor, brand: Brand, product: Product) -> None:
    """Delete a product. Raises BrandInUse while a campaign names it."""
    product_id = product.id
    db.session.delete(product)
    _flush(BrandInUse("Nothing was deleted. Take the product out of your campaigns first."))
    _changed(actor, brand, "product.deleted", product_id)


def _own(actor: Actor, statement: Select[Brand]) -> Select[Brand]:
    if actor.role in (Role.ADMIN, Role.SYSTEM):
        return statement
    return statement.where(Brand.sponsor_id == (actor.sponsor_id or ""))


def _owner(actor: Actor, sponsor_id: str | None) -> str:
    if actor.sponsor_id is not None:
        return actor.sponsor_id
    if sponsor_id is None or db.session.get(Sponsor, sponsor_id) is None:
        raise Invalid(sponsor_id="Choose a sponsor that exists.")
    return sponsor_id


def _put(brand: Brand, values: dict[str, Any]) -> None:
    for field in ("site", "description", "needs_context"):
        if field in values:
            setattr(brand, field, values[field])
    given = {kind: values[field] for field, kind in _KINDS.items() if field in values}
    if given:
        kept = [term for term in brand.terms if term.kind not in given]
        new = [term for kind, texts in given.items() for term in _terms(kind, texts)]
        brand.terms = [*kept, *new]


def _terms(kind: TermKind, texts: Iterable[str]) -> list[BrandTerm]:
    # The first spelling of what is the same word for the comparison is kept, in its accents.
    distinct = {text.casefold(): text for text in reversed([*texts])}
    return [
        BrandTerm(kind=kind, text=text, folded=_key(text), position=position)
        for position, text in enumerate(reversed([*distinct.values()]))
    ]


def _product_terms(product: Product, texts: Iterable[str]) -> list[BrandTerm]:
    terms = _terms(TermKind.ALIAS, texts)
    for term in terms:
        term.brand_id = product.brand_id
    return terms


def _price(product: Product, price: Money | None) -> None:
    product.price_amount = price.amount if price else None
    product.currency = price.currency if price else None


def _changed(actor: Actor, brand: Brand, action: str, product_id: str) -> None:
    brand.touch()
    db.session.flush()
    record(actor, action, subject_type="brand", subject_id=brand.id, product_id=product_id)
    publish(BrandChanged(brand.id))


def _flush(refusal: Exception) -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        raise refusal from error


def _key(text: str) -> str:
    return fold(text)[:KEY_LENGTH] or text.casefold()[:KEY_LENGTH]
