"""Invoices and credit notes of the influencer's work."""

from __future__ import annotations

from app.api.influencer.blueprint import blueprint as bp
from app.api.shared.invoices import register
from app.core.actor import Role

register(bp, Role.INFLUENCER)
