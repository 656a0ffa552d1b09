"""Brands and products of the sponsor."""

from app.api.shared.brands import register
from app.api.sponsor.blueprint import blueprint
from app.core.actor import Role

register(blueprint, Role.SPONSOR)
