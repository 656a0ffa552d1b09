"""What an instance needs to do its work, each checked for real."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import redis
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask, current_app
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import func, select

from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.transaction import unit_of_work
from config import ROOT

OLDEST_DUE = timedelta(minutes=10)
LOOK_SECONDS = 1.0
OVERDUE_SECONDS = 10.0
_OVERDUE = {"name": "checks", "ok": False, "detail": "the checks take too long"}


@dataclass
class _Seen:
    """What an app saw last, and when."""

    guard: threading.Lock = field(default_factory=threading.Lock)
    at: float = 0.0
    checks: list[dict[str, Any]] | None = None


def recent_readiness() -> list[dict[str, Any]]:
    """What `readiness` said within the last second; one thread looks, the others are told."""
    seen: _Seen = current_app.extensions["accord_readiness"]
    if seen.checks is not None and time.monotonic() - seen.at < LOOK_SECONDS:
        return seen.checks
    if not seen.guard.acquire(blocking=seen.checks is None):
        late = time.monotonic() - seen.at > OVERDUE_SECONDS
        return [_OVERDUE] if late else seen.checks or [_OVERDUE]
    try:
        if seen.checks is None or time.monotonic() - seen.at >= LOOK_SECONDS:
            seen.checks = readiness()
            seen.at = time.monotonic()
        return seen.checks
    finally:
        seen.guard.release()


def init_readiness(app: Flask) -> None:
    """Give `app` a memory of what it saw last."""
    app.extensions["accord_readiness"] = _Seen()


def readiness() -> list[dict[str, Any]]:
    """One line a check: name, ok and what is wrong in plain words."""
    return [
        _check("database", _database_writes),
        _check("migrations", _migrations_are_applied),
        _check("broker", _broker_answers),
        _check("jobs", _jobs_are_done_in_time),
    ]


def _check(name: str, check: Callable[[], str]) -> dict[str, Any]:
    try:
        return {"name": name, "ok": True, "detail": check()}
    except Exception as error:
        db.session.rollback()
        return {"name": name, "ok": False, "detail": str(error).splitlines()[0][:200]}


def _database_writes() -> str:
    # An update of no row still takes the write lock.
    unit_of_work(
        lambda: db.session.execute(
            Job.__table__.update().where(Job.id == "").values(progress=0)  # type: ignore[attr-defined]
        )
    )
    return "takes writes"


def migration_state() -> tuple[str | None, str | None]:
    """The revision of the database and the newest one of the code."""
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), _newest()


@cache
def _newest() -> str | None:
    config = Config()
    config.set_main_option("script_location", str(Path(ROOT) / "migrations"))
    return ScriptDirectory.from_config(config).get_current_head()


def _migrations_are_applied() -> str:
    current, head = migration_state()
    if current != head:
        raise RuntimeError(
            f"the database is at {current}, the code at {head}: run flask db upgrade"
        )
    return f"at {head}"


def _broker_answers() -> str:
    url = current_app.config["ACCORD"].redis_url
    at_once = Retry(NoBackoff(), 0)
    with redis.from_url(url, socket_timeout=2, socket_connect_timeout=2, retry=at_once) as client:
        client.ping()
    return "answers"


def _jobs_are_done_in_time() -> str:
    oldest = db.session.scalar(
        select(func.min(Job.run_after)).where(Job.status == JobStatus.QUEUED)
    )
    db.session.rollback()
    if oldest is not None and now() - oldest > OLDEST_DUE:
        raise RuntimeError(
            f"the oldest job waits since {oldest:%Y-%m-%d %H:%M} UTC: is a worker up?"
        )
    return "no job waits too long"
