"""Reads past the session, and connections that died while they lay idle."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg
import pytest
from flask import Flask, session
from sqlalchemy import bindparam, func, select

from app.core import transaction
from app.core.extensions import db
from app.core.options import OptionValue
from app.core.reading import read
from app.core.transaction import unit_of_work
from config import Settings
from tests.services.statements import counted

_NAMES = select(OptionValue.name).where(OptionValue.set_by == bindparam("set_by"))


def put(name: str) -> None:
    row = OptionValue(name=name, value=1, set_by="system", set_at=datetime.now(UTC))
    unit_of_work(lambda: db.session.add(row))


def test_a_read_is_one_statement_that_sees_each_commit(app: Flask) -> None:
    seen: list[Any] = []
    for name in ("a", "b"):
        put(name)
        with counted() as statements:
            seen.append(sorted(row.name for row in read(_NAMES, {"set_by": "system"})))
        assert len(statements) == 1
    assert seen == [["a"], ["a", "b"]]


def test_a_read_leaves_its_connection_fit_for_units_of_work(app: Flask) -> None:
    read(_NAMES, {"set_by": "system"})
    with pytest.raises(RuntimeError):
        unit_of_work(_put_and_fail)
    assert read(_NAMES, {"set_by": "system"}) == []


def _put_and_fail() -> None:
    row = OptionValue(name="x", value=1, set_by="system", set_at=datetime.now(UTC))
    db.session.add(row)
    db.session.flush()
    raise RuntimeError


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_connections_that_died_while_idle_are_replaced(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "IDLE_SECONDS", 0.0)
    mine = select(func.pg_backend_pid())
    before = db.session.scalar(mine)
    db.session.rollback()
    with psycopg.connect(settings.database_url, autocommit=True) as other:
        other.execute("SELECT pg_terminate_backend(%s)", [before])
    assert db.session.scalar(mine) != before
    db.session.rollback()


def test_nothing_is_kept_in_a_cookie_session(app: Flask) -> None:
    with app.test_request_context(), pytest.raises(RuntimeError):
        session["a"] = 1
