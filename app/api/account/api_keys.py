"""Keys for scripts."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits, commits_itself
from app.api.limits import by_actor
from app.api.security import SIGNED_IN, access, current_actor
from app.core.extensions import limiter
from app.core.transaction import unit_of_work
from app.identity import api_keys
from app.identity.schemas import ApiKeyCreate, ApiKeyList, ApiKeyMadeRead


@bp.route("/account/api-keys", methods=["GET"])
@access(*SIGNED_IN, own="user")
@bp.response(200, ApiKeyList)
def list_api_keys() -> dict[str, Any]:
    """Your keys."""
    return {"items": api_keys.keys_of(current_actor())}


# Opens its unit itself: the key is in the answer, and answers of `commits` may be kept.
@bp.route("/account/api-keys", methods=["POST"])
@access(*SIGNED_IN, own="user", fresh=True)
@limiter.limit("20 per minute", key_func=by_actor)
@commits_itself
@bp.arguments(ApiKeyCreate)
@bp.response(201, ApiKeyMadeRead)
def create_api_key(values: dict[str, Any]) -> Any:
    """Make a key. It is shown this one time."""
    actor = current_actor()
    row, key = unit_of_work(lambda: api_keys.create(actor, **values))
    headers = {
        "Location": f"/api/v1/account/api-keys/{row.id}",
        "Cache-Control": "no-store",
    }
    shown = {
        "id": row.id,
        "name": row.name,
        "hint": row.hint,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "last_used_at": row.last_used_at,
        "expires_at": row.expires_at,
        "key": key,
    }
    return shown, 201, headers


@bp.route("/account/api-keys/<string:key_id>", methods=["DELETE"])
@access(*SIGNED_IN, own="user", suspended=True)
@commits
@bp.response(204)
def revoke_api_key(key_id: str) -> None:
    """Revoke a key at once."""
    api_keys.revoke(current_actor(), key_id=key_id)
