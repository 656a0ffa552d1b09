"""The influencer's own links."""

from app.api.influencer.blueprint import blueprint
from app.api.shared.links import register
from app.core.actor import Role

register(blueprint, Role.INFLUENCER)
