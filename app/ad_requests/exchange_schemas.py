"""What goes out of what the sides say to each other, and of the steps they took."""

from __future__ import annotations

from marshmallow import fields

from app.ad_requests.inputs import STATUS
from app.ad_requests.wire_fields import required_files, required_moment, required_text
from app.core.schemas import Output, page_of


class MessageRead(Output):
    """A message."""

    id = required_text()
    by = required_text()
    mine = fields.Boolean(required=True, metadata={"description": "Of the reader's own side."})
    author_name = required_text(null=True)
    text = required_text()
    files = required_files()
    created_at = required_moment()


class ConversationParty(Output):
    """A side of a conversation; sponsors have a logo, influencers a photo."""

    id = required_text()
    slug = required_text()
    name = required_text()


class ConversationSponsor(ConversationParty):
    """The paying side."""

    logo_url = required_text(null=True)


class ConversationInfluencer(ConversationParty):
    """The publishing side."""

    photo_url = required_text(null=True)


class ConversationCampaign(Output):
    """What the conversation is about."""

    id = required_text()
    title = required_text()


class LastMessage(Output):
    """The beginning of the latest message, and how many files hang on it."""

    id = required_text()
    by = required_text()
    mine = fields.Boolean(required=True, metadata={"description": "Of the reader's own side."})
    author_name = required_text(null=True)
    text = required_text()
    files = fields.Integer(required=True)
    created_at = required_moment()


class ConversationRead(Output):
    """An ad request with messages; `id` is that of the ad request."""

    id = required_text()
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

    at = required_moment()
    subject = required_text()
    subject_id = required_text()
    event = required_text()
    before = required_text()
    after = required_text()
    by = required_text()
    actor_name = required_text(null=True)
    note = required_text(null=True)


MessagePage = page_of(MessageRead)
HistoryPage = page_of(HistoryRead)
