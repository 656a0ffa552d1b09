"""How often a server that others name is asked, over all workers together."""

from __future__ import annotations

import logging
from urllib.parse import urlsplit

from limits import RateLimitItemPerMinute

from app.core.extensions import limiter

log = logging.getLogger(__name__)

MOST_A_MINUTE = 30


def may_ask(url: str) -> bool:
    """Count one request to the host of `url`; False when it had its share of this minute.

    Without a limiter, or while its store is away, everything may be asked: what asks is bounded
    by user as well.
    """
    if not limiter.enabled:
        return True
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return limiter.limiter.hit(RateLimitItemPerMinute(MOST_A_MINUTE), "host", host)
    except Exception as error:
        log.warning("requests to hosts are not counted: %s", error)
        return True
