"""The signed-in user."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.security import SIGNED_IN, access, current_actor
from app.identity import service
from app.identity.schemas import MeRead


@bp.route("/me", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, MeRead)
def read_me() -> dict[str, Any]:
    """Who is signed in."""
    return service.describe(service.me(current_actor()))
