"""Who may do what, for every operation and everyone who might ask.

The rules come from the document (`x-access`), so that a new operation is in the matrix as soon as
it exists. Each cell is one request. What is refused must change nothing; what is allowed is undone
before the next cell.
"""

from __future__ import annotations

import sqlite3
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask

from app.core.extensions import db
from app.core.openapi import openapi_document
from tests.api.matrix_world import Matrix, Side, build
from tests.api.operations import SAFE, Operation, operations
from tests.api.sampling import body_of, query_of

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

# A published, public campaign is there for every influencer: what is theirs is the application.
FOR_EVERYONE = (
    "/api/v1/influencer/campaigns/{campaign_id}",
    "/api/v1/influencer/campaigns/{campaign_id}/applications",
)


MEMBERS = ("viewer", "finance", "manager")
COLLEAGUES = tuple(f"{role} of A" for role in MEMBERS)


@dataclass(frozen=True)
class World:
    """The app with everyone in it, and a way back to how it was."""

    app: Flask
    matrix: Matrix
    document: dict[str, Any]
    kept: sqlite3.Connection

    def restore(self) -> None:
        """Put the database back."""
        db.session.rollback()
        target = sqlite3.connect(str(db.engine.url.database), timeout=5)
        self.kept.backup(target)
        target.close()

    def content(self) -> list[str]:
        """All rows, as text, but when a key was last used, which a refusal does not undo."""
        with sqlite3.connect(str(db.engine.url.database)) as connection:
            lines = list(connection.iterdump())
        connection.close()
        return [line for line in lines if not line.startswith('INSERT INTO "api_keys"')]

    def ask(self, operation: Operation, caller: str, side: Side) -> Any:
        """The answer to `caller` who asks for objects of `side`."""
        objects = side.objects(operation.asked_as(caller))
        path = operation.address(objects)
        fields = {**self.matrix.fields, **objects}
        fields["offer_hash"] = side.offer_hash
        body = body_of(self.document, operation.description, fields)
        query = query_of(self.document, operation.description, fields)
        headers = {"Idempotency-Key": uuid.uuid4().hex} if operation.method == "post" else {}
        client = self.matrix.callers.get(caller)
        if client is not None:
            headers |= client.headers
        return self.app.test_client().open(
            path,
            method=operation.method.upper(),
            json=body,
            query_string=query,
            headers=headers,
            buffered=False,
        )


@pytest.fixture
def world(app: Flask) -> Iterator[World]:
    matrix = build()
    db.session.remove()
    kept = sqlite3.connect(":memory:")
    source = sqlite3.connect(str(db.engine.url.database))
    source.backup(kept)
    source.close()
    yield World(app, matrix, openapi_document(app), kept)
    kept.close()


def refusal(operation: Operation, caller: str) -> tuple[int, set[str]] | None:
    """How the guard answers `caller`: a status and problem types; None when it lets them in."""
    rule = operation.rule
    if rule["roles"] == ["anyone"]:
        return None
    state = caller.partition(" ")[0]
    if caller == "anonymous" or state == "closed":
        return 401, {"not-signed-in"}
    # Members of the sponsor's team are named by their role in it.
    role = next((name for name in ("admin", "sponsor", "influencer") if name in caller), "sponsor")
    if role not in rule["roles"]:
        return 403, {"forbidden"}
    if state == "pending" and not rule.get("pending"):
        return 403, {"account-pending"}
    if state == "suspended" and not rule.get("suspended") and operation.method not in SAFE:
        return 403, {"account-suspended"}
    member = {"pending": "manager", "suspended": "manager"}.get(state, state)
    member = member if member in MEMBERS else None
    if role == "sponsor" and member and member not in rule.get("members", [member]):
        return 403, {"forbidden"}
    if state == "read" and operation.method not in SAFE:
        return 403, {"scope"}
    # A key proves no password, however lately it was made.
    if state in ("read", "write") and rule.get("fresh"):
        return 403, {"forbidden"}
    return None


def callers(world: World) -> list[str]:
    return ["anonymous", *world.matrix.callers]


def test_every_parameter_has_an_object_in_the_matrix(world: World) -> None:
    unknown = {
        f"{operation}: {name}"
        for operation in operations(world.document)
        for name in operation.parameters
        if name
        not in world.matrix.a.objects(
            "influencer" if operation.surface == "influencer" else "sponsor"
        )
    }
    assert unknown == set(), "teach tests/api/matrix_world.py about these"


def test_whoever_may_not_is_refused_and_changes_nothing(world: World) -> None:
    before = world.content()
    wrong, cells = [], 0
    for operation in operations(world.document):
        for caller in callers(world):
            wanted = refusal(operation, caller)
            if wanted is None:
                continue
            cells += 1
            answer = world.ask(operation, caller, world.matrix.a)
            found = answer.status_code, (answer.get_json(silent=True) or {}).get("type")
            answer.close()
            if found[0] != wanted[0] or found[1] not in wanted[1]:
                wrong.append(f"{operation} by {caller}: {found}, not {wanted}")
    assert not wrong, "\n".join(wrong)
    assert cells > 1_000
    assert world.content() == before


def _who_may(world: World) -> Iterator[tuple[Operation, str]]:
    for operation in operations(world.document):
        for caller in callers(world):
            if refusal(operation, caller) is None:
                yield operation, caller


def test_whoever_may_is_let_in_to_the_own_objects(world: World) -> None:
    wrong = []
    for operation, caller in _who_may(world):
        if caller not in ("anonymous", "admin", "sponsor A", "influencer A"):
            continue
        answer = world.ask(operation, caller, world.matrix.a)
        status = answer.status_code
        kind = (answer.get_json(silent=True) or {}).get("type")
        answer.close()
        world.restore()
        proves_otherwise = status == 401 and operation.rule["roles"] == ["anyone"]
        if (status in (401, 403, 404) and not proves_otherwise) or status >= 500:
            wrong.append(f"{operation} by {caller}: {status} {kind}")
    assert not wrong, "\n".join(wrong)


def test_whoever_may_is_told_nothing_of_the_objects_of_others(world: World) -> None:
    wrong, unproven = [], []
    for operation, caller in _who_may(world):
        own = operation.rule.get("own")
        # What is a user's own is kept from the colleagues too.
        others = ("sponsor B", "influencer B", *(COLLEAGUES if own == "user" else ()))
        if caller not in others or not operation.parameters or own is None:
            continue
        if operation.path in FOR_EVERYONE:
            continue
        answer = world.ask(operation, caller, world.matrix.a)
        status = answer.status_code
        kind = (answer.get_json(silent=True) or {}).get("type")
        answer.close()
        if status == 422:
            unproven.append(f"{operation} by {caller}: {answer.text}")
        elif status != 404:
            wrong.append(f"{operation} by {caller}: {status} {kind}")
        world.restore()
    assert not wrong, "\n".join(wrong)
    assert not unproven, "no body in matrix_world.py for\n" + "\n".join(unproven)


def test_those_in_between_meet_no_failure(world: World) -> None:
    wrong = []
    usual = ("anonymous", "admin", "sponsor A", "influencer A", "sponsor B", "influencer B")
    for operation, caller in _who_may(world):
        # A key that may write was given what its owner may do, which another test asks for.
        if caller in usual or caller.startswith("write"):
            continue
        answer = world.ask(operation, caller, world.matrix.a)
        status = answer.status_code
        answer.close()
        if operation.method not in SAFE:
            world.restore()
        proves_otherwise = operation.rule["roles"] == ["anyone"]
        if (status == 401 and not proves_otherwise) or status >= 500:
            wrong.append(f"{operation} by {caller}: {status}")
    assert not wrong, "\n".join(wrong)
