"""What goes out of what the sides say to each other, and of the steps they took."""

from __future__ import annotations

from marshmallow import fields

from app.ad_requests.inputs import STATUS
from app.core.schemas import Output, page_of
from app.files.schemas import FileRead


def _text(*, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null)


def _moment(*, null: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=null)


def _files() -> fields.List:
    return fields.List(fields.Nested(FileRead), required=True)


class MessageRead(Output):
    """A message."""

    id = _text()
    by = _text()
    mine = fields.Boolean(required=True, metadata={"description": "Of the reader's own side."})
    author_name = _text(null=True)
    text = _text()
    files = _files()
    created_at = _moment()


class ConversationParty(Output):
    """A side of a conversation; sponsors have a logo, influencers a photo."""

    id = _text()
    slug = _text()
    name = _text()


class ConversationSponsor(ConversationParty):
    """The paying side."""

    logo_url = _text(null=True)


class ConversationInfluencer(ConversationParty):
    """The publishing side."""

    photo_url = _text(null=True)


class ConversationCampaign(Output):
    """What the conversation is about."""

    id = _text()
    title = _text()


class LastMessage(Output):
    """The beginning of the latest message, and how many files hang on it."""

    id = _text()
    by = _text()
    mine = fields.Boolean(required=True, metadata={"description": "Of the reader's own side."})
    author_name = _text(null=True)
    text = _text()
    files = fields.Integer(required=True)
    created_at = _moment()


class ConversationRead(Output):
    """An ad request with messages; `id` is that of the ad request."""

    id = _text()
    status = fields.String(required=True, validate=STATUS)
    campaign = fields.Nested(ConversationCampaign, required=True)
    sponsor = fields.Nested(ConversationSponsor, required=True)
    influencer = fields.Nested(ConversationInfluencer, required=True)
    writable = fields.Boolean(required=True)
    unread = fields.Integer(required=True)
    last_message = fields.Nested(LastMessage, required=True)


ConversationPage = page_of(
    ConversationRead,
    "A page of conversations; `unread` counts the unread messages of all.",
    unread=fields.Integer(required=True),
)


class MessagesMarked(Output):
    """How many messages are still unread, in all conversations."""

    unread = fields.Integer(required=True)


class HistoryRead(Output):
    """A step of an ad request or of one of its deliverables."""

    at = _moment()
    subject = _text()
    subject_id = _text()
    event = _text()
    before = _text()
    after = _text()
    by = _text()
    actor_name = _text(null=True)
    note = _text(null=True)


MessagePage = page_of(MessageRead)
HistoryPage = page_of(HistoryRead)
