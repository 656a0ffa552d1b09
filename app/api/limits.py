"""Whom a rate limit counts: the account that is named or signed in, beside the address; and the
limit of what strangers read."""

from __future__ import annotations

import hashlib
import logging
import time

from flask import Response, request
from limits import RateLimitItemPerMinute

from app.api.security import current_actor
from app.core.addresses import place
from app.core.errors import TooMany
from app.core.extensions import limiter
from app.core.settings import settings

log = logging.getLogger(__name__)

# A file reads a whole list, so one account gets fewer of them than of pages.
EXPORTS = "30 per minute"
# What reaches somebody else, by mail or by a look at their server; each user by themselves.
PROPOSALS = "120 per hour; 600 per day"
MESSAGES = "60 per minute; 600 per hour"
PUBLICATIONS = "60 per hour; 300 per day"
CHECKS = "30 per hour"
PICTURES_OF_A_READ = 10
_PICTURES = "public.read_public_file"


def by_email() -> str:
    """The account that the body names, known or not; without one the address."""
    body = request.get_json(silent=True)
    email = body.get("email") if isinstance(body, dict) else None
    if not isinstance(email, str) or not email.strip():
        return f"address:{place()}"
    name = email.strip().lower().encode("utf-8", "replace")
    return f"account:{hashlib.sha256(name).hexdigest()[:32]}"


def by_email_and_address() -> str:
    """The account that the body names, as somebody at this address tries it."""
    return f"{by_email()} from {place()}"


def by_actor() -> str:
    """The signed-in user (below `access`); without one the address."""
    return current_actor().user_id or f"address:{place()}"


def by_shop() -> str:
    """The sponsor whose shop the path names."""
    return f"shop:{(request.view_args or {}).get('sponsor_id', '')[:40]}"


def by_shop_and_address() -> str:
    """The sponsor whose shop the path names, as somebody at this address speaks for it: shop
    systems speak for many from one address."""
    return f"{by_shop()} from {place()}"


def was_refused(response: Response) -> bool:
    """Whether the sign-in failed: only failures count, so that many right ones pass."""
    return response.status_code == 401


def limit_public_reads() -> None:
    """Before a view of the public surface: so many reads a minute for each address, over all
    lists and profiles together. Raises TooMany.

    Pictures are counted by themselves, since a page shows dozens.
    """
    if request.method not in ("GET", "HEAD") or not limiter.enabled:
        return
    pictures = request.endpoint == _PICTURES
    most = settings().public_reads_per_minute * (PICTURES_OF_A_READ if pictures else 1)
    rate, counted = RateLimitItemPerMinute(most), (place(), "pictures" if pictures else "reads")
    try:
        if limiter.limiter.hit(rate, *counted):
            return
        free_at = limiter.limiter.get_window_stats(rate, *counted).reset_time
    except Exception as error:
        log.warning("public reads are not counted: %s", error)
        return
    raise TooMany(
        "Too many reads from your address. Wait a moment, then go on.",
        headers={"Retry-After": str(max(1, round(free_at - time.time())))},
    )
