"""Conversations of the influencer."""

from __future__ import annotations

from app.api.influencer.blueprint import blueprint
from app.api.shared import conversations
from app.core.actor import Role

conversations.register(blueprint, Role.INFLUENCER)
