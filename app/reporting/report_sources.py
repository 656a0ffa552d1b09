"""Where the figures of a campaign's report come from and how old they are; its best posts."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from app.ad_requests.models import AdRequest, Deliverable
from app.attribution.models import ClickSegment, Order
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role
from app.core.extensions import db
from app.identity.models import Influencer
from app.reporting.campaign_report import Counts, rates
from app.statistics.daily import POSTED
from app.statistics.models import PostFigures
from app.statistics.sources import Source

BEST = 10
# The least certain one names what is made of several.
_CERTAINTY = (Source.ESTIMATED, Source.REPORTED, Source.MEASURED)


def of(campaign: Campaign, actor: Actor) -> dict[str, Any]:
    """`sources` by figure, `unconfirmed_orders` and `best_posts`: five statements."""
    part: list[ColumnElement[bool]] = [AdRequest.campaign_id == campaign.id]
    orders: list[ColumnElement[bool]] = [Order.campaign_id == campaign.id]
    if actor.role is Role.INFLUENCER:
        part.append(AdRequest.influencer_id == actor.influencer_id)
        orders.append(Order.influencer_id == actor.influencer_id)
    counted = _orders(orders)
    return {
        "sources": [_posts(part), *_figures(part), _clicks(), counted.pop("source"), _spend()],
        "unconfirmed_orders": counted["unconfirmed"],
        "best_posts": _best(part),
    }


def _line(
    figure: str, kind: Source, source: str, since: Any = None, until: Any = None
) -> dict[str, Any]:
    return {
        "figure": figure,
        "kind": kind.value,
        "source": source,
        "oldest": since,
        "latest": until,
    }


def _posted(part: list[ColumnElement[bool]]) -> list[ColumnElement[bool]]:
    return [*part, Deliverable.status.in_(POSTED), Deliverable.published_at.is_not(None)]


def _posts(part: list[ColumnElement[bool]]) -> dict[str, Any]:
    """A post that was looked at is measured; else its author says that it is there."""
    posts, seen, oldest, latest = db.session.execute(
        select(
            func.count(),
            func.count().filter(Deliverable.check_passed.is_(True)),
            func.min(Deliverable.checked_at),
            func.max(Deliverable.checked_at),
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(*_posted(part))
    ).one()
    measured = posts == seen
    return _line(
        "posts",
        Source.MEASURED if measured else Source.REPORTED,
        "live_check" if measured else "published",
        oldest,
        latest,
    )


def _figures(part: list[ColumnElement[bool]]) -> list[dict[str, Any]]:
    rows = db.session.execute(
        select(
            PostFigures.source,
            func.min(PostFigures.as_of),
            func.max(PostFigures.as_of),
            func.count(PostFigures.views),
            func.count(PostFigures.positive),
        )
        .join(Deliverable, Deliverable.id == PostFigures.deliverable_id)
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(PostFigures.is_current, *_posted(part))
        .group_by(PostFigures.source)
    ).all()
    found = []
    for figure, known in (
        ("interactions", rows),
        ("views", [row for row in rows if row[3]]),
        ("sentiment", [row for row in rows if row[4]]),
    ):
        if known:
            kind = min((row[0] for row in known), key=_CERTAINTY.index)
            oldest, latest = min(row[1] for row in known), max(row[2] for row in known)
            found.append(_line(figure, kind, "post_figures", oldest, latest))
    return found


def _clicks() -> dict[str, Any]:
    latest = db.session.scalar(select(func.max(ClickSegment.consumed_at)))
    return _line("clicks", Source.MEASURED, "own_links", latest, latest)


def _orders(part: list[ColumnElement[bool]]) -> dict[str, Any]:
    confirmed = Order.verified_at.is_not(None)
    waiting, latest = db.session.execute(
        select(func.count().filter(~confirmed), func.max(Order.updated_at).filter(confirmed)).where(
            *part
        )
    ).one()
    return {
        "source": _line("orders", Source.MEASURED, "shop", latest, latest),
        "unconfirmed": waiting,
    }


def _spend() -> dict[str, Any]:
    return _line("spend", Source.MEASURED, "ledger")


def _best(part: list[ColumnElement[bool]]) -> list[dict[str, Any]]:
    """The posts with the most interactions."""
    interactions = PostFigures.reactions + PostFigures.comments + PostFigures.shares
    rows = db.session.execute(
        select(
            PostFigures,
            Deliverable.title,
            Deliverable.url,
            Deliverable.published_at,
            AdRequest.id.label("ad_request_id"),
            Influencer.id.label("influencer_id"),
            Influencer.name,
            Influencer.slug,
        )
        .join(Deliverable, Deliverable.id == PostFigures.deliverable_id)
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .where(and_(PostFigures.is_current, *_posted(part)))
        .order_by(interactions.desc(), PostFigures.id)
        .limit(BEST)
    )
    return [_post(row) for row in rows]


def _post(row: Any) -> dict[str, Any]:
    figures: PostFigures = row.PostFigures
    followers = 0 if figures.views else figures.followers or 0
    found = rates(
        Counts(views=figures.views or 0, followers=followers, engaged=figures.interactions)
    )
    return {
        "deliverable_id": figures.deliverable_id,
        "ad_request_id": row.ad_request_id,
        "title": row.title,
        "url": row.url,
        "published_at": row.published_at,
        "influencer": {"id": row.influencer_id, "name": row.name, "slug": row.slug},
        "reactions": figures.reactions,
        "comments": figures.comments,
        "shares": figures.shares,
        "interactions": figures.interactions,
        "views": figures.views,
        "engagement_rate": found.engagement_rate,
        "engagement_base": found.engagement_base,
        "kind": figures.source.value,
        "as_of": figures.as_of,
    }
