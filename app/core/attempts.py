"""The worker's side of a job: attempts are claimed, held for a while, and ended by who holds them.

Each function runs inside a unit of work. An attempt is counted before the work, so that work that
kills its worker runs out of attempts too.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, update

from app.core.clock import now
from app.core.extensions import db
from app.core.job_rows import Job, JobStatus
from app.core.metrics import count_job
from app.core.statements import changed_rows

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=15)
FIRST_RETRY_SECONDS = 5
LONGEST_RETRY_SECONDS = 3600


def claimable(moment: datetime) -> ColumnElement[bool]:
    """Whether an attempt may begin: the row is due, or its worker went silent."""
    return or_(
        and_(Job.status == JobStatus.QUEUED, Job.run_after <= moment),
        and_(Job.status == JobStatus.RUNNING, Job.lease_until < moment),
    )


def claim(job_id: str, limit_of: Callable[[str], int]) -> tuple[str, dict[str, Any], int] | None:
    """Begin an attempt: the job's name, its arguments and the number of the attempt.

    None where somebody else has it, or where no attempt is left (`limit_of` a name): then the row
    is dead.
    """
    moment = now()
    statement = (
        update(Job)
        .where(Job.id == job_id, claimable(moment))
        .values(status=JobStatus.RUNNING, attempts=Job.attempts + 1, lease_until=moment + LEASE)
        .execution_options(synchronize_session=False)
    )
    if changed_rows(statement) != 1:
        return None
    row = db.session.get_one(Job, job_id)
    limit = limit_of(row.name)
    if row.attempts > limit:
        _bury(row, limit)
        return None
    return row.name, dict(row.args), row.attempts


def _bury(row: Job, limit: int) -> None:
    # A worker that is killed (memory, time limit, crash) reports nothing: only the next claim sees
    # that no attempt is left.
    log.error("job %s (%s) is dead: its worker went silent at attempt %d", row.id, row.name, limit)
    row.status = JobStatus.DEAD
    row.attempts = limit
    row.error = (
        f"The worker went silent at attempt {limit} of {limit}: it was killed, or took longer than"
        f" {LEASE.total_seconds() / 60:.0f} minutes."
    )
    row.lease_until = None
    row.finished_at = now()
    db.session.flush()
    count_job(row.name, "dead")


def held(job_id: str, attempts: int) -> ColumnElement[bool]:
    """Whether the row still belongs to the attempt of this number: each claim counts one up."""
    return and_(Job.id == job_id, Job.status == JobStatus.RUNNING, Job.attempts == attempts)


def _close(job_id: str, attempts: int, **columns: Any) -> None:
    if changed_rows(update(Job).where(held(job_id, attempts)).values(**columns)) != 1:
        log.warning("job %s was taken over from attempt %d; its end is not kept", job_id, attempts)


def finish(job_id: str, attempts: int, result: dict[str, Any] | None) -> None:
    """End an attempt well."""
    _close(
        job_id,
        attempts,
        status=JobStatus.DONE,
        progress=100,
        result=result,
        error=None,
        finished_at=now(),
        lease_until=None,
    )


def fail(job_id: str, attempts: int, limit: int, reason: str) -> None:
    """End an attempt badly: the row waits for the next one, or is dead after the last."""
    delay = min(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), LONGEST_RETRY_SECONDS)
    jittered = delay * random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not a secret
    dead = attempts >= limit
    _close(
        job_id,
        attempts,
        status=JobStatus.DEAD if dead else JobStatus.QUEUED,
        run_after=now() + timedelta(seconds=jittered),
        error=reason[:2000],
        lease_until=None,
        finished_at=now() if dead else None,
    )
