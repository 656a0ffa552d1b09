"""The public directory of influencers: a hot list of Core columns, one statement a page.

Statements (`directory_statements`) are built once for each combination of filters, sort and
direction and kept; a request only binds values. Hidden, suspended and unlisted profiles are absent
by the statement itself.

`q` is the beginning of a name, without case and accents, or with `@` the beginning of a handle.
It looks at no more than MOST_FOUND names; fuller search is discovery's.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from app.core.actor import MemberRole, UserStatus
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.folding import fold
from app.core.paging import PageRequest, read_cursor, write_cursor
from app.core.reading import read
from app.identity import queries
from app.identity.directory_statements import SEPARATOR, SORTS, narrowest, statement
from app.identity.models import (
    Influencer,
    InfluencerNiche,
    Sponsor,
    SponsorMember,
    User,
)
from app.identity.shown import money_of, picture_url, rating_of

MOST_NICHES = 200
DEFAULT_SORT = "-reach"

_BIO_EXCERPT = 280


@dataclass(frozen=True)
class Filters:
    """What a page of the directory is narrowed to; None and empty texts do not narrow.

    `max_price` is in minor units of `currency`; `min_rating` in stars; reach in people.
    """

    q: str | None = None
    niche: str | None = None
    country: str | None = None
    language: str | None = None
    platform: str | None = None
    min_reach: int | None = None
    max_reach: int | None = None
    max_price: int | None = None
    currency: str = "EUR"
    available: bool | None = None
    registered: bool | None = None
    min_rating: float | None = None


def page(filters: Filters, request: PageRequest) -> dict[str, Any]:
    """One page of visible profiles as plain data: `{items, next}`. Raises Invalid."""
    sort = request.sort or DEFAULT_SORT
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        raise Invalid(sort=f"Choose one of: {', '.join(sorted(SORTS))} (with - to turn it round).")
    values = _values(filters)
    start = narrowest(name, values)
    if request.cursor is not None:
        first, last = read_cursor(request.cursor, sort, [SORTS[name], Influencer.id])
        values |= {"after": first, "after_id": last}
    select_page = statement(name, descending, frozenset(values) - {"after_id", "q_end"}, start)
    rows = read(select_page, {**values, "rows": request.limit + 1})
    shown = rows[: request.limit]
    more = len(rows) > request.limit
    return {
        "items": [_item(*row) for row in shown],
        "next": write_cursor(sort, [shown[-1].sort_key, shown[-1].id]) if more else None,
    }


def profile(slug: str) -> Influencer:
    """A visible profile with niches and accounts. Raises NotFound."""
    found = db.session.scalar(queries.visible_influencers().where(Influencer.slug == slug))
    if found is None:
        raise NotFound
    return found


def sponsor(slug: str) -> Sponsor:
    """A sponsor that the public may see: one with an approved owner who is not hidden.

    Raises NotFound.
    """
    owner = (
        select(SponsorMember.id)
        .join(User, User.id == SponsorMember.user_id)
        .where(
            SponsorMember.sponsor_id == Sponsor.id,
            SponsorMember.role == MemberRole.OWNER,
            User.status == UserStatus.ACTIVE,
            User.hidden.is_(False),
        )
    )
    found = db.session.scalar(select(Sponsor).where(Sponsor.slug == slug, owner.exists()))
    if found is None:
        raise NotFound
    return found


def niche_counts() -> list[dict[str, Any]]:
    """How many visible profiles each niche has, the largest first.

    All profiles are counted from the index of niches alone, then the invisible few taken off:
    looking each profile up took a hundred times as long on a million of them.
    """
    counted = select(InfluencerNiche.niche, func.count()).group_by(InfluencerNiche.niche)
    invisible = InfluencerNiche.influencer_id.in_(queries.invisible_ids())
    counts = Counter(dict(db.session.execute(counted).all()))
    counts.subtract(dict(db.session.execute(counted.where(invisible)).all()))
    largest = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))[:MOST_NICHES]
    return [{"niche": niche, "count": count} for niche, count in largest if count > 0]


def _values(filters: Filters) -> dict[str, Any]:
    given = {
        name: value
        for name, value in vars(filters).items()
        if value is not None and value != "" and name != "currency"
    }
    if "max_price" in given:
        given["currency"] = filters.currency
    if "niche" in given:
        given["niche"] = given["niche"].lower()
    q = given.pop("q", "").strip()
    if q.startswith("@"):
        start = q.lstrip("@").lower()
        given |= {"handle": start, "q_end": _end_of_prefix(start)} if start else {}
    elif q:
        start = fold(q)
        given |= {"q": start, "q_end": _end_of_prefix(start)}
    return given


def _end_of_prefix(start: str) -> str:
    # The largest character of Unicode: every text that begins with `start` sorts before it.
    return start + "\U0010ffff"


def _item(
    influencer_id: str,
    slug: str,
    name: str,
    bio: str,
    country: str,
    language: str,
    currency: str,
    price_amount: int | None,
    available: bool,
    reach: int,
    followers: int,
    engagement_rate: float | None,
    rating_sum: int,
    rating_count: int,
    photo_file_id: str | None,
    user_id: str | None,
    _sort_key: Any,
    niches: str | None,
    platforms: str | None,
) -> dict[str, Any]:
    # By position, in the order of the statement: by name, each column of a row is a search.
    return {
        "id": influencer_id,
        "slug": slug,
        "name": name,
        "bio": bio if len(bio) <= _BIO_EXCERPT else bio[: _BIO_EXCERPT - 1] + "…",
        "niches": _several(niches),
        "platforms": _several(platforms),
        "country": country,
        "language": language,
        "price": money_of(price_amount, currency),
        "available": available,
        "registered": user_id is not None,
        "reach": reach,
        "followers": followers,
        "engagement_rate": engagement_rate,
        "rating": rating_of(rating_sum, rating_count),
        "photo_url": picture_url(photo_file_id),
    }


def _several(joined: str | None) -> list[str]:
    if joined is None:
        return []
    return sorted(set(joined.split(SEPARATOR))) if SEPARATOR in joined else [joined]


def asked(filters: Filters, request: PageRequest) -> dict[str, Any]:
    """The whole question as plain data, for the key of a cached page."""
    return {**vars(filters), **vars(request)}
