"""What waits for whom, until when, and what happens by itself then."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, String, case, func, literal, null, select, union_all

from app.ad_requests import queries
from app.ad_requests.lifecycle import (
    ANSWER,
    CONSENT,
    ON_DEADLINE,
    OPEN,
    TODO,
    WAITS_FOR,
    OnDeadline,
    Party,
)
from app.ad_requests.models import AdRequest, Deliverable, Offer
from app.ad_requests.ownership import party_of
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.extensions import db
from app.core.paging import PageRequest, paginate
from app.identity.models import Influencer, Sponsor
from app.identity.shown import money_of

_ON_DEADLINE = {
    ANSWER: OnDeadline.EXPIRES,
    CONSENT: OnDeadline.EXPIRES,
    **{todo: ON_DEADLINE[status] for status, todo in TODO.items()},
}


def page(
    actor: Actor, request: PageRequest, *, whose: str, kind: str | None = None
) -> dict[str, Any]:
    """One page of what waits for the actor's side (`whose` mine) or for others, the nearest
    deadline first, with how many there are of each."""
    side = party_of(actor).value
    items = _items(actor)
    mine = items.c.waits_for == side
    statement = (
        select(*items.c, Campaign.title, Sponsor.name, Influencer.name)
        .join(AdRequest, AdRequest.id == items.c.ad_request_id)
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .with_only_columns(
            *items.c,
            Campaign.id.label("campaign_id"),
            Campaign.title.label("campaign_title"),
            Sponsor.id.label("sponsor_id"),
            Sponsor.name.label("sponsor_name"),
            Influencer.id.label("influencer_id"),
            Influencer.name.label("influencer_name"),
        )
        .where(mine if whose == "mine" else ~mine)
    )
    if kind is not None:
        statement = statement.where(items.c.kind == kind)
    found = paginate(
        statement,
        request,
        sorts={"deadline": items.c.deadline},
        default="deadline",
        id_column=items.c.item_id,
        scalars=False,
    )
    grouped = select(mine, func.count()).select_from(items).group_by(mine)
    counts: dict[bool, int] = {bool(row[0]): row[1] for row in db.session.execute(grouped)}
    own, others = counts.get(True, 0), counts.get(False, 0)
    return {
        "items": [_item(row, side) for row in found.items],
        "next": found.next,
        "total": own if whose == "mine" else others,
        "mine": own,
        "others": others,
    }


def _items(actor: Actor) -> Any:
    return union_all(_offers(actor), _deliverables(actor)).subquery("items")


def _offers(actor: Actor) -> Select[Any]:
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
        .where(AdRequest.status.in_(OPEN), *queries.seen_by(actor))
    )


def _deliverables(actor: Actor) -> Select[Any]:
    status = Deliverable.status
    return (
        select(
            Deliverable.id,
            Deliverable.ad_request_id,
            Deliverable.id,
            Deliverable.title,
            case(*((status == state, literal(todo)) for state, todo in TODO.items())),
            case(*((status == state, literal(who.value)) for state, who in WAITS_FOR.items())),
            Deliverable.deadline,
            Deliverable.amount,
            AdRequest.currency,
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(status.in_(list(WAITS_FOR)), *queries.seen_by(actor))
    )


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
