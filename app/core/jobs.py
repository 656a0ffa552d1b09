"""Work that outlives a request. The broker is a doorbell; the work is a row.

`enqueue` writes the row in the open unit of work and rings after the commit. A lost or doubled
ring does no harm: a sweep rings again for what is due, and a run first claims its row. Attempts
are counted and committed before the work; a row that exhausts them is dead and stays visible.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from celery import Celery
from flask import Flask
from sqlalchemy import JSON, CheckConstraint, Index, String, Text, and_, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.extensions import db
from app.core.metrics import count_job
from app.core.models import Base, UtcDateTime, choice, id_column
from app.core.retention import BATCH, drop
from app.core.statements import changed_rows
from app.core.transaction import after_commit, unit_of_work
from config import Settings, celery_url

log = logging.getLogger(__name__)

celery_app = Celery("accord")

QUEUES = ("default", "mail", "deadlines", "exports", "scoring")
LEASE = timedelta(minutes=15)
MAX_ATTEMPTS = 8
FIRST_RETRY_SECONDS = 5
LONGEST_RETRY_SECONDS = 3600
DONE_KEPT = timedelta(days=7)
# Longer than any line of the schedule is: a window that is still open must not be forgotten.
WINDOWS_KEPT = timedelta(days=2)


class JobStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    DEAD = "dead"


class Job(Base):
    """One piece of work and what became of it."""

    __tablename__ = "jobs"
    __table_args__ = (
        CheckConstraint("progress BETWEEN 0 AND 100", name="progress_percent"),
        Index(None, "status", "run_after"),
        Index(None, "status", "created_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "requested_by", "id"),
    )

    id: Mapped[str] = id_column("job")
    name: Mapped[str] = mapped_column(String(80))
    queue: Mapped[str] = mapped_column(String(24))
    args: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    status: Mapped[JobStatus] = mapped_column(choice(JobStatus), default=JobStatus.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    run_after: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    progress: Mapped[int] = mapped_column(default=0)
    doing: Mapped[str | None] = mapped_column(String(200))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    error: Mapped[str | None] = mapped_column(Text)
    requested_by: Mapped[str] = mapped_column(String(32))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JobWindow(Base):
    """A scheduled job runs once per window, whoever rings and however often."""

    __tablename__ = "job_windows"

    job: Mapped[str] = mapped_column(String(80), primary_key=True)
    window: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


@dataclass(frozen=True)
class JobSpec:
    """A kind of work: its stable name, queue and the function that does it."""

    name: str
    queue: str
    run: Callable[..., Mapping[str, Any] | None]
    max_attempts: int = MAX_ATTEMPTS


@dataclass(frozen=True)
class Scheduled:
    """A line of the beat table: every `every` run `job`; `purpose` says what for."""

    job: str
    every: timedelta
    purpose: str


_specs: dict[str, JobSpec] = {}
# The job that this context works on, and the number of its attempt.
_running: ContextVar[tuple[str, int] | None] = ContextVar("running_job", default=None)


def job(
    name: str, *, queue: str = "default", max_attempts: int = MAX_ATTEMPTS
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Register a function as the work named `name`. It takes ids only and is safe to run twice."""
    if queue not in QUEUES:
        raise ValueError(f"{queue} is no queue; the queues are {', '.join(QUEUES)}")

    def register(function: Callable[..., Any]) -> Callable[..., Any]:
        _specs[name] = JobSpec(name, queue, function, max_attempts)
        return function

    return register


def enqueue(
    name: str, *, by: Actor = SYSTEM, run_after: datetime | None = None, **args: Any
) -> Job:
    """Ask for work inside the open unit of work; it is rung for after the commit."""
    spec = _specs[name]
    row = Job(
        name=name,
        queue=spec.queue,
        args=args,
        requested_by=by.label,
        run_after=run_after or now(),
    )
    db.session.add(row)
    db.session.flush()
    if row.run_after <= now():
        after_commit(lambda: ring(row.id, row.queue))
    return row


def ring(job_id: str, queue: str) -> None:
    """Tell a worker that a row waits. A broker that is away is logged; the sweep rings again."""
    try:
        celery_app.send_task("accord.run_job", args=[job_id], queue=queue, retry=False)
    except Exception as error:
        log.warning("the broker did not take the ring for %s: %s", job_id, error)


def run_job(job_id: str) -> bool:
    """Claim and do the work of a row; returns False when there was nothing to claim."""
    claimed = unit_of_work(lambda: _claim(job_id))
    if claimed is None:
        return False
    name, args, attempts = claimed
    spec = _specs.get(name)
    token = _running.set((job_id, attempts))
    try:
        if spec is None:
            raise LookupError(f"no work is registered under {name}")
        result = spec.run(**args)
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %d", job_id, name, attempts)
        reason = f"{type(error).__name__}: {error}"
        unit_of_work(lambda: _failed(job_id, attempts, _limit(name), reason))
        count_job(name, "dead" if attempts >= _limit(name) else "failed")
    else:
        unit_of_work(lambda: _finished(job_id, attempts, dict(result) if result else None))
        count_job(name, "done")
    finally:
        _running.reset(token)
    return True


def report_progress(job_id: str, percent: int, doing: str | None = None) -> None:
    """Say how far a job is; shown to whoever asked for it. A worker that was taken over from
    changes nothing."""
    running = _running.get()
    mine = Job.id == job_id
    if running is not None and running[0] == job_id:
        mine = _held(job_id, running[1])
    unit_of_work(
        lambda: db.session.execute(
            update(Job)
            .where(mine)
            .values(progress=max(0, min(percent, 100)), doing=doing, lease_until=now() + LEASE)
        )
    )


def replay(job: Job) -> None:
    """Give a dead job its attempts back and ring for it (inside a unit of work)."""
    job.status = JobStatus.QUEUED
    job.attempts = 0
    job.run_after = now()
    job.error = None
    db.session.flush()
    after_commit(lambda: ring(job.id, job.queue))


def sweep(batch: int = 500) -> int:
    """Ring again for every row that is due or whose worker went silent; returns how many."""
    moment = now()
    due = db.session.execute(
        select(Job.id, Job.queue).where(_claimable(moment)).order_by(Job.run_after).limit(batch)
    ).all()
    db.session.rollback()
    for job_id, queue in due:
        ring(job_id, queue)
    return len(due)


def run_scheduled(name: str, every: timedelta) -> bool:
    """Enqueue a scheduled job, once per window of length `every`."""
    window = int(now().timestamp() // every.total_seconds())

    def open_window() -> bool:
        db.session.add(JobWindow(job=name, window=str(window)))
        db.session.flush()
        enqueue(name)
        return True

    try:
        return unit_of_work(open_window)
    except IntegrityError:
        return False


def forget_done(batch: int = BATCH) -> int:
    """Drop windows and work that was done, both after their time (opens its own units); returns
    how many rows went. Dead work stays."""
    moment = now()
    done_long_ago = and_(
        Job.status == JobStatus.DONE,
        # The index is by the creation; what was done only lately stays for those who wait for it.
        Job.created_at < moment - DONE_KEPT,
        Job.finished_at < moment - DONE_KEPT,
    )
    return drop(Job, done_long_ago, batch) + drop(
        JobWindow, JobWindow.at < moment - WINDOWS_KEPT, batch
    )


def init_celery(app: Flask, settings: Settings, schedule: tuple[Scheduled, ...]) -> Celery:
    """Bind the Celery app to `app` and give beat its table."""
    url = celery_url(settings.redis_url)
    celery_app.conf.update(
        broker_url=url,
        task_serializer="json",
        accept_content=["json"],
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        task_default_queue="default",
        task_create_missing_queues=True,
        task_time_limit=int(LEASE.total_seconds()),
        task_soft_time_limit=int(LEASE.total_seconds()) - 30,
        worker_prefetch_multiplier=1,
        worker_max_tasks_per_child=2000,
        worker_hijack_root_logger=False,
        broker_connection_retry_on_startup=True,
        broker_connection_timeout=2,
        broker_transport_options={"socket_timeout": 5, "socket_connect_timeout": 2},
        timezone="UTC",
        enable_utc=True,
        beat_schedule={
            "sweep": {"task": "accord.sweep", "schedule": 15.0},
            **{
                entry.job: {
                    "task": "accord.run_scheduled",
                    "schedule": entry.every.total_seconds(),
                    "args": [entry.job, entry.every.total_seconds()],
                }
                for entry in schedule
            },
        },
    )
    celery_app.set_current()
    _bind_tasks(app)
    return celery_app


def _bind_tasks(app: Flask) -> None:
    def in_context(function: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            with app.app_context():
                return function(*args)

        return call

    celery_app.task(name="accord.run_job")(in_context(run_job))
    celery_app.task(name="accord.sweep")(in_context(sweep))
    celery_app.task(name="accord.run_scheduled")(
        in_context(lambda name, seconds: run_scheduled(name, timedelta(seconds=seconds)))
    )


def _claimable(moment: datetime) -> Any:
    return or_(
        and_(Job.status == JobStatus.QUEUED, Job.run_after <= moment),
        and_(Job.status == JobStatus.RUNNING, Job.lease_until < moment),
    )


def _claim(job_id: str) -> tuple[str, dict[str, Any], int] | None:
    moment = now()
    claim = (
        update(Job)
        .where(Job.id == job_id, _claimable(moment))
        .values(status=JobStatus.RUNNING, attempts=Job.attempts + 1, lease_until=moment + LEASE)
        .execution_options(synchronize_session=False)
    )
    if changed_rows(claim) != 1:
        return None
    row = db.session.get_one(Job, job_id)
    limit = _limit(row.name)
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


def _limit(name: str) -> int:
    spec = _specs.get(name)
    return spec.max_attempts if spec else 1


def _held(job_id: str, attempts: int) -> Any:
    """Whether the row still belongs to the attempt of this number: each claim counts one up."""
    return and_(Job.id == job_id, Job.status == JobStatus.RUNNING, Job.attempts == attempts)


def _close(job_id: str, attempts: int, **columns: Any) -> None:
    if changed_rows(update(Job).where(_held(job_id, attempts)).values(**columns)) != 1:
        log.warning("job %s was taken over from attempt %d; its end is not kept", job_id, attempts)


def _finished(job_id: str, attempts: int, result: dict[str, Any] | None) -> None:
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


def _failed(job_id: str, attempts: int, limit: int, reason: str) -> None:
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
