"""Conversations of the sponsor."""

from __future__ import annotations

from app.api.shared import conversations
from app.api.sponsor.blueprint import blueprint
from app.core.actor import Role

conversations.register(blueprint, Role.SPONSOR)
