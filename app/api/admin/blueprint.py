"""The admin surface."""

from app.api.blueprint import Blueprint

blueprint = Blueprint(
    "admin", __name__, url_prefix="/api/v1/admin", description="What the role admin may ask for."
)
