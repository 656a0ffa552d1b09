"""Shared reads kept in Redis: keyed by role and user, short-lived, invalidated after commit.

An entry's key holds the generations of its areas; `invalidate(area)` moves one on after the
commit, so that no one reads what was true before it. A cache that is away is a miss.
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
    areas: str | tuple[str, ...],
    actor: Actor,
    arguments: Mapping[str, Any],
    produce: Callable[[], T],
    *,
    seconds: int = LIFETIME_SECONDS,
) -> T:
    """What `produce` returns (plain JSON-like data), kept for this role and user.

    `areas` are the names under which writers invalidate it: everything that it shows a part of.
    """
    try:
        key = _key((areas,) if isinstance(areas, str) else areas, actor, arguments)
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


def _key(areas: tuple[str, ...], actor: Actor, arguments: Mapping[str, Any]) -> str:
    found = cache.get_many(*map(_generation_key, areas))
    generations = ":".join(
        f"{area}:{generation or 0}" for area, generation in zip(areas, found, strict=True)
    )
    who = f"{actor.role.value}:{actor.user_id or '-'}"
    asked = json.dumps(arguments, sort_keys=True, default=str)
    return f"{generations}:{who}:{hashlib.sha256(asked.encode()).hexdigest()}"


def _generation_key(area: str) -> str:
    return f"generation:{area}"
