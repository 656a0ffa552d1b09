"""Jobs, dead letters and the beat table as admins see them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from app.audit.models import AuditEntry
from app.core import jobs
from app.core.clock import shifted
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.transaction import unit_of_work
from app.schedule import SCHEDULE
from tests.factories.identity import SignedIn, make_admin


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


def make_job(name: str = "audit.chain", **columns: object) -> str:
    def work() -> str:
        job = jobs.enqueue(name)
        for column, value in columns.items():
            setattr(job, column, value)
        db.session.flush()
        return job.id

    return unit_of_work(work)


def test_jobs_are_listed_by_every_filter(admin: SignedIn) -> None:
    dead = make_job(status=JobStatus.DEAD, error="KeyError: 'x'", attempts=8)
    mail = make_job(queue="mail")
    done = make_job(status=JobStatus.DONE, name="payments.mature")
    for query, wanted in [
        ("", [done, mail, dead]),
        ("status=dead", [dead]),
        ("queue=mail", [mail]),
        ("name=payments.mature", [done]),
        ("name=audit.chain&status=queued", [mail]),
        ("requested_by=system&limit=1", [done]),
        ("sort=created_at", [dead, mail, done]),
    ]:
        found = [job["id"] for job in admin.get(f"/admin/jobs?{query}").json["items"]]
        assert found == wanted, query
    assert admin.get("/admin/jobs?status=dead").json["items"][0]["error"] == "KeyError: 'x'"
    assert admin.get("/admin/jobs?queue=nowhere").status_code == 422


def test_a_dead_job_is_run_again_and_that_is_recorded(admin: SignedIn) -> None:
    job_id = make_job(status=JobStatus.DEAD, error="KeyError", attempts=8)
    answer = admin.post(f"/admin/jobs/{job_id}/replay")
    assert (answer.status_code, answer.json["status"], answer.json["attempts"]) == (
        200,
        "queued",
        0,
    )
    assert jobs.run_job(job_id) is True
    assert db.session.get_one(Job, job_id, populate_existing=True).status is JobStatus.DONE
    entry = db.session.scalar(db.select(AuditEntry).where(AuditEntry.subject_id == job_id))
    assert entry is not None
    assert (entry.action, entry.actor) == ("job.replayed", admin.person.user_id)


@pytest.mark.parametrize("status", [JobStatus.QUEUED, JobStatus.RUNNING, JobStatus.DONE])
def test_only_a_dead_job_is_run_again(admin: SignedIn, status: JobStatus) -> None:
    answer = admin.post(f"/admin/jobs/{make_job(status=status)}/replay")
    assert (answer.status_code, answer.json["state"]) == (409, status.value)
    assert admin.post("/admin/jobs/job_nobody/replay").status_code == 404


def test_the_beat_table_shows_purposes_and_last_windows(admin: SignedIn) -> None:
    before = admin.get("/admin/jobs/scheduled").json["items"]
    assert [line["job"] for line in before] == [line.job for line in SCHEDULE]
    assert all(line["purpose"] for line in before)
    assert all(line["last_window_at"] is None for line in before)
    assert jobs.run_scheduled("audit.chain", timedelta(days=1)) is True
    after = {line["job"]: line for line in admin.get("/admin/jobs/scheduled").json["items"]}
    assert after["audit.chain"]["last_window_at"] is not None


def test_health_counts_what_waits_runs_and_is_dead(admin: SignedIn) -> None:
    make_job(status=JobStatus.DEAD)
    make_job(status=JobStatus.RUNNING)
    make_job(status=JobStatus.DONE)
    queued = make_job()
    health = admin.get("/admin/summary").json["jobs"]
    assert (health["queued"], health["running"], health["dead"]) == (1, 1, 1)
    (waiting,) = admin.get("/admin/jobs?status=queued").json["items"]
    assert waiting["id"] == queued
    assert health["oldest_queued_at"] == waiting["run_after"]


def test_what_is_not_due_yet_does_not_count_as_waiting(admin: SignedIn) -> None:
    with shifted(timedelta(hours=1)):
        make_job()
    health = admin.get("/admin/summary").json["jobs"]
    assert (health["queued"], health["oldest_queued_at"]) == (1, None)


def test_every_scheduled_job_is_registered(app: Flask) -> None:
    assert {line.job for line in SCHEDULE} <= set(jobs._specs)
