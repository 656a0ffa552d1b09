"""The surface of any signed-in user."""

from app.api.blueprint import Blueprint

blueprint = Blueprint(
    "account", __name__, url_prefix="/api/v1", description="For any signed-in user."
)
