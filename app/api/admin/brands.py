"""Brands and products of all sponsors."""

from app.api.admin.blueprint import blueprint
from app.api.shared.brands import register
from app.core.actor import Role

register(blueprint, Role.ADMIN)
