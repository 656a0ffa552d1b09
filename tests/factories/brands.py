"""Brands and products."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import count
from typing import Any, TypeVar

from app.brands import service
from app.brands.models import Brand, Product
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from tests.factories.identity import Person

Row = TypeVar("Row")

_numbers = count(1)


def make_brand(sponsor: Person, name: str | None = None, **values: Any) -> Brand:
    """A brand of the sponsor, with terms (`aliases`, `keywords`, `exclusions`) if given."""
    return _detached(
        lambda: service.create(sponsor.actor, name=name or f"Brand {next(_numbers)}", **values)
    )


def make_product(
    sponsor: Person,
    brand: Brand,
    name: str | None = None,
    *,
    price: Money | None = None,
    aliases: Sequence[str] = (),
) -> Product:
    """A product of the brand."""

    def work() -> Product:
        held = service.get_for(sponsor.actor, brand.id, lock=True)
        return service.add_product(
            sponsor.actor,
            held,
            name=name or f"Product {next(_numbers)}",
            price=price,
            aliases=aliases,
        )

    return _detached(work)


def _detached(work: Callable[[], Row]) -> Row:
    """What a unit of work makes, readable also after the next one has begun."""
    made = unit_of_work(work)
    db.session.expunge_all()
    return made
