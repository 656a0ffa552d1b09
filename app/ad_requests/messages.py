"""Messages between the sides of an agreement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.ad_requests import conversations, turns
from app.ad_requests.events import MessagePosted
from app.ad_requests.facts import tell
from app.ad_requests.models import Message
from app.ad_requests.ownership import FILES, get_for, may_see, party_of
from app.core.actor import Actor
from app.core.errors import Invalid, NotFound, RefusedTransition
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.files import service as files
from app.identity.models import User


def post(
    actor: Actor, *, ad_request_id: str, text: str, file_ids: list[str] | None = None
) -> Message:
    """Write to the other side. Raises NotFound, Invalid, and RefusedTransition once a proposal
    came to nothing."""
    ad_request = get_for(actor, ad_request_id)
    if not turns.may_write(ad_request):
        raise RefusedTransition(
            f"This ad request is {ad_request.status.value}: it takes no more messages.",
            state=ad_request.status.value,
            event="message",
        )
    wanted = list(dict.fromkeys(file_ids or []))
    if not (text or wanted):
        raise Invalid(text="Write something, or give a file.")
    files.attach(actor, file_ids=wanted, subject_type=FILES, subject_id=ad_request.id)
    message = Message(
        ad_request_id=ad_request.id,
        by=party_of(actor),
        author=actor.label,
        text=text,
        file_ids=wanted,
    )
    db.session.add(message)
    db.session.flush()
    # Whoever answers has read what there was.
    conversations.mark_read(actor, ad_request_id=ad_request.id)
    tell(MessagePosted, ad_request, actor, message_id=message.id)
    return message


def page(actor: Actor, ad_request_id: str, request: PageRequest) -> Page[Any]:
    """Rows of (message, author's name), the newest first. Raises NotFound."""
    if not may_see(actor, ad_request_id):
        raise NotFound
    statement: Any = (
        select(Message, User.name)
        .outerjoin(User, User.id == Message.author)
        .where(Message.ad_request_id == ad_request_id)
    )
    return paginate(
        statement,
        request,
        sorts={"created_at": Message.created_at},
        default="-created_at",
        id_column=Message.id,
        scalars=False,
    )
