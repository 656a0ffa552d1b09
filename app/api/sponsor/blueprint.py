"""The sponsor surface."""

from app.api.blueprint import Blueprint

blueprint = Blueprint(
    "sponsor",
    __name__,
    url_prefix="/api/v1/sponsor",
    description="What the role sponsor may ask for.",
)
