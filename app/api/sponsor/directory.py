"""The directory of influencers for sponsors."""

from __future__ import annotations

from app.api.shared.directory import register
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role

register(bp, Role.SPONSOR, path="/influencers")
