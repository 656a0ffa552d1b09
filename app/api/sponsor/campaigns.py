"""The sponsor's campaigns."""

from __future__ import annotations

from app.api.shared.campaigns import register
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role

register(bp, Role.SPONSOR)
