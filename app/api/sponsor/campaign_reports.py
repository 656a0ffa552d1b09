"""The reports of campaigns, for the sponsor."""

from __future__ import annotations

from app.api.shared.campaign_reports import register
from app.api.sponsor.blueprint import blueprint as bp
from app.core.actor import Role

register(bp, Role.SPONSOR)
