"""The figures of all processes of an instance, and what its tables say, for Prometheus."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterable
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, generate_latest, values
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.settings import settings

log = logging.getLogger(__name__)


def exposition() -> bytes:
    """The text that Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Tables())
    if not values.ValueClass._multiprocess:
        return generate_latest(REGISTRY) + generate_latest(registry)
    registry.register(_AllProcesses())
    return generate_latest(registry)


class _AllProcesses(Collector):
    """Sums what web servers and workers of this instance wrote."""

    def collect(self) -> Iterable[Metric]:
        own = settings().figures_of("web")
        # Each web server of this machine has a folder of its own, named after its process.
        for folder in own.parent.glob(f"{own.name}-*"):
            if folder.name.rpartition("-")[0] == own.name:
                _forget_dead(folder)
        files = (settings().home / "run" / "metrics").glob("*/*.db")
        found: Iterable[Metric] = MultiProcessCollector.merge(sorted(map(str, files)))
        return found


class _Tables(Collector):
    """What waits in the tables; left out while the database does not answer."""

    def collect(self) -> Iterable[Metric]:
        try:
            rows = db.session.execute(
                select(Job.status, func.count())
                .where(Job.status != JobStatus.DONE)
                .group_by(Job.status)
            )
            counts: dict[JobStatus, int] = dict(rows.all())
            oldest = db.session.scalar(
                select(func.min(Job.run_after)).where(Job.status == JobStatus.QUEUED)
            )
        except DBAPIError as error:
            log.warning("figures of the tables are left out: %s", error)
            return
        finally:
            db.session.rollback()
        age = (now() - oldest).total_seconds() if oldest is not None else 0.0
        yield _gauge("accord_outbox_age_seconds", "How long the oldest due job waits.", max(0, age))
        yield _gauge("accord_dead_jobs", "Jobs that gave up.", counts.get(JobStatus.DEAD, 0))
        yield _gauge("accord_queued_jobs", "Jobs to come.", counts.get(JobStatus.QUEUED, 0))
        yield _gauge("accord_running_jobs", "Jobs at work.", counts.get(JobStatus.RUNNING, 0))


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _forget_dead(folder: Path) -> None:
    """Drop what processes of this machine that are gone said of their present."""
    for path in folder.glob("gauge_live*_*.db"):
        try:
            os.kill(int(path.stem.rpartition("_")[2]), 0)
        except ProcessLookupError:
            path.unlink(missing_ok=True)
        except PermissionError:
            continue
