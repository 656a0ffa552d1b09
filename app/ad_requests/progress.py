"""Projections that lists filter and sort by: the stage, the next deadline, who is waited for."""

from __future__ import annotations

from datetime import datetime

from app.ad_requests.lifecycle import OPEN_STAGES, WAITS_FOR, Party
from app.ad_requests.models import AdRequest
from app.ad_requests.turns import answerer
from app.core.extensions import db


def refresh(ad_request: AdRequest) -> None:
    """Write the projections anew after any change, and count it in the row's version."""
    open_ones = [part for part in ad_request.deliverables if part.status in WAITS_FOR]
    waited_for = {WAITS_FOR[part.status] for part in open_ones}
    deadlines = [(WAITS_FOR[part.status], part.deadline) for part in open_ones]
    if ad_request.is_open:
        waited_for = {answerer(ad_request) or Party.SYSTEM}
        deadlines = [(party, ad_request.answer_by) for party in waited_for]
    states = {part.status for part in open_ones}
    ad_request.stage = next((stage for stage in OPEN_STAGES if stage in states), None)
    ad_request.next_deadline = _first(deadlines)
    ad_request.sponsor_deadline = _first(deadlines, Party.SPONSOR)
    ad_request.influencer_deadline = _first(deadlines, Party.INFLUENCER)
    ad_request.waits_for_sponsor = Party.SPONSOR in waited_for
    ad_request.waits_for_influencer = Party.INFLUENCER in waited_for
    ad_request.waits_for_admin = Party.ADMIN in waited_for
    ad_request.touch()
    db.session.flush()


def _first(
    deadlines: list[tuple[Party, datetime | None]], side: Party | None = None
) -> datetime | None:
    """The first deadline of what waits for `side`; of all, where nothing does."""
    known = [(party, at) for party, at in deadlines if at is not None]
    own = [at for party, at in known if party is side]
    return min(own or [at for _, at in known], default=None)
