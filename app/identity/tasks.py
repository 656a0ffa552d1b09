"""Jobs of identity."""

from __future__ import annotations

from app.core.jobs import job
from app.identity import sessions


@job("identity.forget_ended")
def forget_ended() -> dict[str, int]:
    """Drop sign-ins that ended a month ago, and invitations that nobody took."""
    return {"dropped": sessions.forget_ended()}
