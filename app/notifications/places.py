"""Places of live streams: how many a process has, and how many of them one user may hold.

A process counts its own. Redis counts a user's over all processes, each with an end that the stream
moves on, so that a killed process gives its places back; without Redis the process alone counts.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections import Counter

import redis

from app.core.errors import TooMany, Unavailable
from app.core.metrics import STREAMS
from app.core.settings import settings
from app.notifications import live

log = logging.getLogger(__name__)

MOST_OF_A_USER = 2
RETRY_SECONDS = 5
LEASE_SECONDS = 45

_PREFIX = "accord:streams:"
# Looks and takes in one step: two tabs that come at once cannot both get the last place.
_TAKE = """
redis.call("zremrangebyscore", KEYS[1], "-inf", ARGV[1])
if redis.call("zcard", KEYS[1]) >= tonumber(ARGV[3]) then return 0 end
redis.call("zadd", KEYS[1], ARGV[1] + ARGV[2], ARGV[4])
redis.call("expire", KEYS[1], ARGV[2])
return 1
"""

_held: Counter[str] = Counter()
_guard = threading.RLock()


class Place:
    """What an open stream holds: `keep` it every few seconds, `free` it once."""

    def __init__(self, user_id: str) -> None:
        self.user_id = user_id
        self._name = secrets.token_hex(8)

    def keep(self) -> None:
        """Say that the stream is still open."""
        key = _PREFIX + self.user_id
        try:
            with live.client().pipeline(transaction=False) as pipe:
                pipe.zadd(key, {self._name: time.time() + LEASE_SECONDS})
                pipe.expire(key, LEASE_SECONDS)
                pipe.execute()
        except redis.RedisError as error:
            log.warning("streams are counted by process: %s", error)

    def free(self) -> None:
        """Give the place to others."""
        _count(self.user_id, -1)
        try:
            live.client().zrem(_PREFIX + self.user_id, self._name)
        except redis.RedisError as error:
            log.warning("a place is free when its time is over: %s", error)

    def taken_everywhere(self) -> bool:
        """Take the place among all processes; False when the user has none left."""
        words = (time.time(), LEASE_SECONDS, MOST_OF_A_USER, self._name)
        try:
            taken = live.client().eval(_TAKE, 1, _PREFIX + self.user_id, *map(str, words))
        except redis.RedisError as error:
            log.warning("streams are counted by process: %s", error)
            return True
        return bool(taken)


def take(user_id: str) -> Place:
    """A place for one stream. Raises Unavailable when this process has none left, TooMany when
    the user holds as many as anyone may."""
    most = max(1, settings().web_threads // 2)
    later = {"Retry-After": str(RETRY_SECONDS)}
    with _guard:
        if _held.total() >= most:
            raise Unavailable(
                "Too many pages listen at the moment. Ask for the list instead.", headers=later
            )
        alone = _held[user_id] < MOST_OF_A_USER
        if alone:
            _count(user_id, 1)
    if alone:
        place = Place(user_id)
        if place.taken_everywhere():
            return place
        _count(user_id, -1)
    raise TooMany(
        f"Your account listens in {MOST_OF_A_USER} pages already. Ask for the list instead.",
        headers=later,
    )


def held() -> int:
    """How many streams this process has open."""
    with _guard:
        return _held.total()


def _count(user_id: str, by: int) -> None:
    with _guard:
        _held[user_id] += by
        if not _held[user_id]:
            del _held[user_id]
        STREAMS.set(_held.total())
