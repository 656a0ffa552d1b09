"""Whom a rate limit counts: the account that is named or signed in, beside the address."""

from __future__ import annotations

import hashlib

from flask import Response, request
from flask_limiter.util import get_remote_address

from app.api.security import current_actor

# A file reads a whole list, so one account gets fewer of them than of pages.
EXPORTS = "30 per minute"


def by_email() -> str:
    """The account that the body names, known or not; without one the address."""
    body = request.get_json(silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    if not isinstance(email, str) or not email.strip():
        return f"address:{get_remote_address()}"
    name = email.strip().lower().encode("utf-8", "replace")
    return f"account:{hashlib.sha256(name).hexdigest()[:32]}"


def by_actor() -> str:
    """The signed-in user (below `access`); without one the address."""
    return current_actor().user_id or f"address:{get_remote_address()}"


def was_refused(response: Response) -> bool:
    """Whether the sign-in failed: only failures count, so that many right ones pass."""
    return response.status_code == 401
