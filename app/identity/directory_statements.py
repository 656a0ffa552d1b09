"""How a page of the directory is read from either database, whatever its size.

Either along the index of its sort, dropping what does not fit; or from the few profiles that the
narrowest filter leaves, sorted afterwards. Which way is settled by counting the index of each
filter up to MOST_FEW. Slow is thus only what no single filter but several together leave almost
nothing of, among millions.

SQLite would mostly guess otherwise, with or without statistics, and be thousands of times slower
where it guesses wrong; `aside` keeps it to the chosen way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select, tuple_
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement

from app.core.paging import Column
from app.core.reading import read
from app.identity import queries
from app.identity.aside import aside
from app.identity.models import Influencer, InfluencerNiche, Platform, SocialAccount

MOST_FOUND = 1000
MOST_FEW = 5000
SEPARATOR = "\n"

SORTS: Mapping[str, Column] = {
    "reach": Influencer.reach,
    "name": Influencer.name_key,
    "rating": Influencer.rating,
    "newest": Influencer.created_at,
}
_COLUMNS = (
    Influencer.id,
    Influencer.slug,
    Influencer.name,
    Influencer.bio,
    Influencer.country,
    Influencer.language,
    Influencer.currency,
    Influencer.price_amount,
    Influencer.available,
    Influencer.reach,
    Influencer.followers,
    Influencer.engagement_rate,
    Influencer.rating_sum,
    Influencer.rating_count,
    Influencer.photo_file_id,
    Influencer.user_id,
)
_Found = aliased(Influencer)

Wrap = Callable[[Column], Column]


def _as_it_is(column: Column) -> Column:
    return column


_CONDITIONS: Mapping[str, Callable[[Wrap], ColumnElement[bool]]] = {
    "niche": lambda _wrap: (
        select(InfluencerNiche.niche)
        .where(
            InfluencerNiche.influencer_id == Influencer.id,
            InfluencerNiche.niche == bindparam("niche"),
        )
        .exists()
    ),
    "platform": lambda _wrap: (
        select(SocialAccount.id)
        .where(
            SocialAccount.influencer_id == Influencer.id,
            SocialAccount.platform == bindparam("platform"),
        )
        .exists()
    ),
    "country": lambda wrap: wrap(Influencer.country) == bindparam("country"),
    "language": lambda wrap: wrap(Influencer.language) == bindparam("language"),
    "min_reach": lambda wrap: wrap(Influencer.reach) >= bindparam("min_reach"),
    "max_reach": lambda wrap: wrap(Influencer.reach) <= bindparam("max_reach"),
    "max_price": lambda wrap: wrap(Influencer.price_amount) <= bindparam("max_price"),
    "currency": lambda wrap: wrap(Influencer.currency) == bindparam("currency"),
    "available": lambda wrap: wrap(Influencer.available) == bindparam("available"),
    "registered": lambda _wrap: Influencer.user_id.is_not(None) == bindparam("registered"),
    "min_rating": lambda wrap: wrap(Influencer.rating) >= bindparam("min_rating"),
}


def _found(*conditions: ColumnElement[bool]) -> Select[str]:
    return select(_Found.id).where(*conditions)


# The ids that one filter leaves, read from one index each.
_NARROWED: Mapping[str, Callable[[], Select[str]]] = {
    "q": lambda: (
        _found(_Found.name_key >= bindparam("q"), _Found.name_key < bindparam("q_end"))
        .order_by(_Found.name_key, _Found.id)
        .limit(MOST_FOUND)
    ),
    "handle": lambda: (
        select(SocialAccount.influencer_id)
        .where(
            SocialAccount.platform.in_(list(Platform)),
            SocialAccount.handle >= bindparam("handle"),
            SocialAccount.handle < bindparam("q_end"),
        )
        .limit(MOST_FOUND)
    ),
    "niche": lambda: select(InfluencerNiche.influencer_id).where(
        InfluencerNiche.niche == bindparam("niche")
    ),
    "country": lambda: _found(_Found.country == bindparam("country")),
    "language": lambda: _found(_Found.language == bindparam("language")),
    "min_reach": lambda: _found(_Found.reach >= bindparam("min_reach")),
    "max_reach": lambda: _found(_Found.reach <= bindparam("max_reach")),
    "max_price": lambda: _found(
        _Found.currency == bindparam("currency"), _Found.price_amount <= bindparam("max_price")
    ),
    "min_rating": lambda: _found(_Found.rating >= bindparam("min_rating")),
}


def narrowest(sort: str, values: Mapping[str, Any]) -> str | None:
    """The filter to start from, or None where the index of the sort is the better way."""
    for name in ("q", "handle"):
        if name in values:
            return name
    names = sorted(values.keys() & _NARROWED.keys() - _along(sort, values.keys()))
    if not names:
        return None
    (counts,) = read(_count(tuple(names)), values)
    fewest, name = min(zip(counts, names, strict=True))
    return name if fewest <= MOST_FEW else None


@lru_cache(maxsize=512)
def _count(names: tuple[str, ...]) -> Select[*tuple[Any, ...]]:
    """How many ids each filter leaves, counted up to one more than MOST_FEW."""
    few = [_NARROWED[name]().limit(MOST_FEW + 1).subquery() for name in names]
    return select(*[select(func.count()).select_from(one).scalar_subquery() for one in few])


@lru_cache(maxsize=512)
def statement(
    sort: str, descending: bool, given: frozenset[str], start: str | None
) -> Select[*tuple[Any, ...]]:
    """The page of `given` filters (and `after`, the cursor), read from `start` or along `sort`.

    Binds a value for each filter, `rows`, and for a cursor `after` and `after_id`. `niches` and
    `platforms` are texts joined by SEPARATOR, read for the rows of the page alone.
    """
    kept = _along(sort, given) if start is None else frozenset[str]()
    conditions = [
        Influencer.id.in_(_NARROWED[name]())
        if name == start
        else _CONDITIONS[name](_as_it_is if name in kept else aside)
        for name in sorted(given - {"after"})
    ]
    column = SORTS[sort]
    ordered = column if start is None else aside(column)
    if "after" in given:
        conditions.append(_behind(ordered, descending))
    keys = [ordered, Influencer.id]
    page = (
        select(*_COLUMNS, column.label("sort_key"))
        .where(*queries.is_visible(), *conditions)
        .order_by(*[key.desc() if descending else key.asc() for key in keys])
        .limit(bindparam("rows"))
        .subquery()
    )
    outer = [page.c.sort_key, page.c.id]
    return select(
        page,
        _joined(InfluencerNiche.niche, InfluencerNiche.influencer_id, page.c.id).label("niches"),
        _joined(SocialAccount.platform, SocialAccount.influencer_id, page.c.id).label("platforms"),
    ).order_by(*[key.desc() if descending else key.asc() for key in outer])


def _joined(values: Column, owner: Column, influencer_id: Column) -> ColumnElement[str | None]:
    texts = func.aggregate_strings(values, SEPARATOR)
    return select(texts).where(owner == influencer_id).scalar_subquery()


def _along(sort: str, given: Any) -> frozenset[str]:
    """Which of the filters the index of the sort serves as they are."""
    if sort == "rating":
        return frozenset({"min_rating"}) & given
    if sort != "reach":
        return frozenset()
    place = next(({name} for name in ("country", "language") if name in given), set[str]())
    return (frozenset({"min_reach", "max_reach"}) | place) & given


def _behind(column: Column, descending: bool) -> ColumnElement[bool]:
    # Compared as a pair, both databases find the place in the index even among many ties.
    place = tuple_(column, Influencer.id)
    after = tuple_(
        bindparam("after", type_=column.type), bindparam("after_id", type_=Influencer.id.type)
    )
    return place < after if descending else place > after
