"""The unit of work: all or nothing, run again where that helps, and nothing told too early."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.core import transaction
from app.core.errors import Conflict, Unavailable
from app.core.extensions import db
from app.core.options import OptionValue
from app.core.transaction import (
    after_commit,
    before_commit,
    in_unit_of_work,
    part_of_unit,
    unit_of_work,
)
from tests.services.contention import contend


def put(name: str, value: int = 0) -> OptionValue:
    row = OptionValue(name=name, value=value, set_by="system", set_at=datetime.now(UTC))
    db.session.add(row)
    db.session.flush()
    return row


def names() -> list[str]:
    db.session.rollback()
    found = list(db.session.scalars(select(OptionValue.name).order_by(OptionValue.name)))
    db.session.rollback()
    return found


def value_of(name: str) -> int:
    db.session.rollback()
    found: int = db.session.scalars(select(OptionValue.value).where(OptionValue.name == name)).one()
    db.session.rollback()
    return found


def test_what_returns_is_committed(app: Flask) -> None:
    assert unit_of_work(lambda: put("a").name) == "a"
    assert names() == ["a"]


def test_what_raises_is_undone(app: Flask) -> None:
    def work() -> None:
        put("a")
        raise Conflict("no")

    with pytest.raises(Conflict):
        unit_of_work(work)
    assert names() == []
    assert not in_unit_of_work()


def test_a_unit_inside_a_unit_joins_it(app: Flask) -> None:
    def outer() -> None:
        unit_of_work(lambda: put("inner"))
        raise Conflict("the outer one fails")

    with pytest.raises(Conflict):
        unit_of_work(outer)
    assert names() == []


def test_a_write_outside_a_unit_is_refused(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="outside a unit of work"):
        put("a")
    db.session.rollback()


def test_what_follows_the_commit_sees_it(app: Flask) -> None:
    seen: list[list[str]] = []

    def work() -> None:
        after_commit(lambda: seen.append(names()))
        put("a")
        assert seen == []

    unit_of_work(work)
    assert seen == [["a"]]


def test_what_was_to_follow_is_dropped_on_rollback(app: Flask) -> None:
    told: list[str] = []

    def work() -> None:
        after_commit(lambda: told.append("done"))
        put("a")
        put("a")

    with pytest.raises(IntegrityError):
        unit_of_work(work)
    assert told == []


def test_a_failing_step_after_the_commit_hides_nothing(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    told: list[str] = []

    def fail() -> None:
        raise OSError("the broker is away")

    def work() -> str:
        after_commit(fail)
        after_commit(lambda: told.append("done"))
        return put("a").name

    assert unit_of_work(work) == "a"
    assert told == ["done"]
    assert "a step after the commit failed" in caplog.text


def test_the_last_step_sees_all_that_was_given_to_it_once(app: Flask) -> None:
    seen: list[list[str]] = []

    def finish(given: list[str]) -> None:
        seen.append(given)
        put("last")
        if len(seen) == 1:
            before_commit(finish_again, "more")

    def finish_again(given: list[str]) -> None:
        seen.append(given)

    def work() -> None:
        before_commit(finish, "a")
        unit_of_work(lambda: before_commit(finish, "b"))
        put("first")
        assert seen == []

    unit_of_work(work)
    assert seen == [["a", "b"], ["more"]]
    assert names() == ["first", "last"]


def test_a_last_step_that_raises_undoes_all_and_one_after_a_failure_does_not_run(
    app: Flask,
) -> None:
    ran: list[str] = []

    def refuse(_given: list[str]) -> None:
        raise Conflict("no")

    def work(fails: bool) -> None:
        put("a")
        before_commit(ran.extend if fails else refuse, "x")
        if fails:
            raise Conflict("before")

    for fails in (True, False):
        with pytest.raises(Conflict):
            unit_of_work(lambda fails=fails: work(fails))
    assert (names(), ran) == ([], [])
    unit_of_work(lambda: put("b"))
    assert ran == []


def test_a_part_that_raises_is_undone_alone(app: Flask) -> None:
    told: list[str] = []
    finished: list[str] = []

    def finish(items: list[str]) -> None:
        finished.extend(items)

    def ask(name: str) -> None:
        put(name)
        before_commit(finish, name)
        after_commit(lambda: told.append(name))

    def refused() -> None:
        with part_of_unit():
            ask("b")
            raise Conflict("no")

    def work() -> None:
        ask("a")
        with pytest.raises(Conflict):
            refused()
        with part_of_unit():
            ask("c")

    unit_of_work(work)
    assert names() == finished == told == ["a", "c"]


def test_a_part_needs_a_unit(app: Flask) -> None:
    with pytest.raises(RuntimeError), part_of_unit():
        pass


def test_before_commit_needs_a_unit(app: Flask) -> None:
    with pytest.raises(RuntimeError):
        before_commit(print, "x")


def test_after_commit_needs_a_unit(app: Flask) -> None:
    with pytest.raises(RuntimeError, match="needs an open unit"):
        after_commit(lambda: None)


def test_a_unit_starts_with_an_empty_memory(app: Flask) -> None:
    unit_of_work(lambda: put("a", 1))
    stale = db.session.get_one(OptionValue, "a")
    assert stale.value == 1
    db.session.rollback()

    def elsewhere() -> None:
        with app.app_context():
            unit_of_work(lambda: setattr(db.session.get_one(OptionValue, "a"), "value", 2))
            db.session.remove()

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert unit_of_work(lambda: db.session.get_one(OptionValue, "a").value) == 2


class _Lost(Exception):
    """What a driver raises for a transaction that may be run again."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("could not serialize access")
        self.sqlstate = sqlstate


@pytest.mark.parametrize("sqlstate", ["40001", "40P01", "55P03"])
def test_a_lost_race_is_run_again_as_a_whole(app: Flask, sqlstate: str) -> None:
    runs: list[int] = []
    told: list[int] = []

    def work() -> None:
        runs.append(len(runs) + 1)
        after_commit(lambda: told.append(runs[-1]))
        put(f"run {len(runs)}")
        if len(runs) < 3:
            raise DBAPIError("SELECT 1", None, _Lost(sqlstate))

    unit_of_work(work)
    assert runs == [1, 2, 3]
    assert names() == ["run 3"]
    assert told == [3]


def test_another_database_error_is_not_run_again(app: Flask) -> None:
    runs: list[int] = []

    def work() -> None:
        runs.append(1)
        raise DBAPIError("SELECT 1", None, _Lost("22001"))

    with pytest.raises(DBAPIError):
        unit_of_work(work)
    assert runs == [1]


@contextmanager
def _impatient(milliseconds: int) -> Iterator[None]:
    """Wait less for SQLite's lock than the 30 s of production."""

    def shorten(connection: sqlite3.Connection, *_more: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {milliseconds}")

    def restore(connection: sqlite3.Connection, *_more: object) -> None:
        connection.execute("PRAGMA busy_timeout = 30000")

    db.session.remove()
    event.listen(db.engine, "checkout", shorten)
    event.listen(db.engine, "checkin", restore)
    try:
        yield
    finally:
        db.session.remove()
        event.remove(db.engine, "checkout", shorten)
        event.remove(db.engine, "checkin", restore)


@contextmanager
def _held(app: Flask, seconds: float) -> Iterator[None]:
    """Somebody else holds the write lock of the SQLite file for `seconds`."""
    path = str(db.engine.url.database)
    holder = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("BEGIN IMMEDIATE")
    release = threading.Timer(seconds, lambda: holder.execute("ROLLBACK"))
    release.start()
    try:
        yield
    finally:
        release.join()
        holder.close()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_busy_sqlite_file_is_tried_again(app: Flask) -> None:
    with _impatient(1), _held(app, 0.1):
        unit_of_work(lambda: put("a"))
    assert names() == ["a"]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_file_that_stays_busy_is_said_to_be(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transaction, "ATTEMPTS", 2)
    with _impatient(1), _held(app, 0.5), pytest.raises(Unavailable) as caught:
        unit_of_work(lambda: put("a"))
    assert caught.value.headers == {"Retry-After": "1"}
    assert names() == []


@pytest.mark.process
def test_two_processes_lose_no_update(app: Flask, environ: dict[str, str]) -> None:
    unit_of_work(lambda: put("counter"))
    results = contend(
        environ, "tests.core.contenders:increment", {"name": "counter"}, times=40, threads=4
    )
    assert sorted(results) == list(range(1, 81))
    assert value_of("counter") == 80


@pytest.mark.process
def test_two_processes_that_lock_crosswise_both_get_through(
    app: Flask, environ: dict[str, str], tmp_path: Path
) -> None:
    unit_of_work(lambda: (put("a"), put("b")))
    folder = str(tmp_path)
    runs = contend(
        environ,
        "tests.core.contenders:cross",
        [
            {"first": "a", "second": "b", "folder": folder},
            {"first": "b", "second": "a", "folder": folder},
        ],
    )
    assert (value_of("a"), value_of("b")) == (2, 2)
    if db.engine.dialect.name == "postgresql":
        assert sorted(runs) == [1, 2], "one of them met a deadlock and was run again"
    else:
        assert runs == [1, 1], "SQLite's units come one after another"
