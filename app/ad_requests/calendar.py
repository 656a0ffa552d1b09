"""The days of an influencer's agreements: drafts and publications, and offers to answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import CompoundSelect, Select, String, cast, null, or_, select, union_all

from app.ad_requests.lifecycle import (
    OPEN,
    WAITS_FOR,
    AdRequestStatus,
    DeliverableStatus,
    Party,
)
from app.ad_requests.models import AdRequest, Deliverable, Offer
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.paging import PageRequest, paginate
from app.identity.models import Sponsor
from app.identity.shown import money_of

_AGREED = (AdRequestStatus.ACTIVE, AdRequestStatus.COMPLETED)
# A moment belongs to one day here and to the one before or after it elsewhere.
_ANY_ZONE = timedelta(days=1)


def page(actor: Actor, request: PageRequest, *, first: date, last: date) -> dict[str, Any]:
    """One page of what an influencer has on the days from `first` to `last` (in any time zone):
    deliverables that are due or went live, and offers that wait for the own answer. Raises
    Invalid."""
    items = _items(actor, first, last).subquery("items")
    statement = (
        select(*items.c, Campaign.title, Sponsor.name)
        .select_from(items)
        .join(AdRequest, AdRequest.id == items.c.ad_request_id)
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
    )
    found = paginate(
        statement,
        request,
        sorts={"id": items.c.id},
        default="id",
        id_column=items.c.id,
        scalars=False,
    )
    return {"items": [_item(*row) for row in found.items], "next": found.next}


def _items(actor: Actor, first: date, last: date) -> CompoundSelect[Any]:
    start = datetime.combine(first, time.min, UTC) - _ANY_ZONE
    end = datetime.combine(last, time.max, UTC) + _ANY_ZONE
    own = AdRequest.influencer_id == actor.influencer_id
    deliverables: Select[Any] = (
        select(
            Deliverable.id.label("id"),
            Deliverable.ad_request_id.label("ad_request_id"),
            Deliverable.title.label("title"),
            cast(Deliverable.status, String).label("status"),
            Deliverable.amount.label("amount"),
            AdRequest.currency.label("currency"),
            Deliverable.due_on.label("due_on"),
            Deliverable.publish_by.label("publish_by"),
            Deliverable.published_at.label("published_at"),
            cast(null(), AdRequest.answer_by.type).label("answer_by"),
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(
            own,
            AdRequest.status.in_(_AGREED),
            # What ended before the first day has nothing on a later one.
            or_(AdRequest.closed_at.is_(None), AdRequest.closed_at >= start),
            Deliverable.status != DeliverableStatus.CANCELLED,
            or_(
                Deliverable.due_on.between(first, last),
                Deliverable.publish_by.between(first, last),
                Deliverable.published_at.between(start, end),
            ),
        )
    )
    offers: Select[Any] = (
        select(
            AdRequest.id,
            AdRequest.id,
            cast(null(), String),
            cast(null(), String),
            Offer.fee_amount,
            AdRequest.currency,
            cast(null(), Deliverable.due_on.type),
            cast(null(), Deliverable.publish_by.type),
            cast(null(), Deliverable.published_at.type),
            AdRequest.answer_by,
        )
        .join(Offer, Offer.id == AdRequest.current_offer_id)
        .where(
            own,
            AdRequest.status.in_(OPEN),
            AdRequest.waits_for_influencer.is_(True),
            AdRequest.answer_by.between(start, end),
        )
    )
    return union_all(deliverables, offers)


def _item(
    item_id: str,
    ad_request_id: str,
    title: str | None,
    status: str | None,
    amount: int,
    currency: str,
    due_on: date | None,
    publish_by: date | None,
    published_at: datetime | None,
    answer_by: datetime | None,
    campaign: str,
    sponsor: str,
) -> dict[str, Any]:
    waits_for = WAITS_FOR.get(DeliverableStatus(status)) if status else Party.INFLUENCER
    return {
        "id": item_id,
        "ad_request_id": ad_request_id,
        "title": title,
        "status": status,
        "campaign": campaign,
        "sponsor": sponsor,
        "amount": money_of(amount, currency),
        "your_turn": waits_for is Party.INFLUENCER,
        "due_on": due_on,
        "publish_by": publish_by,
        "published_at": published_at,
        "answer_by": answer_by,
    }
