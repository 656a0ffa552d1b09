"""Work that outlives a request. The broker is a doorbell; the work is a row.

`enqueue` writes the row in the open unit of work and rings after the commit. A lost or doubled
ring does no harm: a sweep rings again for what is due, and a run first claims its row
(`attempts`). A row that exhausts its attempts is dead and stays visible (`job_rows`).
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery import Celery
from flask import Flask
from sqlalchemy import and_, select, update
from sqlalchemy.exc import IntegrityError

from app.core import attempts
from app.core.actor import SYSTEM, Actor
from app.core.attempts import LEASE
from app.core.clock import now
from app.core.extensions import db
from app.core.job_rows import Job, JobStatus, JobWindow
from app.core.metrics import count_job
from app.core.retention import BATCH, drop
from app.core.transaction import after_commit, unit_of_work
from config import Settings, celery_url

__all__ = [
    "OUTBOUND",
    "QUEUES",
    "Job",
    "JobStatus",
    "JobWindow",
    "Scheduled",
    "celery_app",
    "enqueue",
    "forget_done",
    "init_celery",
    "job",
    "replay",
    "report_progress",
    "ring",
    "run_job",
    "run_scheduled",
    "sweep",
]

log = logging.getLogger(__name__)

celery_app = Celery("accord")

# What waits for servers that a user names; it has a worker of its own, so nothing waits behind it.
OUTBOUND = "outbound"
QUEUES = ("default", "mail", "deadlines", "exports", "scoring", OUTBOUND)
MAX_ATTEMPTS = 8
BROKER_LEFT_ALONE = 5.0  # seconds
DONE_KEPT = timedelta(days=7)
# Longer than any line of the schedule is: a window that is still open must not be forgotten.
WINDOWS_KEPT = timedelta(days=2)


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
_silent_until = 0.0
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
    """Tell a worker that a row waits. A broker that is away is logged and left alone for some
    seconds, so that not every request waits for it; the sweep rings again."""
    global _silent_until
    if time.monotonic() < _silent_until:
        return
    try:
        celery_app.send_task("accord.run_job", args=[job_id], queue=queue, retry=False)
    except Exception as error:
        _silent_until = time.monotonic() + BROKER_LEFT_ALONE
        log.warning("the broker did not take the ring for %s: %s", job_id, error)


def run_job(job_id: str) -> bool:
    """Claim and do the work of a row; returns False when there was nothing to claim."""
    claimed = unit_of_work(lambda: attempts.claim(job_id, _limit))
    if claimed is None:
        return False
    name, args, attempt = claimed
    spec = _specs.get(name)
    token = _running.set((job_id, attempt))
    try:
        if spec is None:
            raise LookupError(f"no work is registered under {name}")
        result = spec.run(**args)
    except Exception as error:
        log.exception("job %s (%s) failed at attempt %d", job_id, name, attempt)
        reason = f"{type(error).__name__}: {error}"
        unit_of_work(lambda: attempts.fail(job_id, attempt, _limit(name), reason))
        count_job(name, "dead" if attempt >= _limit(name) else "failed")
    else:
        unit_of_work(lambda: attempts.finish(job_id, attempt, dict(result) if result else None))
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
        mine = attempts.held(job_id, running[1])
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
    """Ring again for rows that are due or whose worker went silent, `batch` of each queue, so that
    none that stands still keeps the others waiting; returns how many."""
    moment = now()
    due = [
        row
        for queue in QUEUES
        for row in db.session.execute(
            select(Job.id, Job.queue)
            .where(attempts.claimable(moment), Job.queue == queue)
            .order_by(Job.run_after)
            .limit(batch)
        )
    ]
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


def _limit(name: str) -> int:
    spec = _specs.get(name)
    return spec.max_attempts if spec else 1
