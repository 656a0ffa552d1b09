"""The public surface: no sign-in needed."""

from app.api.blueprint import Blueprint
from app.api.limits import limit_public_reads

blueprint = Blueprint("public", __name__, url_prefix="/api/v1", description="Open to anyone.")
blueprint.before_request(limit_public_reads)
