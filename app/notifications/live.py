"""What an open page hears at once. Redis carries the sound; the inbox keeps what matters.

A sound that is lost does no harm: streams look at the tables every few seconds anyway.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.core.settings import settings
from app.core.transaction import after_commit, in_unit_of_work

log = logging.getLogger(__name__)

_PREFIX = "accord:live:"


def push(user_ids: Collection[str], event: str, data: Mapping[str, Any]) -> None:
    """Let the open pages of the users hear `event` with `data`, once the open unit committed."""
    targets = sorted({user_id for user_id in user_ids if user_id})
    if not targets:
        return
    sound = json.dumps({"event": event, "data": data}, default=str)

    def ring() -> None:
        try:
            with client().pipeline(transaction=False) as pipe:
                for user_id in targets:
                    pipe.publish(_PREFIX + user_id, sound)
                pipe.execute()
        except redis.RedisError as error:
            log.warning("nobody hears %s at once: %s", event, error)

    if in_unit_of_work():
        after_commit(ring)
    else:
        ring()


class Listener:
    """Hears what is pushed to one user. Without Redis it hears nothing, but waits as long."""

    def __init__(self, user_id: str) -> None:
        self._sounds: redis.client.PubSub | None = None
        try:
            self._sounds = client().pubsub(ignore_subscribe_messages=True)
            self._sounds.subscribe(_PREFIX + user_id)
        except redis.RedisError as error:
            log.warning("live events are away: %s", error)
            self.close()

    @property
    def hears(self) -> bool:
        """Whether sounds come through."""
        return self._sounds is not None

    def wait(self, seconds: float) -> tuple[str, dict[str, Any]] | None:
        """The next sound as `(event, data)`, or None when there was none within `seconds`."""
        if self._sounds is None:
            raise RuntimeError("nothing can be heard")
        try:
            message = self._sounds.get_message(timeout=seconds)
        except redis.RedisError as error:
            log.warning("live events are away: %s", error)
            self.close()
            return None
        if message is None or message.get("type") != "message":
            return None
        sound = json.loads(message["data"])
        return str(sound["event"]), dict(sound["data"])

    def close(self) -> None:
        """Stop listening."""
        sounds, self._sounds = self._sounds, None
        if sounds is not None:
            try:
                sounds.close()
            except redis.RedisError:
                pass


def client() -> redis.Redis:
    """The client of this process for the settings' server."""
    return _client(settings().redis_url)


@lru_cache(maxsize=8)
def _client(url: str) -> redis.Redis:
    # Once more, for a connection that the server closed; a server that is away is not waited for.
    once_more = Retry(NoBackoff(), 1)
    return redis.Redis.from_url(url, socket_connect_timeout=2, socket_timeout=5, retry=once_more)
