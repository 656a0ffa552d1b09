"""The sponsor's table of figures: each line is taken, known already, or refused with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select

from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.ownership import get_for, party_of
from app.campaigns import service as campaigns
from app.core.actor import Actor
from app.core.errors import DomainError, Invalid
from app.core.extensions import db
from app.statistics import service
from app.statistics.figures_table import FiguresLine, RefusedLine, read
from app.statistics.models import PostFigures
from app.statistics.sources import COUNTS


def import_table(actor: Actor, *, campaign_id: str, csv: str) -> dict[str, Any]:
    """Take the figures of a campaign's posts from a table; importing the same again changes
    nothing, another line for the same moment corrects the first. Raises NotFound, Invalid.
    """
    campaign = campaigns.get_for(actor, campaign_id)
    try:
        lines = list(read(csv))
    except ValueError as error:
        raise Invalid(csv=str(error)) from None
    posts = _posts(campaign.id)
    refused = [line for line in lines if isinstance(line, RefusedLine)]
    taken = unchanged = 0
    found = [line for line in lines if isinstance(line, FiguresLine)]
    # One order of locks for everyone.
    for line in sorted(found, key=lambda line: (posts.get(line.post, ("", ""))[0], line.number)):
        try:
            if _take(actor, posts, line):
                taken += 1
            else:
                unchanged += 1
        except DomainError as error:
            refused.append(RefusedLine(line.number, _reason(error), line.post))
    return {
        "taken": taken,
        "unchanged": unchanged,
        "refused": [
            {"line": line.number, "post": line.post, "reason": line.reason}
            for line in sorted(refused, key=lambda line: line.number)
        ],
    }


def _posts(campaign_id: str) -> dict[str, tuple[str, str]]:
    """Ad request and deliverable by the deliverable's id, and by the address of its post."""
    rows = db.session.execute(
        select(Deliverable.id, Deliverable.url, Deliverable.ad_request_id)
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .where(AdRequest.campaign_id == campaign_id)
        .order_by(Deliverable.id)
    ).all()
    found = {row.url: (row.ad_request_id, row.id) for row in rows if row.url}
    return found | {row.id: (row.ad_request_id, row.id) for row in rows}


def _take(actor: Actor, posts: dict[str, tuple[str, str]], line: FiguresLine) -> bool:
    """Add the figures of a line; False where they are known already."""
    if line.post not in posts:
        raise Invalid(post="No post of this campaign has this id or address.")
    ad_request_id, deliverable_id = posts[line.post]
    with db.session.begin_nested():
        ad_request = get_for(actor, ad_request_id, lock=True)
        deliverable = next(part for part in ad_request.deliverables if part.id == deliverable_id)
        own = _standing(actor, deliverable_id)
        if line.as_of is None:
            # A table without times says what is so now: the same as last time is no news.
            before = max(own, key=lambda row: (row.as_of, row.number), default=None)
        else:
            before = next((row for row in own if row.as_of == line.as_of), None)
        if before is not None and _same(before, line):
            return False
        counts: dict[str, Any] = dict(line.counts)
        service.add(
            actor,
            ad_request,
            deliverable,
            source=line.source,
            as_of=line.as_of,
            corrects=None if line.as_of is None else before,
            **counts,
        )
        return True


def _standing(actor: Actor, deliverable_id: str) -> Iterable[PostFigures]:
    """What the own side has stated of a post and nobody corrected."""
    corrected = select(PostFigures.corrects_id).where(
        PostFigures.deliverable_id == deliverable_id, PostFigures.corrects_id.is_not(None)
    )
    return db.session.scalars(
        select(PostFigures).where(
            PostFigures.deliverable_id == deliverable_id,
            PostFigures.by == party_of(actor),
            PostFigures.id.not_in(corrected),
        )
    ).all()


def _same(row: PostFigures, line: FiguresLine) -> bool:
    stated = {name: line.counts[name] for name in COUNTS}
    if stated["followers"] is None:
        stated["followers"] = row.followers
    return row.source is line.source and all(
        getattr(row, name) == value for name, value in stated.items()
    )


def _reason(error: DomainError) -> str:
    named = [f"{name}: {' '.join(texts)}" for name, texts in (error.errors or {}).items()]
    return " ".join(named) or error.detail or error.title
