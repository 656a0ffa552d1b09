"""What an instance counts for Prometheus while it works; `scrape` gives it out.

Each web and worker process writes its own numbers to a file of the folder that `run.py` names in
PROMETHEUS_MULTIPROC_DIR; without that folder they stay in the process. Labels are names of ours
alone, never a path or anything else that a stranger chooses.
"""

from __future__ import annotations

import time

from flask import Flask, Response, g, request
from prometheus_client import Counter, Gauge, Histogram

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_LABELS = ("endpoint", "method", "status")

REQUESTS = Counter("accord_requests", "Requests by what answered them, and how.", _LABELS)
SECONDS = Histogram(
    "accord_request_seconds",
    "Seconds until an answer began.",
    _LABELS,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
)
JOBS = Counter(
    "accord_jobs", "Attempts of jobs by how they ended: done, failed, dead.", ("job", "end")
)
STREAMS = Gauge("accord_open_streams", "Pages that listen.", multiprocess_mode="livesum")


def init_metrics(app: Flask) -> None:
    """Count every request of `app` and how long its answer took to begin."""
    app.after_request(_count_request)


def count_job(name: str, end: str) -> None:
    """One attempt of a job came to its end."""
    JOBS.labels(name, end).inc()


def _count_request(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "other"
    labels = (request.endpoint or "none", method, str(response.status_code))
    REQUESTS.labels(*labels).inc()
    started = g.get("started")
    if started is not None:
        SECONDS.labels(*labels).observe(time.perf_counter() - started)
    return response
