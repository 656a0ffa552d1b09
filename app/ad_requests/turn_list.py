"""What waits for whom, until when, and what happens by itself then.

A page takes the nearest rows of each state by themselves, each from an index of its own, and sorts
these few: what it costs does not grow with what waits. Counts stop at MOST_COUNTED.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Integer,
    Select,
    String,
    bindparam,
    case,
    func,
    literal,
    null,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql import ColumnElement

from app.ad_requests.lifecycle import (
    ANSWER,
    CONSENT,
    ON_DEADLINE,
    OPEN,
    TODO,
    WAITS_FOR,
    AdRequestStatus,
    DeliverableStatus,
    OnDeadline,
    Party,
)
from app.ad_requests.models import AdRequest, Deliverable, Offer
from app.ad_requests.ownership import party_of
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.paging import Column, PageRequest, read_cursor, write_cursor
from app.identity.aside import aside
from app.identity.models import Influencer, Sponsor
from app.identity.shown import money_of

MOST_COUNTED = 1000
"""More than this is as good as this: counting on would read all that waits on the platform."""

_SORTS = ("deadline", "-deadline")
_ON_DEADLINE = {
    ANSWER: OnDeadline.EXPIRES,
    CONSENT: OnDeadline.EXPIRES,
    **{todo: ON_DEADLINE[status] for status, todo in TODO.items()},
}
_OWNER: dict[Party, Column] = {
    Party.SPONSOR: AdRequest.sponsor_id,
    Party.INFLUENCER: AdRequest.influencer_id,
}


def page(
    actor: Actor, request: PageRequest, *, whose: str, kind: str | None = None
) -> dict[str, Any]:
    """One page of what waits for the actor's side (`whose` mine) or for others, the nearest
    deadline first, with how many there are of each (MOST_COUNTED for more). Raises Invalid."""
    sort = request.sort or _SORTS[0]
    if sort not in _SORTS:
        raise Invalid(sort="Choose deadline (with - to turn it round).")
    side = party_of(actor)
    values: dict[str, Any] = {"owner": actor.sponsor_id or actor.influencer_id}
    behind = request.cursor is not None
    if request.cursor is not None:
        keys: list[Column] = [AdRequest.answer_by, AdRequest.id]
        values["after"], values["after_id"] = read_cursor(request.cursor, sort, keys)
    statement = _page(side, whose == "mine", kind, behind, sort.startswith("-"))
    values["rows"] = request.limit + 1
    rows = [] if statement is None else db.session.execute(statement, values).all()
    shown = rows[: request.limit]
    own, others = db.session.execute(_counts(side), values).one()
    return {
        "items": [_item(row, side.value) for row in shown],
        "next": (
            write_cursor(sort, [shown[-1].deadline, shown[-1].item_id])
            if len(rows) > len(shown)
            else None
        ),
        "total": own if whose == "mine" else others,
        "mine": own,
        "others": others,
    }


@lru_cache(maxsize=256)
def _page(
    side: Party, mine: bool, kind: str | None, behind: bool, descending: bool
) -> Select[*tuple[Any, ...]] | None:
    def nearest(
        branch: Select[*tuple[Any, ...]], deadline: Column, item_id: Column
    ) -> Select[*tuple[Any, ...]]:
        if behind:
            place = tuple_(deadline, item_id)
            after = tuple_(
                bindparam("after", type_=AdRequest.answer_by.type),
                bindparam("after_id", type_=AdRequest.id.type),
            )
            branch = branch.where(place < after if descending else place > after)
        keys = [deadline, item_id]
        order = [key.desc() if descending else key.asc() for key in keys]
        # The limit belongs to the branch: SQLite takes none inside a union but in a subquery.
        return select(branch.order_by(*order).limit(bindparam("rows", type_=Integer)).subquery())

    branches = [nearest(*found) for found in _branches(side, mine, kind)]
    if not branches:
        return None
    items = union_all(*branches).subquery("items")
    order = [items.c.deadline, items.c.item_id]
    return (
        select(
            *items.c,
            Campaign.id.label("campaign_id"),
            Campaign.title.label("campaign_title"),
            Sponsor.id.label("sponsor_id"),
            Sponsor.name.label("sponsor_name"),
            Influencer.id.label("influencer_id"),
            Influencer.name.label("influencer_name"),
        )
        .join(AdRequest, AdRequest.id == items.c.ad_request_id)
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .order_by(*[key.desc() if descending else key.asc() for key in order])
        .limit(bindparam("rows", type_=Integer))
    )


@lru_cache(maxsize=8)
def _counts(side: Party) -> Select[int, int]:
    def count(mine: bool) -> ColumnElement[int]:
        branches = [branch for branch, *_ in _branches(side, mine, None)]
        waiting = union_all(*[one.with_only_columns(literal(1).label("one")) for one in branches])
        few = select(waiting.subquery().c.one).limit(MOST_COUNTED).subquery()
        return select(func.count()).select_from(few).scalar_subquery()

    return select(count(True).label("mine"), count(False).label("others"))


_Branch = tuple[Select[*tuple[Any, ...]], Column, Column]


def _branches(side: Party, mine: bool, kind: str | None) -> Iterator[_Branch]:
    """What waits, a state at a time: the rows, their deadline and their id."""
    if kind in (None, ANSWER, CONSENT) and (side in _OWNER or not mine):
        for state in OPEN:
            yield _offers(side, mine, kind, state), AdRequest.answer_by, AdRequest.id
    for status, todo in TODO.items():
        if kind in (None, todo) and (WAITS_FOR[status] is side) is mine:
            yield _deliverables(side, status), Deliverable.deadline, Deliverable.id


def _offers(
    side: Party, mine: bool, kind: str | None, state: AdRequestStatus
) -> Select[*tuple[Any, ...]]:
    conditions = [AdRequest.status == state]
    if side in _OWNER:
        conditions.append(AdRequest.waits_for_sponsor.is_(mine is (side is Party.SPONSOR)))
    if kind is not None:
        conditions.append(AdRequest.awaits_consent.is_(kind == CONSENT))
    waits_for = case(
        (AdRequest.waits_for_sponsor, literal(Party.SPONSOR.value)),
        else_=literal(Party.INFLUENCER.value),
    )
    return (
        select(
            AdRequest.id.label("item_id"),
            AdRequest.id.label("ad_request_id"),
            null().cast(String).label("deliverable_id"),
            null().cast(String).label("title"),
            case((AdRequest.awaits_consent, literal(CONSENT)), else_=literal(ANSWER)).label("kind"),
            waits_for.label("waits_for"),
            AdRequest.answer_by.label("deadline"),
            Offer.fee_amount.label("amount"),
            AdRequest.currency.label("currency"),
        )
        .join(Offer, Offer.id == AdRequest.current_offer_id)
        .where(*conditions, *_owned(side))
    )


def _deliverables(side: Party, status: DeliverableStatus) -> Select[*tuple[Any, ...]]:
    # The owner's are few: read along the agreements that wait for anything. An admin's are found
    # by their state.
    state = aside(Deliverable.status) if side in _OWNER else Deliverable.status
    return (
        select(
            Deliverable.id.label("item_id"),
            Deliverable.ad_request_id.label("ad_request_id"),
            Deliverable.id.label("deliverable_id"),
            Deliverable.title.label("title"),
            literal(TODO[status]).label("kind"),
            literal(WAITS_FOR[status].value).label("waits_for"),
            Deliverable.deadline.label("deadline"),
            Deliverable.amount.label("amount"),
            AdRequest.currency.label("currency"),
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(state == status, *_owned(side, AdRequest.next_deadline.is_not(None)))
    )


def _owned(side: Party, *more: ColumnElement[bool]) -> list[ColumnElement[bool]]:
    owner = _OWNER.get(side)
    return [] if owner is None else [owner == bindparam("owner"), *more]


def _item(row: Any, side: str) -> dict[str, Any]:
    (item_id, ad_request_id, deliverable_id, title, kind, waits_for, deadline, amount) = row[:8]
    currency, campaign_id, campaign, sponsor_id, sponsor, influencer_id, influencer = row[8:]
    return {
        "id": item_id,
        "kind": kind,
        "ad_request_id": ad_request_id,
        "deliverable_id": deliverable_id,
        "title": title or campaign,
        "waits_for": waits_for,
        "your_turn": waits_for == side,
        "deadline": deadline,
        "on_deadline": _ON_DEADLINE[kind].value,
        "amount": money_of(amount, currency),
        "campaign": {"id": campaign_id, "title": campaign},
        "sponsor": {"id": sponsor_id, "name": sponsor},
        "influencer": {"id": influencer_id, "name": influencer},
    }
