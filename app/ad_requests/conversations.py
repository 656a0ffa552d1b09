"""Conversations: the agreements of one side that have messages, and what of them is unread.

Each user reads for themselves; unread is what the other sides wrote behind one's own mark.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased

from app.ad_requests import queries, turns
from app.ad_requests.models import AdRequest, Message, MessageMark
from app.ad_requests.ownership import may_see, party_of
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.identity.models import Influencer, Sponsor, User
from app.identity.shown import picture_url

SHOWN_CHARACTERS = 200


def page(actor: Actor, request: PageRequest, *, unread: bool = False) -> Page[dict[str, Any]]:
    """The actor's conversations, the latest message first, in one statement."""
    count = _unread_of(actor)
    statement: Any = (
        select(AdRequest, Message, User.name, Campaign, Sponsor, Influencer, count)
        .select_from(AdRequest)
        .join(Message, Message.id == _last_message())
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .join(Sponsor, Sponsor.id == AdRequest.sponsor_id)
        .join(Influencer, Influencer.id == AdRequest.influencer_id)
        .outerjoin(User, User.id == Message.author)
        .outerjoin(MessageMark, _own_mark(actor))
        .where(*queries.seen_by(actor))
    )
    if unread:
        statement = statement.where(count > 0)
    found = paginate(
        statement,
        request,
        sorts={"last_message_at": Message.created_at},
        default="-last_message_at",
        id_column=Message.id,
        scalars=False,
    )
    side = party_of(actor)
    return Page([_item(row, side.value) for row in found.items], found.next)


def unread_count(actor: Actor) -> int:
    """How many messages the actor has not read, in all conversations."""
    return (
        db.session.scalar(
            select(func.count())
            .select_from(AdRequest)
            .join(Message, Message.ad_request_id == AdRequest.id)
            .outerjoin(MessageMark, _own_mark(actor))
            .where(*queries.seen_by(actor), _is_unread(actor, Message))
        )
        or 0
    )


def mark_read(actor: Actor, *, ad_request_id: str, message_id: str | None = None) -> int:
    """Count the messages up to `message_id`, or all, as read; returns how many are unread in all
    conversations. What was read stays read. Raises NotFound."""
    if not may_see(actor, ad_request_id):
        raise NotFound
    statement = select(func.max(Message.created_at)).where(Message.ad_request_id == ad_request_id)
    if message_id is not None:
        statement = statement.where(Message.id == message_id)
    until = db.session.scalar(statement)
    if until is None and message_id is not None:
        raise NotFound
    if until is not None:
        _put_mark(ad_request_id, actor.label, until)
    return unread_count(actor)


def _put_mark(ad_request_id: str, user_id: str, until: datetime) -> None:
    own = (MessageMark.ad_request_id == ad_request_id, MessageMark.user_id == user_id)
    if db.session.scalar(select(MessageMark.user_id).where(*own)) is None:
        try:
            with db.session.begin_nested():
                db.session.add(
                    MessageMark(ad_request_id=ad_request_id, user_id=user_id, read_until=until)
                )
                db.session.flush()
            return
        except IntegrityError:
            pass  # another tab of the same reader was faster
    db.session.execute(
        update(MessageMark).where(*own, MessageMark.read_until < until).values(read_until=until)
    )


def _last_message() -> ScalarSelect[str]:
    last = aliased(Message)
    return (
        select(last.id)
        .where(last.ad_request_id == AdRequest.id)
        .order_by(last.created_at.desc(), last.id.desc())
        .limit(1)
        .correlate(AdRequest)
        .scalar_subquery()
    )


def _unread_of(actor: Actor) -> ScalarSelect[int]:
    other = aliased(Message)
    return (
        select(func.count())
        .select_from(other)
        .where(other.ad_request_id == AdRequest.id, _is_unread(actor, other))
        .correlate(AdRequest, MessageMark)
        .scalar_subquery()
    )


def _is_unread(actor: Actor, message: Any) -> ColumnElement[bool]:
    unmarked = MessageMark.read_until.is_(None)
    return and_(
        message.by != party_of(actor), or_(unmarked, message.created_at > MessageMark.read_until)
    )


def _own_mark(actor: Actor) -> ColumnElement[bool]:
    return and_(MessageMark.ad_request_id == AdRequest.id, MessageMark.user_id == actor.label)


def _item(row: Any, side: str) -> dict[str, Any]:
    ad_request, message, author_name, campaign, sponsor, influencer, unread = row
    return {
        "id": ad_request.id,
        "status": ad_request.status.value,
        "campaign": {"id": campaign.id, "title": campaign.title},
        "sponsor": {
            "id": sponsor.id,
            "slug": sponsor.slug,
            "name": sponsor.name,
            "logo_url": picture_url(sponsor.logo_file_id),
        },
        "influencer": {
            "id": influencer.id,
            "slug": influencer.slug,
            "name": influencer.name,
            "photo_url": picture_url(influencer.photo_file_id),
        },
        "writable": turns.may_write(ad_request),
        "unread": unread,
        "last_message": {
            "id": message.id,
            "by": message.by.value,
            "mine": message.by.value == side,
            "author_name": author_name,
            "text": message.text[:SHOWN_CHARACTERS],
            "files": len(message.file_ids),
            "created_at": message.created_at,
        },
    }
