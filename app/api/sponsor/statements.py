"""The sponsor's wallet statement."""

from __future__ import annotations

from app.api.shared.statements import register
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role

register(bp, Role.SPONSOR)
