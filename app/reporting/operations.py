"""The work behind the platform: jobs, dead letters, and what runs on a schedule."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, func, select

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound, RefusedTransition
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, JobWindow, Scheduled, replay


def jobs(
    *,
    status: JobStatus | None = None,
    name: str | None = None,
    queue: str | None = None,
    requested_by: str | None = None,
) -> Select[Job]:
    """Jobs that match every given filter."""
    statement = select(Job)
    if status is not None:
        statement = statement.where(Job.status == status)
    if name is not None:
        statement = statement.where(Job.name == name)
    if queue is not None:
        statement = statement.where(Job.queue == queue)
    if requested_by is not None:
        statement = statement.where(Job.requested_by == requested_by)
    return statement


def replay_job(actor: Actor, *, job_id: str) -> Job:
    """Give a dead job all its attempts again. Raises NotFound, RefusedTransition."""
    job = db.session.scalar(select(Job).where(Job.id == job_id).with_for_update())
    if job is None:
        raise NotFound
    if job.status is not JobStatus.DEAD:
        raise RefusedTransition(
            f"This job is {job.status.value}: only dead ones are run again.",
            state=job.status.value,
            event="replay",
        )
    replay(job)
    record(actor, "job.replayed", subject_type="job", subject_id=job.id, name=job.name)
    return job


def scheduled(table: Iterable[Scheduled]) -> list[dict[str, Any]]:
    """Every line of the beat table with the start of its last window."""
    last = dict(
        db.session.execute(
            select(JobWindow.job, func.max(JobWindow.at)).group_by(JobWindow.job)
        ).all()
    )
    return [
        {
            "job": line.job,
            "every_seconds": int(line.every.total_seconds()),
            "purpose": line.purpose,
            "last_window_at": last.get(line.job),
        }
        for line in table
    ]


def health() -> dict[str, Any]:
    """How many jobs wait, run and are dead, and since when the oldest that is due waits."""
    counts: dict[JobStatus, int] = dict(
        db.session.execute(
            select(Job.status, func.count())
            .where(Job.status != JobStatus.DONE)
            .group_by(Job.status)
        ).all()
    )
    oldest = db.session.scalar(
        select(func.min(Job.run_after)).where(
            Job.status == JobStatus.QUEUED, Job.run_after <= now()
        )
    )
    return {
        "queued": counts.get(JobStatus.QUEUED, 0),
        "running": counts.get(JobStatus.RUNNING, 0),
        "dead": counts.get(JobStatus.DEAD, 0),
        "oldest_queued_at": oldest,
    }
