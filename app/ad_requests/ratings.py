"""What the sides think of each other, after an agreement.

Ratings stay hidden until both are in, or until the time to rate is over: nobody can answer a
rating with a rating. They count for a profile only once they show.
"""

from __future__ import annotations

from sqlalchemy import select

from app.ad_requests import turns
from app.ad_requests.errors import AlreadyRated, RatingClosed
from app.ad_requests.events import RatingsRevealed
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest, Rating
from app.ad_requests.ownership import get_for, party_of
from app.ad_requests.progress import refresh
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.errors import RefusedTransition
from app.core.extensions import db
from app.identity.ratings import rate_influencer, rate_sponsor


def rate(actor: Actor, *, ad_request_id: str, stars: int, text: str = "") -> AdRequest:
    """Give the other side 1 to 5 stars, once. Raises NotFound, RatingClosed, AlreadyRated."""
    ad_request = get_for(actor, ad_request_id, lock=True)
    if not turns.rating_open(ad_request, now()):
        raise RatingClosed(
            "An agreement is rated once it has ended, and only for some days. Nothing was changed."
        )
    given = _ratings(ad_request)
    side = party_of(actor)
    if any(rating.by is side for rating in given):
        raise AlreadyRated("A rating cannot be changed. Nothing was changed.")
    rating = Rating(
        ad_request_id=ad_request.id,
        sponsor_id=ad_request.sponsor_id,
        influencer_id=ad_request.influencer_id,
        by=side,
        author=actor.label,
        stars=stars,
        text=text,
    )
    db.session.add(rating)
    db.session.flush()
    if given:
        _show(actor, ad_request, [*given, rating])
    refresh(ad_request)
    return ad_request


def reveal(ad_request_id: str) -> AdRequest:
    """Show what was given once the time to rate is over. Raises RefusedTransition before that."""
    ad_request = get_for(SYSTEM, ad_request_id, lock=True)
    ends = ad_request.ratings_close_at
    if ends is None or now() < ends or ad_request.ratings_revealed_at is not None:
        raise RefusedTransition("These ratings are not to be shown.", state=ad_request.status.value)
    _show(SYSTEM, ad_request, _ratings(ad_request))
    refresh(ad_request)
    return ad_request


def visible(rating: Rating, side: Party) -> bool:
    """Whether a side may read a rating: the own one, and every one that shows."""
    return rating.revealed_at is not None or rating.by is side or side is Party.ADMIN


def _ratings(ad_request: AdRequest) -> list[Rating]:
    return list(
        db.session.scalars(
            select(Rating).where(Rating.ad_request_id == ad_request.id).order_by(Rating.created_at)
        )
    )


def _show(actor: Actor, ad_request: AdRequest, given: list[Rating]) -> None:
    moment = now()
    ad_request.ratings_revealed_at = moment
    for rating in given:
        rating.revealed_at = moment
        if rating.by is Party.SPONSOR:
            rate_influencer(rating.influencer_id, rating.stars)
        else:
            rate_sponsor(rating.sponsor_id, rating.stars)
    db.session.flush()
    if given:
        tell(RatingsRevealed, ad_request, actor)
