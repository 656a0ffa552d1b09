"""The public surface: no sign-in needed."""

from app.api.blueprint import Blueprint

blueprint = Blueprint("public", __name__, url_prefix="/api/v1", description="Open to anyone.")
