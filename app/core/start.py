"""What production looks at before it serves, beyond its settings: the broker and the schema."""

from __future__ import annotations

import logging

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy.exc import DBAPIError

from app.core.readiness import migration_state
from app.core.settings import settings

log = logging.getLogger(__name__)

_KEEPS_ALL = "noeviction"


def faults_at_start() -> list[str]:
    """What forbids to serve, one line each that says what to do; empty when nothing."""
    return [fault for fault in (_eviction(), _pending_migration()) if fault]


def _eviction() -> str | None:
    """A broker that is short of memory must refuse work, never lose it."""
    at_once = Retry(NoBackoff(), 0)
    try:
        with redis.from_url(
            settings().redis_url, socket_timeout=5, socket_connect_timeout=5, retry=at_once
        ) as client:
            policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    except redis.ResponseError as error:
        log.warning("REDIS_URL does not tell its maxmemory-policy, set noeviction: %s", error)
        return None
    except redis.RedisError as error:
        # Work waits in the database until the broker is back; that is no reason not to serve.
        log.warning("REDIS_URL does not answer: %s", error)
        return None
    if policy in (None, _KEEPS_ALL):
        return None
    return (
        f"REDIS_URL is a server that drops keys (maxmemory-policy {policy}): "
        f"set it to {_KEEPS_ALL} there, and CACHE_URL to one that may drop."
    )


def _pending_migration() -> str | None:
    try:
        current, head = migration_state()
    except DBAPIError:
        log.exception("the database does not answer")
        return "DATABASE_URL is a database that does not answer: start it, or set another."
    if current == head:
        return None
    return (
        f"DATABASE_URL is a database at migration {current}, this code is at {head}: "
        "run flask --app app db upgrade with the newest code."
    )
