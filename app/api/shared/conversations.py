"""Conversations of both sides: the list, and marking messages as read."""

from __future__ import annotations

from typing import Any

from app.ad_requests import conversations, service
from app.ad_requests.exchange_schemas import ConversationPage, MessagesMarked
from app.ad_requests.inputs import ConversationQuery, MessagesReadInput
from app.api.blueprint import Blueprint, commits
from app.api.security import access, current_actor
from app.core.actor import Role


def register(bp: Blueprint, role: Role) -> None:
    """Put conversations on the surface of `role`."""

    @bp.route("/conversations", methods=["GET"])
    @access(role, own="party")
    @bp.arguments(ConversationQuery, location="query")
    @bp.response(200, ConversationPage)
    def list_conversations(query: dict[str, Any]) -> dict[str, Any]:
        """Ad requests with messages, the latest message first, with how many are unread."""
        actor = current_actor()
        page = conversations.page(actor, query["page"], unread=query["unread"])
        return {
            "items": page.items,
            "next": page.next,
            "unread": conversations.unread_count(actor),
        }

    @bp.route("/ad-requests/<string:ad_request_id>/messages/read", methods=["POST"])
    @access(role, own="party", suspended=True)
    @commits
    @bp.arguments(MessagesReadInput)
    @bp.response(200, MessagesMarked)
    def mark_messages_read(values: dict[str, Any], ad_request_id: str) -> dict[str, int]:
        """Mark messages as read, for the caller alone."""
        actor = current_actor()
        return {"unread": service.mark_read(actor, ad_request_id=ad_request_id, **values)}
