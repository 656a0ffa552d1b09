"""Shared reads kept in Redis: keyed by role and user, short-lived, invalidated after commit.

An entry's key holds the generation of its area; `invalidate(area)` moves the generation on after
the commit, so that no one reads what was true before it. A cache that is away is a miss.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.core.actor import Actor
from app.core.extensions import cache
from app.core.transaction import after_commit, in_unit_of_work

log = logging.getLogger(__name__)

T = TypeVar("T")

LIFETIME_SECONDS = 60


def cached(
    area: str,
    actor: Actor,
    arguments: Mapping[str, Any],
    produce: Callable[[], T],
    *,
    seconds: int = LIFETIME_SECONDS,
) -> T:
    """What `produce` returns (plain JSON-like data), kept for this role and user.

    `area` is the name under which writers invalidate it.
    """
    try:
        key = _key(area, actor, arguments)
        kept = cache.get(key)
    except Exception as error:
        log.warning("the cache is away: %s", error)
        return produce()
    if kept is not None:
        return kept
    value = produce()
    try:
        cache.set(key, value, timeout=seconds)
    except Exception as error:
        log.warning("the cache is away: %s", error)
    return value


def invalidate(*areas: str) -> None:
    """Forget every entry of `areas`, once the open unit of work has committed."""

    def forget() -> None:
        for area in areas:
            try:
                cache.cache.inc(_generation_key(area))
            except Exception as error:
                log.warning("the cache is away: %s", error)

    if in_unit_of_work():
        after_commit(forget)
    else:
        forget()


def _key(area: str, actor: Actor, arguments: Mapping[str, Any]) -> str:
    generation = cache.get(_generation_key(area)) or 0
    who = f"{actor.role.value}:{actor.user_id or '-'}"
    asked = json.dumps(arguments, sort_keys=True, default=str)
    return f"{area}:{generation}:{who}:{hashlib.sha256(asked.encode()).hexdigest()}"


def _generation_key(area: str) -> str:
    return f"generation:{area}"
