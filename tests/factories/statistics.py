"""Published posts with figures, and what was counted of them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

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
