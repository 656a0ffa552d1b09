"""Published posts with figures, and what was counted of them."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from sqlalchemy import select

from app.attribution.click_rules import Reason
from app.attribution.events import ClickChange, ClicksCounted
from app.attribution.models import Click, ClickSegment, CommissionEntry, Order, TrackingLink
from app.attribution.order_events import OrderChanged, OrderRecorded
from app.attribution.order_facts import OrderSourceKind
from app.attribution.settling import whom
from app.core.events import publish
from app.core.extensions import db
from app.statistics import service
from app.statistics.models import PostFigures, Statistics
from tests.factories.ad_requests import World, advance, agree, kept

FIGURES = {"reactions": 120, "comments": 30, "shares": 10}


def publish_post(world: World, status: str = "published", **terms: Any) -> tuple[str, str]:
    """An agreement with a post; its id and that of the deliverable."""
    ad_request = agree(world, **terms)
    return ad_request.id, advance(world, ad_request, status).id


def state(world: World, post: tuple[str, str], by: str = "influencer", **values: Any) -> str:
    """A side states the figures of a post; the id of what it stated."""
    actor = world.side(by).actor
    return kept(
        lambda: service.state(
            actor, ad_request_id=post[0], deliverable_id=post[1], **{**FIGURES, **values}
        )
    ).id


def correct(
    world: World, post: tuple[str, str], figures_id: str, by: str = "influencer", **values: Any
) -> str:
    """A side corrects figures of its own."""
    actor = world.side(by).actor
    return kept(
        lambda: service.correct(
            actor,
            ad_request_id=post[0],
            deliverable_id=post[1],
            figures_id=figures_id,
            **{**FIGURES, **values},
        )
    ).id


def current(post: tuple[str, str]) -> PostFigures:
    """The figures of a post that count."""
    db.session.rollback()
    return db.session.scalars(
        select(PostFigures).where(PostFigures.deliverable_id == post[1], PostFigures.is_current)
    ).one()


def counted() -> list[dict[str, Any]]:
    """Every daily row, in order."""
    db.session.rollback()
    db.session.expunge_all()
    rows = db.session.scalars(select(Statistics).order_by(Statistics.subject_id, Statistics.day))
    return [row.columns() for row in rows]


_numbers = count(1)


def make_link(world: World, ad_request_id: str | None) -> str:
    """A link of the influencer, of an agreement or of none."""

    def work() -> str:
        number = next(_numbers)
        link = TrackingLink(
            code=f"code{number:06}",
            influencer_id=world.influencer.influencer_id,
            sponsor_id=world.sponsor.sponsor_id,
            campaign_id=world.campaign.id if ad_request_id else None,
            ad_request_id=ad_request_id,
            target="https://shop.example/",
        )
        db.session.add(link)
        db.session.flush()
        return link.id

    return kept(work)


def click(link_id: str, at: datetime, reason: Reason = Reason.COUNTED, times: int = 1) -> None:
    """Clicks, as the consumer of the log writes and tells them."""

    def work() -> None:
        segment = ClickSegment(name=f"segment {next(_numbers)}")
        db.session.add(segment)
        db.session.flush()
        for position in range(times):
            db.session.add(
                Click(
                    segment_id=segment.id,
                    position=position,
                    link_id=link_id,
                    at=at,
                    hour=int(at.timestamp() // 3600),
                    visitor="visitor",
                    address_hash="hash",
                    reason=reason,
                    rules_version=1,
                )
            )
        publish(ClicksCounted((ClickChange(link_id, at, reason, times),)))

    kept(work)


def order(link_id: str, at: datetime, revenue: int, *, verified: bool = True) -> str:
    """An order that a link brought, as attribution records and tells it."""

    def work() -> str:
        link = db.session.get_one(TrackingLink, link_id)
        row = Order(
            sponsor_id=link.sponsor_id,
            external_id=f"order {next(_numbers)}",
            source=OrderSourceKind.ACCORD,
            ordered_at=at,
            currency="EUR",
            total_amount=revenue,
            net_amount=revenue,
            verified_at=at if verified else None,
            verified_by="system" if verified else None,
            link_id=link_id,
            ad_request_id=link.ad_request_id,
            campaign_id=link.campaign_id,
            influencer_id=link.influencer_id,
            counted_currency="EUR",
            revenue_amount=revenue,
            refund_amount=0,
        )
        db.session.add(row)
        db.session.flush()
        publish(OrderRecorded(**whom(row), verified=verified))
        return row.id

    return kept(work)


def change_order(order_id: str, *, link_id: str | None = None, **values: Any) -> None:
    """A refund, a confirmation, a commission (`commission`), or another link that it goes to."""

    def work() -> None:
        row = db.session.get_one(Order, order_id)
        before = row.link_id
        paid = values.pop("commission", 0)
        if paid:
            db.session.add(
                CommissionEntry(
                    order_id=order_id,
                    ad_request_id=row.ad_request_id,
                    currency="EUR",
                    due_amount=paid,
                    paid_amount=paid,
                )
            )
        for name, value in {**values, "link_id": link_id or row.link_id}.items():
            setattr(row, name, value)
        db.session.flush()
        publish(OrderChanged(**whom(row), link_before=before, ad_request_before=None))

    kept(work)
