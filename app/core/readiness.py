"""What an instance needs to do its work, each checked for real."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import redis
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import func, select

from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.transaction import unit_of_work
from config import ROOT

OLDEST_DUE = timedelta(minutes=10)


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
    config = Config()
    config.set_main_option("script_location", str(Path(ROOT) / "migrations"))
    head = ScriptDirectory.from_config(config).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), head


def _migrations_are_applied() -> str:
    current, head = migration_state()
    if current != head:
        raise RuntimeError(
            f"the database is at {current}, the code at {head}: run flask db upgrade"
        )
    return f"at {head}"


def _broker_answers() -> str:
    url = current_app.config["ACCORD"].redis_url
    with redis.from_url(url, socket_timeout=2, socket_connect_timeout=2) as client:
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
