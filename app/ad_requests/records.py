"""What an ad request keeps of its past: its history, its messages, and how offers differ."""

from __future__ import annotations

from typing import Any

from sqlalchemy import or_, select

from app.ad_requests import messages, queries, terms
from app.ad_requests.models import AdRequest, Deliverable, Message, Offer
from app.ad_requests.ownership import FILES, may_see
from app.ad_requests.shapes import Reader, change_of, message_of, names_of
from app.core.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.lifecycle import StateChange
from app.core.paging import Page, PageRequest, paginate
from app.files import service as files


def message_page(actor: Actor, ad_request_id: str, request: PageRequest) -> Page[dict[str, Any]]:
    """Messages, the newest first. Raises NotFound."""
    found = messages.page(actor, ad_request_id, request)
    reader = Reader(actor)
    reader.names = {message.author: name for message, name in found.items if name}
    reader.files = _files(ad_request_id)
    return Page([message_of(message, reader) for message, _ in found.items], found.next)


def message(actor: Actor, row: Message) -> dict[str, Any]:
    """A message that was just posted."""
    reader = Reader(actor)
    reader.names = names_of([row.author])
    reader.files = _files(row.ad_request_id)
    return message_of(row, reader)


def history_page(actor: Actor, ad_request_id: str, request: PageRequest) -> Page[dict[str, Any]]:
    """The steps of an ad request and its deliverables, the oldest first. Raises NotFound."""
    if not may_see(actor, ad_request_id):
        raise NotFound
    own = select(Deliverable.id).where(Deliverable.ad_request_id == ad_request_id)
    found = paginate(
        select(StateChange).where(
            or_(StateChange.subject_id == ad_request_id, StateChange.subject_id.in_(own))
        ),
        request,
        sorts={"at": StateChange.at},
        default="at",
        id_column=StateChange.id,
    )
    names = names_of(row.actor for row in found.items)
    return Page([change_of(row, names) for row in found.items], found.next)


def offer_diff(actor: Actor, ad_request_id: str, first: int, second: int) -> dict[str, Any]:
    """What differs from offer `first` to offer `second`, by their numbers. Raises NotFound,
    Invalid."""
    rows = db.session.scalars(
        select(Offer)
        .join(AdRequest, AdRequest.id == Offer.ad_request_id)
        .where(
            AdRequest.id == ad_request_id,
            *queries.seen_by(actor),
            Offer.number.in_([1, first, second]),
        )
    )
    found = {offer.number: offer for offer in rows}
    if not found:
        raise NotFound
    for name, number in (("from", first), ("to", second)):
        if number not in found:
            raise Invalid(**{name: "There is no offer with this number."})
    changes = terms.diff(found[first].terms, found[second].terms)
    return {
        "currency": found[second].currency,
        "from_number": first,
        "to_number": second,
        "changes": changes,
        "unchanged": terms.unchanged(changes),
    }


def _files(ad_request_id: str) -> dict[str, dict[str, Any]]:
    rows = files.files_of(FILES, [ad_request_id])[ad_request_id]
    return {row.id: files.describe(row) for row in rows}
