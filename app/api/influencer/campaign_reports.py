"""The reports of campaigns, for the influencer."""

from __future__ import annotations

from app.api.influencer.blueprint import blueprint as bp
from app.api.shared.campaign_reports import register
from app.core.actor import Role

register(bp, Role.INFLUENCER)
