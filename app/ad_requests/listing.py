"""Lists of ad requests: a hot list of Core columns, one statement a page.

Statements are built once for each combination of reader, filters and sort and kept; a request only
binds values. Rows are plain data for the wire.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select
from sqlalchemy.sql import ColumnElement

from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest, Offer
from app.ad_requests.ownership import party_of
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.folding import fold
from app.core.models import UtcDateTime
from app.core.paging import Column, PageRequest, read_cursor, write_cursor
from app.identity.models import Influencer, Sponsor
from app.identity.shown import money_of, picture_url

_Statement = Select[*tuple[Any, ...]]

# What has no deadline sorts behind everything that has one.
NEVER = datetime(9999, 1, 1, tzinfo=UTC)
DEFAULT_SORT = "-created_at"
SORTS = ("created_at", "deadline", "updated_at")
_DEADLINE: Mapping[Party, Any] = {
    Party.SPONSOR: AdRequest.sponsor_deadline,
    Party.INFLUENCER: AdRequest.influencer_deadline,
}
_OWNER: Mapping[Party, Any] = {
    Party.SPONSOR: AdRequest.sponsor_id,
    Party.INFLUENCER: AdRequest.influencer_id,
}
_WAITS: Mapping[Party, Any] = {
    Party.SPONSOR: AdRequest.waits_for_sponsor,
    Party.INFLUENCER: AdRequest.waits_for_influencer,
    Party.ADMIN: AdRequest.waits_for_admin,
}


@dataclass(frozen=True)
class Filters:
    """What a page is narrowed to; None does not narrow. `q` is part of the campaign's title or
    of the influencer's name, without case and accents. `held` agreements have money in escrow."""

    status: Sequence[str] | None = None
    stage: Sequence[str] | None = None
    origin: str | None = None
    campaign_id: str | None = None
    influencer_id: str | None = None
    sponsor_id: str | None = None
    your_turn: bool | None = None
    held: bool | None = None
    q: str | None = None


def page(actor: Actor, filters: Filters, request: PageRequest) -> dict[str, Any]:
    """One page of the ad requests that the actor may see: `{items, next}`. Raises Invalid."""
    sort = request.sort or DEFAULT_SORT
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in SORTS:
        raise Invalid(sort=f"Choose one of: {', '.join(sorted(SORTS))} (with - to turn it round).")
    side = party_of(actor)
    values = _values(filters)
    if request.cursor is not None:
        first, last = read_cursor(request.cursor, sort, [_key(side, name), AdRequest.id])
        values |= {"after": first, "after_id": last}
    statement = _statement(side, name, descending, frozenset(values) - {"after_id"})
    owner = {"owner": _owner_of(actor)} if side in _OWNER else {}
    rows = db.session.execute(statement, {**values, **owner, "rows": request.limit + 1}).all()
    shown = rows[: request.limit]
    more = len(rows) > request.limit
    return {
        "items": [_item(row, side) for row in shown],
        "next": write_cursor(sort, [shown[-1].sort_key, shown[-1].id]) if more else None,
    }


def _key(side: Party, sort: str) -> Column:
    if sort == "deadline":
        return func.coalesce(_deadline(side), literal(NEVER, UtcDateTime()))
    return AdRequest.created_at if sort == "created_at" else AdRequest.updated_at


def _deadline(side: Party) -> Any:
    """The deadline that the reader is shown: that of the own turn, if it is."""
    return _DEADLINE.get(side, AdRequest.next_deadline)


def _owner_of(actor: Actor) -> str:
    owner = actor.sponsor_id if actor.role is Role.SPONSOR else actor.influencer_id
    if owner is None:
        raise NotFound
    return owner


def _values(filters: Filters) -> dict[str, Any]:
    given = {field.name: getattr(filters, field.name) for field in fields(filters)}
    given = {name: value for name, value in given.items() if value not in (None, [], ())}
    if "q" in given:
        words = fold(given["q"]).replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        given["q"] = f"%{words}%"
    return given


_IN_ESCROW = (
    AdRequest.held_amount
    - AdRequest.released_amount
    - AdRequest.refunded_amount
    - AdRequest.platform_charged_amount
)
_CONDITIONS: Mapping[str, Callable[[Party], ColumnElement[bool]]] = {
    "status": lambda _: AdRequest.status.in_(bindparam("status", expanding=True)),
    "stage": lambda _: AdRequest.stage.in_(bindparam("stage", expanding=True)),
    "origin": lambda _: AdRequest.origin == bindparam("origin"),
    "campaign_id": lambda _: AdRequest.campaign_id == bindparam("campaign_id"),
    "influencer_id": lambda _: AdRequest.influencer_id == bindparam("influencer_id"),
    "sponsor_id": lambda _: AdRequest.sponsor_id == bindparam("sponsor_id"),
    "your_turn": lambda side: _WAITS[side] == bindparam("your_turn"),
    "held": lambda _: (_IN_ESCROW > 0) == bindparam("held"),
    "q": lambda _: or_(
        Campaign.title_key.like(bindparam("q"), escape="\\"),
        Influencer.name_key.like(bindparam("q"), escape="\\"),
    ),
}


@cache
def _statement(side: Party, sort: str, descending: bool, given: frozenset[str]) -> _Statement:
    key = _key(side, sort)
    statement = (
        select(*_COLUMNS, _deadline(side).label("deadline"), key.label("sort_key"))
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .join(Offer, Offer.id == AdRequest.current_offer_id)
    )
    if side in _OWNER:
        statement = statement.where(_OWNER[side] == bindparam("owner"))
    for name in sorted(given - {"after"}):
        statement = statement.where(_CONDITIONS[name](side))
    if "after" in given:
        statement = statement.where(_behind(key, descending))
    columns = (key, AdRequest.id)
    order = [column.desc() if descending else column.asc() for column in columns]
    return statement.order_by(*order).limit(bindparam("rows"))


def _behind(key: Column, descending: bool) -> ColumnElement[bool]:
    after: Any = bindparam("after", type_=key.type)
    after_id: Any = bindparam("after_id")
    if descending:
        return and_(key <= after, or_(key < after, AdRequest.id < after_id))
    return and_(key >= after, or_(key > after, AdRequest.id > after_id))


_COLUMNS = (
    AdRequest.id,
    AdRequest.status,
    AdRequest.stage,
    AdRequest.origin,
    AdRequest.chosen_by,
    AdRequest.awaits_consent,
    AdRequest.waits_for_sponsor,
    AdRequest.waits_for_influencer,
    AdRequest.waits_for_admin,
    AdRequest.created_at,
    AdRequest.updated_at,
    AdRequest.accepted_at,
    AdRequest.closed_at,
    AdRequest.currency,
    AdRequest.held_amount,
    AdRequest.released_amount,
    AdRequest.refunded_amount,
    AdRequest.platform_charged_amount,
    AdRequest.campaign_id,
    Campaign.title.label("campaign_title"),
    AdRequest.sponsor_id,
    Sponsor.slug.label("sponsor_slug"),
    Sponsor.name.label("sponsor_name"),
    AdRequest.influencer_id,
    Influencer.slug.label("influencer_slug"),
    Influencer.name.label("influencer_name"),
    Influencer.photo_file_id,
    Offer.id.label("offer_id"),
    Offer.number,
    Offer.hash,
    Offer.by,
    Offer.fee_amount,
    Offer.commission_basis_points,
    Offer.commission_cap_amount,
)


def _item(row: Any, side: Party) -> dict[str, Any]:
    waits_for = [party.value for party in _WAITS if getattr(row, f"waits_for_{party.value}")]
    paid_out = row.released_amount + row.refunded_amount + row.platform_charged_amount
    return {
        "id": row.id,
        "status": row.status.value,
        "stage": row.stage and row.stage.value,
        "origin": row.origin.value,
        "chosen_by": row.chosen_by.value,
        "awaits_consent": row.awaits_consent,
        "waits_for": waits_for,
        "your_turn": side.value in waits_for,
        "next_deadline": row.deadline,
        "campaign": {"id": row.campaign_id, "title": row.campaign_title},
        "sponsor": {"id": row.sponsor_id, "slug": row.sponsor_slug, "name": row.sponsor_name},
        "influencer": {
            "id": row.influencer_id,
            "slug": row.influencer_slug,
            "name": row.influencer_name,
            "photo_url": picture_url(row.photo_file_id),
        },
        "current_offer": {
            "id": row.offer_id,
            "number": row.number,
            "hash": row.hash,
            "by": row.by.value,
            "fee": money_of(row.fee_amount, row.currency),
            "commission": commission_of(
                row.commission_basis_points, row.commission_cap_amount, row.currency
            ),
        },
        "held": money_of(row.held_amount - paid_out, row.currency),
        "released": money_of(row.released_amount, row.currency),
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "accepted_at": row.accepted_at,
        "closed_at": row.closed_at,
    }


def commission_of(
    basis_points: int | None, cap_amount: int | None, currency: str
) -> dict[str, Any] | None:
    """A commission on the wire: its rate in percent of net revenue, and its cap."""
    if basis_points is None:
        return None
    return {"rate": basis_points / 100, "cap": money_of(cap_amount, currency)}
