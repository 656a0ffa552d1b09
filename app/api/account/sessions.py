"""Where one is signed in, and signing out there."""

from __future__ import annotations

from typing import Any

from app.api.account.blueprint import blueprint as bp
from app.api.blueprint import commits
from app.api.security import SIGNED_IN, access, current_actor
from app.core.actor import Actor
from app.identity import sessions
from app.identity.models import AuthSession
from app.identity.schemas import SessionList, SessionsEnded


@bp.route("/account/sessions", methods=["GET"])
@access(*SIGNED_IN, own="user", pending=True)
@bp.response(200, SessionList)
def list_sessions() -> dict[str, Any]:
    """Where you are signed in."""
    actor = current_actor()
    return {"items": [_document(actor, row) for row in sessions.open_sessions(actor)]}


@bp.route("/account/sessions/<string:session_id>", methods=["DELETE"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.response(204)
def delete_session(session_id: str) -> None:
    """Sign out there."""
    sessions.sign_out(current_actor(), session_id=session_id)


@bp.route("/account/sessions/end-others", methods=["POST"])
@access(*SIGNED_IN, own="user", pending=True, suspended=True)
@commits
@bp.response(200, SessionsEnded)
def end_other_sessions() -> dict[str, int]:
    """Sign out everywhere but here."""
    actor = current_actor()
    return {"ended": sessions.end_other_sessions(actor.user_id or "", but=actor.session_id)}


def _document(actor: Actor, row: AuthSession) -> dict[str, Any]:
    return {
        "id": row.id,
        "current": row.id == actor.session_id,
        "user_agent": row.user_agent,
        "address": row.address,
        "signed_in_at": row.signed_in_at,
        "last_seen_at": row.last_seen_at,
        "expires_at": row.expires_at,
    }
