"""One unit of work owns every write.

`unit_of_work(fn)` opens the transaction, runs `fn`, commits on return and rolls back on raise.
SQLite gets BEGIN IMMEDIATE (a deferred BEGIN that later writes fails at once when another process
committed in between), PostgreSQL READ COMMITTED. The whole unit is run again on a serialization
failure, a deadlock or a busy database. What was asked for with `before_commit` is its last step;
what was asked for with `after_commit` happens once the commit is done, and never after a rollback.
"""

from __future__ import annotations

import logging
import math
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, event
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from app.core.errors import Unavailable
from app.core.extensions import db

log = logging.getLogger(__name__)

T = TypeVar("T")

RETRIED_SQLSTATES = {"40001", "40P01", "55P03"}
ATTEMPTS = 6
WITHOUT_BEGIN = "accord_without_begin"
"""Execution option of connections whose single reads need no transaction around them."""
IDLE_SECONDS = 1.0
"""A connection that rested longer is asked whether it lives before it is used again."""


@dataclass
class _Unit:
    before_commit: dict[Callable[[list[Any]], object], list[Any]] = field(default_factory=dict)
    after_commit: list[Callable[[], None]] = field(default_factory=list)


_current: ContextVar[_Unit | None] = ContextVar("unit_of_work", default=None)


def unit_of_work(fn: Callable[[], T]) -> T:
    """Run `fn` as one transaction and return what it returns.

    A call inside another unit joins it. Raises whatever `fn` raises, after the rollback, and
    Unavailable when the database stayed busy through every attempt.
    """
    if _current.get() is not None:
        return fn()
    session = db.session
    for attempt in range(1, ATTEMPTS + 1):
        session.rollback()
        session.expunge_all()
        unit = _Unit()
        token = _current.set(unit)
        try:
            result = fn()
            _finish(unit)
            session.commit()
        except DBAPIError as error:
            session.rollback()
            if not is_transient(error):
                raise
            log.info("unit of work met a busy database, attempt %d of %d", attempt, ATTEMPTS)
            if attempt == ATTEMPTS:
                raise Unavailable(
                    "The database is busy. Nothing was changed; try again in a moment.",
                    headers={"Retry-After": "1"},
                ) from error
        except BaseException:
            session.rollback()
            raise
        else:
            _run(unit.after_commit)
            return result
        finally:
            _current.reset(token)
        time.sleep(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def in_unit_of_work() -> bool:
    """Whether a unit of work is open."""
    return _current.get() is not None


@contextmanager
def part_of_unit() -> Iterator[None]:
    """A part of the open unit that is undone alone when it raises: its writes, and what it asked
    to be done before or after the commit. Rows in memory are read anew then. Raises RuntimeError
    outside a unit."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("part_of_unit needs an open unit of work")
    before = {finish: list(items) for finish, items in unit.before_commit.items()}
    after = list(unit.after_commit)
    try:
        with db.session.begin_nested():
            yield
    except BaseException:
        unit.before_commit, unit.after_commit = before, after
        # Balances and states are set on rows without their session knowing it.
        db.session.expire_all()
        raise


def before_commit(finish: Callable[[list[Any]], object], item: Any) -> None:
    """Let `finish` handle `item`, with everything else it was given, as the last step of the open
    unit: in the same transaction, once, after all that the unit itself does.

    For work that looks at the whole of a unit, or takes a lock that many wait for. Raises
    RuntimeError outside a unit.
    """
    unit = _current.get()
    if unit is None:
        raise RuntimeError("before_commit needs an open unit of work")
    unit.before_commit.setdefault(finish, []).append(item)


def after_commit(callback: Callable[[], None]) -> None:
    """Run `callback` once the open unit has committed. Raises RuntimeError outside a unit."""
    unit = _current.get()
    if unit is None:
        raise RuntimeError("after_commit needs an open unit of work")
    unit.after_commit.append(callback)


def is_transient(error: DBAPIError) -> bool:
    """Whether running the same unit again may succeed."""
    if getattr(error.orig, "sqlstate", None) in RETRIED_SQLSTATES:
        return True
    text = str(error.orig)
    return "database is locked" in text or "database table is locked" in text


def prepare_engine(engine: Engine) -> None:
    """Give connections of `engine` the settings that the rest relies on."""
    if engine.dialect.name != "sqlite":
        _check_idle_connections(engine)
        return

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # The driver must not open transactions by itself; `_on_begin` does.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.execute("PRAGMA foreign_keys = ON")
        cursor.execute("PRAGMA busy_timeout = 30000")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        if connection.get_execution_options().get(WITHOUT_BEGIN):
            return
        writes = _current.get() is not None
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _check_idle_connections(engine: Engine) -> None:
    """Ask connections that lay idle whether they live; asking each time is half of a short read."""

    @event.listens_for(engine, "checkin")
    def _on_checkin(_connection: Any, record: ConnectionPoolEntry) -> None:
        record.info["idle_since"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def _on_checkout(connection: Any, record: ConnectionPoolEntry, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("idle_since", math.inf) < IDLE_SECONDS:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            # Its fellows are as old; the pool opens new ones.
            raise InvalidatePoolError from error


@event.listens_for(Session, "before_flush")
def _refuse_stray_writes(session: Session, _context: Any, _instances: Any) -> None:
    # A flush outside a unit would write on a deferred transaction that nobody commits.
    if _current.get() is None and (session.new or session.dirty or session.deleted):
        changed = [*session.new, *session.deleted, *filter(session.is_modified, session.dirty)]
        if changed:
            raise RuntimeError(f"write outside a unit of work: {changed[0]!r}")


def _finish(unit: _Unit) -> None:
    while unit.before_commit:
        finish = next(iter(unit.before_commit))
        finish(unit.before_commit.pop(finish))


def _run(callbacks: list[Callable[[], None]]) -> None:
    for callback in callbacks:
        try:
            callback()
        except Exception:
            # The work itself is committed; whatever was to follow is retried by its own sweep.
            log.exception("a step after the commit failed")
