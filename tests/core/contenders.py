"""What other processes do in the tests of core (see `tests.services.contender`)."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import select

from app.core import jobs
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.options import OptionValue
from app.core.transaction import unit_of_work
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from tests.services.processes import wait_until


def increment(name: str) -> int:
    """Read a number under its lock, and write the next one."""

    def work() -> int:
        row = db.session.scalars(
            select(OptionValue).where(OptionValue.name == name).with_for_update()
        ).one()
        row.value = row.value + 1
        db.session.flush()
        number: int = row.value
        return number

    return unit_of_work(work)


def cross(first: str, second: str, folder: str) -> int:
    """Change two rows, one after the other; gives how often the unit was run.

    Where two can hold locks at once, the second row waits until the other process holds it.
    """
    runs = 0

    def work() -> None:
        nonlocal runs
        runs += 1
        for name in (first, second):
            row = db.session.scalars(
                select(OptionValue).where(OptionValue.name == name).with_for_update()
            ).one()
            row.value = row.value + 1
            db.session.flush()
            if db.engine.dialect.name == "postgresql":
                Path(folder, name).touch()
                wait_until(lambda: Path(folder, second).exists(), "the other process")

    unit_of_work(work)
    return runs


def suspend(user_id: str) -> str:
    """Move a user without a lock, so that only the comparison decides."""

    def work() -> str:
        user = db.session.get_one(User, user_id)
        return USER.move(user, SYSTEM, UserEvent.SUSPEND).value

    return unit_of_work(work)


def run_job(job_id: str) -> bool:
    """Try to do the work of a row."""
    return jobs.run_job(job_id)


def run_scheduled(name: str, seconds: int) -> bool:
    """Try to open the window of a scheduled job."""
    return jobs.run_scheduled(name, timedelta(seconds=seconds))


def post(path: str, body: dict[str, Any], headers: dict[str, str]) -> dict[str, Any]:
    """Send a request; gives its status and what makes answers comparable."""
    answer = current_app.test_client().post(path, json=body, headers=headers)
    return {
        "status": answer.status_code,
        "body": answer.get_json(),
        "location": answer.headers.get("Location"),
        "replayed": answer.headers.get("Idempotent-Replayed") == "true",
    }
