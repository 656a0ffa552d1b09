"""Bad requests to every operation: each is refused in plain words, and changes nothing.

The corpus is made from the API document, so that a new operation is in it as soon as it exists.
"""

from __future__ import annotations

import io
import itertools
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from flask import Flask
from psycopg import sql
from sqlalchemy import select, update

from app.attribution.order_facts import OrderSourceKind
from app.attribution.order_models import OrderSource
from app.core.clock import now
from app.core.extensions import db
from app.core.openapi import openapi_document
from tests.api import malformed
from tests.api.malformed import Bad
from tests.api.matrix_world import Matrix, build
from tests.api.operations import Operation, caller_of, objects_of, operations
from tests.api.sampling import body_of, query_of

ON_SQLITE = pytest.mark.parametrize("database", ["sqlite"], indirect=True)
# PostgreSQL is asked a part of it: one bad request of so many.
PART = 12
# What arrives here is signed, and the signature is looked at before the body is read.
SIGNED = ("/public/gateways/", "/public/orders/")


@dataclass
class World:
    """The app with everyone in it, and what it answered wrongly."""

    app: Flask
    matrix: Matrix
    document: dict[str, Any]
    wrong: Counter[str]
    asked: int = 0

    def operations(self) -> Iterator[tuple[Operation, dict[str, str], Any]]:
        """Every operation with right ids and a right body."""
        for operation in operations(self.document):
            objects = objects_of(operation, caller_of(operation), self.matrix.a)
            fields = {**self.matrix.fields, **objects}
            yield operation, objects, body_of(self.document, operation.description, fields)

    def refuses(self, operation: Operation, objects: dict[str, str], bad: Bad) -> None:
        """Ask, and note what is wrong with the answer."""
        self.asked += 1
        client = self.matrix.callers.get(caller_of(operation))
        given = client.headers if client else {}
        if any(
            key["name"] == "Idempotency-Key" and key["required"] for key in _parameters(operation)
        ):
            given = {"Idempotency-Key": f"bad-{self.asked}", **given}
        answer = self.app.test_client().open(
            bad.path or operation.address(objects),
            method=operation.method.upper(),
            query_string=query_of(self.document, operation.description, objects),
            data=bad.body,
            content_type=bad.content_type,
            headers={**given, **bad.headers},
            environ_overrides=dict(bad.environ),
        )
        said = answer.get_json(silent=True) or {}
        found = f"{operation} {bad.name}: {answer.status_code}"
        wanted = bad.wanted | ({401} if any(part in operation.path for part in SIGNED) else set())
        if answer.status_code not in wanted:
            self.wrong[f"{found}, not {sorted(wanted)} {answer.text[:200]}"] += 1
        elif answer.status_code >= 400:
            if answer.content_type != "application/problem+json":
                self.wrong[f"{found} is {answer.content_type}"] += 1
            elif not said.get("title") or not (
                said.get("detail") or said.get("errors") or answer.status_code == 404
            ):
                self.wrong[f"{found} says nothing: {said}"] += 1
        answer.close()


def _parameters(operation: Operation) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = operation.description.get("parameters", [])
    return found


@pytest.fixture
def world(app: Flask) -> World:
    matrix = build()
    # The note that a shop's message was refused is kept once a minute; here it was just now.
    db.session.execute(update(OrderSource).values(refused_at=now() + timedelta(hours=1)))
    db.session.commit()
    db.session.remove()
    return World(app, matrix, openapi_document(app), Counter())


def content() -> list[str]:
    """All rows of all tables, as text."""
    url = db.engine.url
    if url.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(url.database))
        lines = list(connection.iterdump())
        connection.close()
        return lines
    with psycopg.connect(
        host=url.host or url.query.get("host"),
        dbname=url.database,
        user=url.username,
        port=url.port,
    ) as connection:
        names = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        return [
            f"{name}: {row}"
            for (name,) in names
            for row in connection.execute(
                sql.SQL("SELECT t::text FROM {} t ORDER BY 1").format(sql.Identifier(name))
            )
        ]


def corpus(world: World) -> Iterator[tuple[Operation, dict[str, str], Bad]]:
    """Every bad request to every operation."""
    seen: set[str] = set()
    for operation, objects, good in world.operations():
        if operation.writes and good is not None:
            for bad in malformed.bodies(operation, good):
                yield operation, objects, bad
            # Roles that share a schema share its fields.
            schema = str(operation.description["requestBody"])
            if schema not in seen:
                seen.add(schema)
                for bad in malformed.values(world.document, operation, good):
                    yield operation, objects, bad
        if operation.writes:
            for bad in malformed.headers(operation, good):
                yield operation, objects, bad
        for bad in malformed.ids(operation, objects, good):
            yield operation, objects, bad


def check(world: World, before: list[str]) -> None:
    db.session.remove()
    lines = sorted(world.wrong)
    assert not lines, f"{len(lines)} answers:\n" + "\n".join(lines)
    assert content() == before


@ON_SQLITE
def test_nothing_malformed_gets_through(world: World) -> None:
    before = content()
    watch = sqlite3.connect(str(db.engine.url.database))
    version = watch.execute("PRAGMA data_version").fetchone()
    for operation, objects, bad in corpus(world):
        world.refuses(operation, objects, bad)
        after = watch.execute("PRAGMA data_version").fetchone()
        if after != version:
            world.wrong[f"{operation} {bad.name}: wrote"] += 1
            version = after
    watch.close()
    assert world.asked > 3_000
    check(world, before)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_nothing_malformed_gets_through_on_postgresql_either(world: World) -> None:
    before = content()
    for operation, objects, bad in itertools.islice(corpus(world), 0, None, PART):
        world.refuses(operation, objects, bad)
    check(world, before)


@ON_SQLITE
def test_a_forged_message_of_a_shop_leaves_a_note_of_itself_and_nothing_else(world: World) -> None:
    db.session.execute(update(OrderSource).values(refused_at=None))
    db.session.commit()
    woocommerce = select(OrderSource).where(OrderSource.kind == OrderSourceKind.WOOCOMMERCE)
    source = db.session.scalars(woocommerce.order_by(OrderSource.id).limit(1)).one()
    address, source_id = f"/api/v1/public/orders/{source.sponsor_id}/woocommerce", source.id
    db.session.remove()
    before = content()
    for _ in range(3):
        assert world.app.test_client().post(address).status_code == 401
    changed = set(content()) ^ set(before)
    assert len(changed) == 2, "the row as it was and as it is"
    assert all(source_id in line for line in changed)
    kept = db.session.get_one(OrderSource, source_id)
    assert (kept.refused_at is not None, kept.refused_reason) == (True, "bad-signature")


@ON_SQLITE
def test_a_long_body_that_tells_no_length_is_not_cut_short(world: World) -> None:
    """A good beginning with something behind the limit is no good body."""
    body = b'{"name": "Chunks"}' + b" " * malformed.LARGE + b"garbage"
    answer = world.app.test_client().post(
        "/api/v1/sponsor/brands",
        input_stream=io.BytesIO(body),
        content_type="application/json",
        headers=world.matrix.callers["sponsor A"].headers,
        environ_overrides={"wsgi.input_terminated": True},
    )
    assert (answer.status_code, answer.get_json()["type"]) == (413, "too-large")
