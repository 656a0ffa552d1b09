"""The influencer's earnings statement."""

from __future__ import annotations

from app.api.influencer.blueprint import blueprint as bp
from app.api.shared.statements import register
from app.core.actor import Role

register(bp, Role.INFLUENCER)
