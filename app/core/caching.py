"""Shared reads kept in Redis: keyed by role and user, short-lived, invalidated after commit.

An entry's key holds the generations of its areas; `invalidate(area)` moves one on after the
commit, so that no one reads what was true before it. A cache that is away is a miss.

Strangers choose what they ask, so what they fill is bounded: a search by text and a page behind
the first are never kept, and of one area no more than MOST_KEPT entries a minute.
"""

from __future__ import annotations

import hashlib
import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from app.core.actor import Actor
from app.core.extensions import cache
from app.core.transaction import after_commit, in_unit_of_work

log = logging.getLogger(__name__)

T = TypeVar("T")

LIFETIME_SECONDS = 60
MOST_KEPT = 1000


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
    if _is_rare(arguments):
        return produce()
    areas = (areas,) if isinstance(areas, str) else areas
    try:
        key = _key(areas, actor, arguments)
        kept = cache.get(key)
    except Exception as error:
        log.warning("the cache is away: %s", error)
        return produce()
    if kept is not None:
        return kept
    value = produce()
    try:
        if _has_room(areas[0]):
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


def _is_rare(arguments: Mapping[str, Any]) -> bool:
    """Whether hardly anybody will ask the same again: a text, or a page behind the first."""
    page = arguments.get("page")
    cursor = page.get("cursor") if isinstance(page, Mapping) else None
    return bool(arguments.get("q") or arguments.get("cursor") or cursor)


def _has_room(area: str) -> bool:
    key = f"kept:{int(time.time() // 60)}:{area}"
    cache.cache.add(key, 0, timeout=120)
    return (cache.cache.inc(key) or 0) <= MOST_KEPT


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
