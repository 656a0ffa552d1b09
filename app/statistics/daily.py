"""The rows that stand for one agreement, from what the domains below have written down.

Both the step by step updates and the rebuild take rows from here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import and_, select

from app.ad_requests.lifecycle import DeliverableStatus
from app.ad_requests.models import AdRequest, Deliverable
from app.campaigns.models import Campaign
from app.core.extensions import db
from app.payments.lifecycle import PaymentStatus
from app.payments.models import Payment, PaymentKind
from app.statistics.models import PostFigures
from app.statistics.sources import INTERACTIONS, SENTIMENTS

Row = dict[str, Any]
Rows = dict[tuple[str, date], Row]

POSTED = (DeliverableStatus.PUBLISHED, DeliverableStatus.COMPLETED, DeliverableStatus.DISPUTED)
"""States in which a deliverable that was published has a post."""

# What a milestone cost, each with its sign.
_FEES = {PaymentKind.RELEASE: 1, PaymentKind.FEE: 1, PaymentKind.CLAWBACK: -1}
_COUNTED = (PaymentStatus.HELD, PaymentStatus.SETTLED)


def day_in(zone: str | None, moment: datetime) -> date:
    """The day on which a moment falls in a campaign's time zone; in UTC without one."""
    return moment.astimezone(ZoneInfo(zone) if zone else UTC).date()


def is_posted(deliverable: Deliverable) -> bool:
    """Whether a post of the deliverable is out."""
    return deliverable.published_at is not None and deliverable.status in POSTED


def of_agreements(ad_request_ids: Collection[str]) -> Rows:
    """The rows of these agreements: their posts with the figures that count, and their fees.

    Three statements however many they are.
    """
    heads = _heads(ad_request_ids)
    rows: Rows = {}
    posted_on: dict[str, date | None] = {}
    for part, figures in _parts(list(heads)):
        head = heads[part.ad_request_id]
        day = part.published_at and day_in(head.time_zone, part.published_at)
        posted_on[part.id] = day
        if day is not None and is_posted(part):
            row = _row(rows, head, day)
            row["posts"] += 1
            if figures is not None:
                _add_figures(row, figures)
    for reference, milestone, kind, amount, at in _fees(list(heads)):
        head = heads[reference]
        # Commissions stand with their orders.
        if milestone in posted_on:
            # What a post cost stands beside what it brought, whenever it was paid.
            day = posted_on[milestone] or day_in(head.time_zone, at)
            _row(rows, head, day)["spend"] += _FEES[kind] * amount
    return {key: row for key, row in rows.items() if any(row[name] for name in _COUNTS)}


_COUNTS = (
    *("posts", "figured", "views", "followers", "engaged", "reactions", "comments", "shares"),
    *SENTIMENTS,
    "spend",
)


def _heads(ad_request_ids: Collection[str]) -> dict[str, Any]:
    found = db.session.execute(
        select(
            AdRequest.id,
            AdRequest.campaign_id,
            AdRequest.influencer_id,
            AdRequest.sponsor_id,
            Campaign.time_zone,
        )
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .where(AdRequest.id.in_(ad_request_ids))
    )
    return {row.id: row for row in found}


def _parts(ad_request_ids: Collection[str]) -> list[Any]:
    figures = and_(PostFigures.deliverable_id == Deliverable.id, PostFigures.is_current)
    statement = (
        select(Deliverable, PostFigures)
        .outerjoin(PostFigures, figures)
        .where(Deliverable.ad_request_id.in_(ad_request_ids))
    )
    return list(db.session.execute(statement))


def _fees(ad_request_ids: Collection[str]) -> list[Any]:
    statement = select(
        Payment.reference, Payment.milestone, Payment.kind, Payment.amount, Payment.created_at
    ).where(
        Payment.reference.in_(ad_request_ids),
        Payment.kind.in_(list(_FEES)),
        Payment.status.in_(_COUNTED),
    )
    return list(db.session.execute(statement))


def _row(rows: Rows, head: Any, day: date) -> Row:
    key = (head.id, day)
    if key not in rows:
        rows[key] = {
            "subject_id": head.id,
            "day": day,
            "link_id": None,
            "ad_request_id": head.id,
            "campaign_id": head.campaign_id,
            "influencer_id": head.influencer_id,
            "sponsor_id": head.sponsor_id,
            **dict.fromkeys(_COUNTS, 0),
        }
    return rows[key]


def _add_figures(row: Row, figures: PostFigures) -> None:
    row["figured"] += 1
    for name in (*INTERACTIONS, *SENTIMENTS):
        row[name] += getattr(figures, name) or 0
    if figures.views:
        row["views"] += figures.views
    elif figures.followers:
        row["followers"] += figures.followers
    else:
        return
    row["engaged"] += figures.interactions
