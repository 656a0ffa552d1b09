"""The figures of published posts, for the influencer."""

from __future__ import annotations

from app.api.influencer.blueprint import blueprint as bp
from app.api.shared import post_figures
from app.core.actor import Role

post_figures.register(bp, Role.INFLUENCER)
