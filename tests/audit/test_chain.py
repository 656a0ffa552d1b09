"""The chain of the audit trail."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from app.audit import chain
from app.audit.models import AuditEntry, AuditHead
from app.audit.service import record
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.audit.contenders import chain_in_a_minute
from tests.services.contention import contend

LATER = timedelta(minutes=1)


def write(action: str = "thing.done", **data: Any) -> str:
    entry = unit_of_work(
        lambda: record(SYSTEM, action, subject_type="thing", subject_id="thg_1", **data)
    )
    return entry.id


def tamper(statement: str, **values: Any) -> None:
    """Change the table as someone who holds the database may, with the triggers off.

    The next test gets them back: its database is copied from the template.
    """

    def work() -> None:
        if db.session.get_bind().dialect.name == "postgresql":
            db.session.execute(text("SET LOCAL session_replication_role = replica"))
        else:
            for name in ("add", "change", "remove"):
                db.session.execute(text(f"DROP TRIGGER IF EXISTS audit_entries_{name}"))
        db.session.execute(text(statement), values)

    unit_of_work(work)
    db.session.rollback()


def test_entries_get_their_places_in_the_order_in_which_they_were_made(app: Flask) -> None:
    written = [write(number=number) for number in range(5)]
    assert chain_in_a_minute() == 5
    placed = db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [entry.id for entry in placed] == written
    assert [entry.sequence for entry in placed] == [1, 2, 3, 4, 5]
    assert chain.verify() == chain.ChainProof(True, 5, 0)


def test_a_longer_trail_is_chained_across_batches(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chain, "BATCH", 3)
    for number in range(7):
        write(number=number)
    assert chain_in_a_minute() == 7
    write(number=7)
    assert chain_in_a_minute() == 1
    assert chain.verify().checked == 8


def test_digests_cover_the_entry_and_all_before_it(app: Flask) -> None:
    write(amount=1, nested={"b": [1, 2], "a": "ü"})
    write(amount=2)
    chain_in_a_minute()
    first, second = db.session.scalars(select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert first.digest == chain.digest_of(chain.START, first, 1)
    assert second.digest == chain.digest_of(str(first.digest), second, 2)
    assert second.digest != chain.digest_of(chain.START, second, 2)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entries SET data = '{\"amount\": 3}' WHERE id = :id",
        "UPDATE audit_entries SET actor = 'usr_someone' WHERE id = :id",
        "UPDATE audit_entries SET action = 'thing.undone' WHERE id = :id",
        "UPDATE audit_entries SET at = '2020-01-01 00:00:00.000000' WHERE id = :id",
    ],
)
def test_a_changed_entry_is_named(app: Flask, statement: str) -> None:
    write()
    second = write(amount=2)
    write()
    chain_in_a_minute()
    tamper(statement, id=second)
    proof = chain.verify()
    assert not proof.ok
    assert proof.broken == second
    assert proof.checked == 1


def test_a_removed_entry_is_noticed_at_the_one_behind_it(app: Flask) -> None:
    _, second, third = write(), write(), write()
    chain_in_a_minute()
    tamper("DELETE FROM audit_entries WHERE id = :id", id=second)
    proof = chain.verify()
    assert (proof.ok, proof.broken) == (False, third)
    assert proof.reason == "entry 2 is missing before it"


def test_a_removed_end_is_noticed(app: Flask) -> None:
    write()
    last = write()
    chain_in_a_minute()
    tamper("DELETE FROM audit_entries WHERE id = :id", id=last)
    proof = chain.verify()
    assert not proof.ok
    assert proof.checked == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda entry: update(AuditEntry).where(AuditEntry.id == entry).values(actor="usr_other"),
        lambda entry: update(AuditEntry).where(AuditEntry.id == entry).values(digest="0" * 64),
        lambda entry: update(AuditEntry).where(AuditEntry.id == entry).values(sequence=9),
        lambda entry: text("DELETE FROM audit_entries"),
    ],
    ids=["content", "digest", "sequence", "removal"],
)
def test_the_database_refuses_changes_of_the_trail(
    app: Flask, change: Callable[[str], Any]
) -> None:
    entry = write()
    chain_in_a_minute()
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(lambda: db.session.execute(change(entry)))
    assert chain.verify() == chain.ChainProof(True, 1, 0)


def test_the_database_refuses_to_change_an_entry_that_waits_for_its_place(app: Flask) -> None:
    entry = write()
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(
            lambda: db.session.execute(
                update(AuditEntry)
                .where(AuditEntry.id == entry)
                .values(sequence=1, digest="0" * 64, actor="usr_other")
            )
        )


def test_the_database_refuses_an_entry_that_brings_its_own_place(app: Flask) -> None:
    def forge() -> None:
        record(SYSTEM, "forged", subject_type="thing", subject_id="thg_1").sequence = 1
        db.session.flush()

    with pytest.raises(DBAPIError, match="without a place"):
        unit_of_work(forge)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_sqlite_refuses_to_replace_an_entry(app: Flask) -> None:
    entry = write()
    with pytest.raises(DBAPIError, match="once"):
        unit_of_work(
            lambda: db.session.execute(
                text(
                    "INSERT OR REPLACE INTO audit_entries"
                    " (id, at, actor, actor_role, action, subject_type, subject_id, data)"
                    " SELECT id, at, 'usr_other', actor_role, action, subject_type, subject_id,"
                    " data FROM audit_entries WHERE id = :id"
                ),
                {"id": entry},
            )
        )


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_postgres_refuses_to_empty_the_trail_at_once(app: Flask) -> None:
    write()
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(lambda: db.session.execute(text("TRUNCATE audit_entries")))


def _hold_an_entry_open(url_env: dict[str, str], ready: Any, go_on: Any) -> None:
    os.environ.update(url_env)
    from app import create_app

    app = create_app()
    with app.app_context():

        def work() -> None:
            record(SYSTEM, "slow.writer", subject_type="thing", subject_id="thg_1")
            db.session.flush()
            ready.set()
            go_on.wait(30)

        unit_of_work(work)


@pytest.mark.process
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_is_chained_before_an_older_entry_that_may_still_commit(
    app: Flask, environ: dict[str, str]
) -> None:
    context = multiprocessing.get_context("spawn")
    ready, go_on = context.Event(), context.Event()
    before = write("before.it")
    slow = context.Process(target=_hold_an_entry_open, args=(environ, ready, go_on))
    slow.start()
    try:
        assert ready.wait(60)
        # Past the ten seconds in which the slow writer wrote, however long it takes.
        with time_machine.travel(datetime.now(UTC) + timedelta(seconds=30), tick=True):
            write("after.it")
        with time_machine.travel(datetime.now(UTC) + 2 * LATER, tick=True):
            placed_while_open = chain.extend()
        first = [entry.id for entry in db.session.scalars(_in_order())]
        db.session.rollback()
    finally:
        go_on.set()
        slow.join(30)
    assert slow.exitcode == 0
    with time_machine.travel(datetime.now(UTC) + 3 * LATER, tick=True):
        chain.extend()
    assert placed_while_open <= 1
    assert first == [before][:placed_while_open]
    assert [entry.action for entry in db.session.scalars(_in_order())] == [
        "before.it",
        "slow.writer",
        "after.it",
    ]
    assert chain.verify().ok


def _in_order() -> Any:
    return select(AuditEntry).where(AuditEntry.sequence.is_not(None)).order_by(AuditEntry.sequence)


@pytest.mark.process
def test_two_chaining_processes_build_one_chain(app: Flask, environ: dict[str, str]) -> None:
    for number in range(40):
        write(number=number)
    placed = contend(environ, "tests.audit.contenders:chain_in_a_minute", {})
    assert sum(placed) == 40
    assert chain.verify() == chain.ChainProof(True, 40, 0)
    assert db.session.get_one(AuditHead, 1).sequence == 40


def test_verify_names_the_broken_entry_on_the_command_line(app: Flask) -> None:
    entry = write(amount=1)
    chain_in_a_minute()
    runner = app.test_cli_runner()
    fine = runner.invoke(args=["audit", "verify"])
    assert (fine.exit_code, fine.output) == (
        0,
        "ok: 1 entries hold, 0 wait for their place.\n",
    )
    tamper("UPDATE audit_entries SET data = '{}' WHERE id = :id", id=entry)
    broken = runner.invoke(args=["audit", "verify"])
    assert broken.exit_code == 1
    assert entry in broken.output
