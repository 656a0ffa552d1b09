"""What is counted for Prometheus, and under which names."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families as parsed

from app.core import scrape
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, enqueue, job, run_job
from app.core.transaction import unit_of_work
from app.notifications import places
from config import ROOT


@job("tests.counted", max_attempts=2)
def counted(fails: bool = False) -> None:
    if fails:
        raise RuntimeError("as it was told")


def requests(endpoint: str, method: str, status: int) -> float:
    labels = {"endpoint": endpoint, "method": method, "status": str(status)}
    return REGISTRY.get_sample_value("accord_requests_total", labels) or 0.0


def figures() -> dict[str, float]:
    """What a scrape says, by name and labels."""
    return {
        sample.name + "".join(f" {value}" for value in sample.labels.values()): sample.value
        for family in parsed(scrape.exposition().decode())
        for sample in family.samples
    }


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_request_counts_under_the_name_of_its_view(client: Any):
    name = "public.read_influencer"
    before = requests(name, "GET", 404)
    for slug in ("nobody", "secret-slug-in-a-path"):
        client.get(f"/api/v1/public/influencers/{slug}")
    assert requests(name, "GET", 404) == before + 2
    text = scrape.exposition().decode()
    assert "secret-slug-in-a-path" not in text
    assert f'accord_request_seconds_bucket{{endpoint="{name}",le="+Inf"' in text


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_strangers_choose_makes_no_names(client: Any):
    before = requests("none", "other", 405) + requests("none", "other", 404)
    client.open("/api/v1/nowhere-at-all", method="BREW")
    assert requests("none", "other", 405) + requests("none", "other", 404) == before + 1
    assert "BREW" not in scrape.exposition().decode()
    assert "nowhere-at-all" not in scrape.exposition().decode()


def test_jobs_count_by_how_they_ended(app: Flask):
    def ended(end: str) -> float:
        return (
            REGISTRY.get_sample_value("accord_jobs_total", {"job": "tests.counted", "end": end})
            or 0
        )

    before = {end: ended(end) for end in ("done", "failed", "dead")}
    run_job(unit_of_work(lambda: enqueue("tests.counted").id))
    doomed = unit_of_work(lambda: enqueue("tests.counted", fails=True).id)
    for _ in range(2):
        run_job(doomed)
        unit_of_work(lambda: setattr(db.session.get_one(Job, doomed), "run_after", now()))
    assert {end: ended(end) - before[end] for end in before} == {"done": 1, "failed": 1, "dead": 1}
    assert figures()["accord_dead_jobs"] == 1


def test_the_outbox_is_as_old_as_the_oldest_due_job(app: Flask):
    assert figures()["accord_outbox_age_seconds"] == 0
    unit_of_work(lambda: enqueue("tests.counted", run_after=now() + timedelta(hours=1)))
    assert figures()["accord_outbox_age_seconds"] == 0
    unit_of_work(lambda: enqueue("tests.counted", run_after=now() - timedelta(hours=1)))
    seen = figures()
    assert 3600 <= seen["accord_outbox_age_seconds"] < 3700
    assert seen["accord_queued_jobs"] == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_open_streams_are_counted(app: Flask):
    place = places.take("usr_1")
    try:
        assert figures()["accord_open_streams"] == 1
    finally:
        place.free()
    assert figures()["accord_open_streams"] == 0


def test_a_dead_process_has_no_open_streams_and_keeps_its_counts(tmp_path: Path):
    counts = (
        "from app.core.metrics import REQUESTS, STREAMS; STREAMS.set(3); "
        "REQUESTS.labels('one', 'GET', '200').inc(5)"
    )
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    for _ in range(2):
        subprocess.run(
            [sys.executable, "-c", counts], cwd=ROOT, env=environ, check=True, timeout=60
        )
    assert len(list(tmp_path.glob("gauge_livesum_*.db"))) == 2
    scrape._forget_dead(tmp_path)
    assert list(tmp_path.glob("gauge_live*")) == []
    assert len(list(tmp_path.glob("counter_*.db"))) == 2
