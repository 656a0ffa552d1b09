"""The influencer surface."""

from app.api.blueprint import Blueprint

blueprint = Blueprint(
    "influencer",
    __name__,
    url_prefix="/api/v1/influencer",
    description="What the role influencer may ask for.",
)
