"""Work that outlives a request: done once, tried again, never lost, never hidden."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from app.core import jobs
from app.core.attempts import LEASE
from app.core.clock import now, shifted
from app.core.errors import Conflict
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, JobWindow
from app.core.transaction import unit_of_work
from app.schedule import SCHEDULE
from tests.services.contention import contend
from tests.services.processes import wait_until
from tests.services.worker import CeleryWorker

REAL = "audit.chain"

Register = Callable[..., str]


@pytest.fixture
def register() -> Iterator[Register]:
    """Registers a function as work for the length of a test; gives its name."""
    names: list[str] = []

    def add(function: Callable[..., object], *, max_attempts: int = 3) -> str:
        name = f"tests.work_{len(names)}"
        jobs.job(name, max_attempts=max_attempts)(function)
        names.append(name)
        return name

    yield add
    for name in names:
        del jobs._specs[name]


@pytest.fixture
def rings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been rung for; no ring reaches the broker."""
    rung: list[str] = []
    monkeypatch.setattr(jobs, "ring", lambda job_id, _queue: rung.append(job_id))
    return rung


def enqueue(name: str = REAL, **more: object) -> str:
    return unit_of_work(lambda: jobs.enqueue(name, **more)).id


def read(job_id: str) -> Job:
    db.session.rollback()
    row = db.session.get_one(Job, job_id, populate_existing=True)
    db.session.expunge_all()
    db.session.rollback()
    return row


def set_columns(job_id: str, **columns: object) -> None:
    unit_of_work(lambda: db.session.execute(update(Job).where(Job.id == job_id).values(**columns)))


# --- asking for work ----------------------------------------------------------------------------


def test_work_is_rung_for_after_the_commit(app: Flask, rings: list[str]) -> None:
    def work() -> str:
        job = jobs.enqueue(REAL)
        assert rings == []
        return job.id

    assert [unit_of_work(work)] == rings


def test_work_that_is_asked_for_in_a_failed_unit_does_not_exist(
    app: Flask, rings: list[str]
) -> None:
    def work() -> None:
        jobs.enqueue(REAL)
        raise Conflict

    with pytest.raises(Conflict):
        unit_of_work(work)
    assert rings == []
    assert db.session.scalar(select(func.count()).select_from(Job)) == 0


def test_a_broker_that_is_away_holds_up_one_request_and_not_all(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[str] = []

    def refuse(name: str, **_kwargs: object) -> None:
        asked.append(name)
        raise ConnectionError("nobody answers")

    monkeypatch.setattr(jobs.celery_app, "send_task", refuse)
    job_ids = [enqueue() for _ in range(3)]

    assert len(asked) == 1
    assert "the broker did not take the ring" in caplog.text
    assert {read(job_id).status for job_id in job_ids} == {JobStatus.QUEUED}
    assert jobs.run_job(job_ids[2]) is True
    monkeypatch.setattr(jobs, "_silent_until", 0.0)
    enqueue()
    assert len(asked) == 2


def test_later_work_waits_for_its_time(app: Flask, rings: list[str]) -> None:
    job_id = enqueue(run_after=now() + timedelta(hours=1))
    assert rings == []
    assert jobs.sweep() == 0
    assert jobs.run_job(job_id) is False
    set_columns(job_id, run_after=now())
    assert jobs.sweep() == 1
    assert rings == [job_id]


def test_a_queue_that_stands_still_keeps_no_other_waiting(
    app: Flask, rings: list[str], register: Register
) -> None:
    late = now() - timedelta(hours=1)
    for _ in range(3):
        set_columns(enqueue(register(lambda: None)), queue=jobs.OUTBOUND, run_after=late)
    wanted = enqueue(register(lambda: None))
    rings.clear()
    jobs.sweep(batch=2)
    assert wanted in rings
    assert len(rings) == 3


def test_work_of_no_name_is_refused_when_it_is_asked_for(app: Flask) -> None:
    with pytest.raises(KeyError):
        enqueue("tests.nothing")


# --- doing it -----------------------------------------------------------------------------------


def test_done_work_keeps_its_result(app: Flask, rings: list[str], register: Register) -> None:
    job_id = enqueue(register(lambda number: {"twice": number * 2}), number=4)
    assert jobs.run_job(job_id) is True
    row = read(job_id)
    assert (row.status, row.result, row.progress, row.attempts) == (
        JobStatus.DONE,
        {"twice": 8},
        100,
        1,
    )
    assert row.finished_at is not None


def test_a_doubled_ring_does_the_work_once(
    app: Flask, rings: list[str], register: Register
) -> None:
    done: list[int] = []
    job_id = enqueue(register(lambda: done.append(1)))
    assert [jobs.run_job(job_id), jobs.run_job(job_id)] == [True, False]
    assert done == [1]


def test_a_ring_for_nothing_does_no_harm(app: Flask) -> None:
    assert jobs.run_job("job_nobody") is False


def test_failed_work_is_tried_again_later_and_later(
    app: Flask, rings: list[str], register: Register
) -> None:
    def fail() -> None:
        raise ValueError("no luck")

    job_id = enqueue(register(fail, max_attempts=4))
    waits = []
    for attempt in (1, 2, 3):
        moment = now()
        assert jobs.run_job(job_id) is True
        row = read(job_id)
        assert (row.status, row.attempts, row.error) == (
            JobStatus.QUEUED,
            attempt,
            "ValueError: no luck",
        )
        waits.append((row.run_after - moment).total_seconds())
        assert jobs.run_job(job_id) is False, "it waits for its time"
        set_columns(job_id, run_after=now())
    for wait, wanted in zip(waits, (5, 10, 20), strict=True):
        assert wanted * 0.75 <= wait <= wanted * 1.25 + 2
    assert jobs.run_job(job_id) is True
    row = read(job_id)
    assert (row.status, row.attempts) == (JobStatus.DEAD, 4)
    assert row.finished_at is not None
    assert jobs.sweep() == 0, "dead work is left alone"


def test_a_failed_attempt_leaves_nothing_half_done(
    app: Flask, rings: list[str], register: Register
) -> None:
    def half() -> None:
        def work() -> None:
            jobs.enqueue(REAL)
            raise ValueError("in the middle")

        unit_of_work(work)

    job_id = enqueue(register(half))
    jobs.run_job(job_id)
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


def test_dead_work_is_replayed_with_all_its_attempts(
    app: Flask, rings: list[str], register: Register
) -> None:
    outcomes = [ValueError("first"), None]

    def sometimes() -> None:
        outcome = outcomes.pop(0)
        if outcome:
            raise outcome

    job_id = enqueue(register(sometimes, max_attempts=1))
    jobs.run_job(job_id)
    assert read(job_id).status is JobStatus.DEAD
    unit_of_work(lambda: jobs.replay(db.session.get_one(Job, job_id)))
    assert rings == [job_id, job_id]
    assert jobs.run_job(job_id) is True
    assert (read(job_id).status, read(job_id).error) == (JobStatus.DONE, None)


def test_work_whose_worker_went_silent_is_taken_over(
    app: Flask, rings: list[str], register: Register
) -> None:
    job_id = enqueue(register(lambda: None))
    set_columns(job_id, status=JobStatus.RUNNING, attempts=1, lease_until=now() + LEASE)
    assert jobs.run_job(job_id) is False, "somebody works on it"
    set_columns(job_id, lease_until=now() - timedelta(seconds=1))
    rings.clear()
    assert jobs.sweep() == 1
    assert rings == [job_id]
    assert jobs.run_job(job_id) is True
    assert read(job_id).attempts == 2


def test_work_that_kills_its_worker_at_every_attempt_is_dead(
    app: Flask, rings: list[str], register: Register
) -> None:
    done: list[int] = []
    job_id = enqueue(register(lambda: done.append(1), max_attempts=3))
    silent = {"status": JobStatus.RUNNING, "lease_until": now() - timedelta(seconds=1)}
    set_columns(job_id, attempts=3, **silent)
    assert jobs.run_job(job_id) is False
    row = read(job_id)
    assert (row.status, row.attempts, done) == (JobStatus.DEAD, 3, [])
    assert "went silent at attempt 3 of 3" in str(row.error)
    assert row.finished_at is not None
    assert jobs.sweep() == 0, "dead work is left alone"
    unit_of_work(lambda: jobs.replay(db.session.get_one(Job, job_id)))
    assert jobs.run_job(job_id) is True
    assert (read(job_id).status, done) == (JobStatus.DONE, [1])


def test_the_last_attempt_of_a_silent_worker_is_still_taken(
    app: Flask, rings: list[str], register: Register
) -> None:
    job_id = enqueue(register(lambda: None, max_attempts=3))
    silent = {"status": JobStatus.RUNNING, "lease_until": now() - timedelta(seconds=1)}
    set_columns(job_id, attempts=2, **silent)
    assert jobs.run_job(job_id) is True
    assert (read(job_id).status, read(job_id).attempts) == (JobStatus.DONE, 3)


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("ended", [False, True])
def test_a_worker_that_was_taken_over_from_changes_nothing(
    app: Flask, rings: list[str], register: Register, fails: bool, ended: bool
) -> None:
    taken_over = {
        "status": JobStatus.DONE if ended else JobStatus.RUNNING,
        "attempts": 2,
        "progress": 100 if ended else 0,
        "result": {"by": "the second"} if ended else None,
        "lease_until": None if ended else now() + LEASE,
        "finished_at": now() if ended else None,
    }
    ids: list[str] = []

    def stalls() -> dict[str, str]:
        set_columns(ids[0], **taken_over)
        jobs.report_progress(ids[0], 40, "still at it")
        if fails:
            raise ValueError("too late")
        return {"by": "the first"}

    ids.append(enqueue(register(stalls)))
    assert jobs.run_job(ids[0]) is True
    row = read(ids[0])
    assert {name: getattr(row, name) for name in taken_over} == taken_over
    assert (row.error, row.doing) == (None, None)


def test_work_of_a_name_that_is_gone_is_dead_and_says_so(
    app: Flask, rings: list[str], register: Register
) -> None:
    job_id = enqueue(register(lambda: None))
    set_columns(job_id, name="tests.gone")
    jobs.run_job(job_id)
    row = read(job_id)
    assert row.status is JobStatus.DEAD
    assert "no work is registered under tests.gone" in str(row.error)


def test_progress_is_seen_while_the_work_runs(
    app: Flask, rings: list[str], register: Register
) -> None:
    seen: list[tuple[int, str | None]] = []
    ids: list[str] = []

    def slow() -> None:
        jobs.report_progress(ids[0], 150, "counting")
        row = read(ids[0])
        seen.append((row.progress, row.doing))

    ids.append(enqueue(register(slow)))
    jobs.run_job(ids[0])
    assert seen == [(100, "counting")]


# --- on a schedule ------------------------------------------------------------------------------


def test_a_scheduled_job_runs_once_a_window(app: Flask, rings: list[str]) -> None:
    day = timedelta(days=1)
    assert [jobs.run_scheduled(REAL, day) for _ in range(3)] == [True, False, False]
    assert len(rings) == 1
    assert db.session.scalar(select(func.count()).select_from(JobWindow)) == 1


# --- forgetting it ------------------------------------------------------------------------------


def kept() -> set[str]:
    db.session.rollback()
    return set(db.session.scalars(select(Job.id)))


def run_schedule() -> None:
    for line in SCHEDULE:
        jobs._specs[line.job].run()


def test_work_that_was_done_long_ago_is_forgotten(app: Flask, rings: list[str]) -> None:
    created = now() - jobs.DONE_KEPT - timedelta(days=1)
    done = {"status": JobStatus.DONE, "created_at": created}
    old, late, dead, running, queued = [enqueue() for _ in range(5)]
    set_columns(old, finished_at=created, **done)
    set_columns(late, finished_at=now() - jobs.DONE_KEPT + timedelta(minutes=1), **done)
    set_columns(dead, status=JobStatus.DEAD, created_at=created, finished_at=created)
    set_columns(running, status=JobStatus.RUNNING, created_at=created)
    set_columns(queued, created_at=created)
    run_schedule()
    assert {late, dead, running, queued} <= kept()
    assert old not in kept()


def test_windows_that_are_over_are_forgotten(app: Flask, rings: list[str]) -> None:
    with shifted(-jobs.WINDOWS_KEPT - timedelta(minutes=1)):
        jobs.run_scheduled(REAL, timedelta(minutes=1))
    jobs.run_scheduled(REAL, timedelta(minutes=1))
    run_schedule()
    assert db.session.scalar(select(func.count()).select_from(JobWindow)) == 1


def test_however_much_was_done_long_ago_all_of_it_is_forgotten(
    app: Flask, rings: list[str]
) -> None:
    long_ago = now() - timedelta(days=30)
    for _ in range(5):
        set_columns(enqueue(), status=JobStatus.DONE, created_at=long_ago, finished_at=long_ago)
    assert jobs.forget_done(batch=2) == 5
    assert kept() == set()


def test_no_window_is_forgotten_while_it_is_open() -> None:
    assert max(line.every for line in SCHEDULE) < jobs.WINDOWS_KEPT


# --- real processes -----------------------------------------------------------------------------


@pytest.mark.process
def test_of_many_who_take_a_job_one_does_it(
    app: Flask, environ: dict[str, str], rings: list[str]
) -> None:
    job_id = enqueue()
    results = contend(
        environ, "tests.core.contenders:run_job", {"job_id": job_id}, times=8, threads=4
    )
    assert sorted(results) == [False] * 15 + [True]
    assert (read(job_id).status, read(job_id).attempts) == (JobStatus.DONE, 1)


@pytest.mark.process
def test_any_number_of_beats_open_one_window(app: Flask, environ: dict[str, str]) -> None:
    results = contend(
        environ,
        "tests.core.contenders:run_scheduled",
        {"name": REAL, "seconds": 86_400},
        times=8,
        threads=4,
    )
    assert sorted(results) == [False] * 15 + [True]
    assert db.session.scalar(select(func.count()).select_from(Job)) == 1


@pytest.mark.process
def test_a_worker_does_what_was_enqueued_lost_or_doubled(
    app: Flask, celery_worker: CeleryWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_done(job_id: str) -> Callable[[], bool]:
        return lambda: read(job_id).status is JobStatus.DONE

    rung = enqueue()
    wait_until(is_done(rung), "the worker to do it", log=celery_worker.log)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "ring", lambda *_: None)
        lost = enqueue()
    assert read(lost).status is JobStatus.QUEUED
    assert jobs.sweep() == 1
    wait_until(is_done(lost), "the lost ring to be found", log=celery_worker.log)

    with monkeypatch.context() as patch:
        patch.setattr(jobs, "ring", lambda *_: None)
        doubled = enqueue()
    for _ in range(3):
        jobs.ring(doubled, "default")
    wait_until(is_done(doubled), "the doubled ring", log=celery_worker.log)
    last = enqueue()
    wait_until(is_done(last), "what was rung for after it", log=celery_worker.log)
    assert [read(job_id).attempts for job_id in (rung, lost, doubled)] == [1, 1, 1]


@pytest.mark.process
def test_work_waits_for_a_worker_that_was_killed(
    app: Flask, celery_worker: CeleryWorker, tmp_path: Path
) -> None:
    celery_worker.kill()
    job_id = enqueue()
    assert read(job_id).status is JobStatus.QUEUED
    celery_worker.start()
    wait_until(
        lambda: read(job_id).status is JobStatus.DONE, "the next worker", log=celery_worker.log
    )
