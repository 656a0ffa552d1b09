"""Bad questions to everything that is read: refused field by field, and nothing is written."""

from __future__ import annotations

import base64
import json
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app.core.extensions import db
from app.core.openapi import openapi_document
from tests.api.matrix_world import Matrix, build
from tests.api.operations import Operation, caller_of, objects_of, operations

# PostgreSQL refuses more than SQLite does.
ENDLESS = "account_listen_to_events"
TOLD_OF = "admin_download_payout_batch"
BOTH = pytest.mark.parametrize("database", ["sqlite", "postgresql"], indirect=True)


class Reader:
    """Asks what is read as someone who may, and notes what is answered wrongly."""

    def __init__(self, app: Flask, matrix: Matrix) -> None:
        self.app = app
        self.matrix = matrix
        self.document = openapi_document(app)
        self.wrong: Counter[str] = Counter()
        self.asked = 0

    def lists(self) -> Iterator[tuple[Operation, dict[str, Any]]]:
        """Every operation that reads with query parameters, and the schemas of those."""
        for operation in operations(self.document):
            parameters = {
                parameter["name"]: parameter["schema"]
                for parameter in operation.description.get("parameters", [])
                if parameter["in"] == "query"
            }
            if not operation.writes and parameters:
                yield operation, parameters

    def ask(self, operation: Operation, query: Any) -> Any:
        """The answer to a query."""
        self.asked += 1
        caller = caller_of(operation)
        client = self.matrix.callers.get(caller)
        return self.app.test_client().open(
            operation.address(objects_of(operation, caller, self.matrix.a)),
            query_string=query,
            headers=client.headers if client else {},
            buffered=operation.description["operationId"] != ENDLESS,
        )

    def refuses(self, operation: Operation, query: Any, *taken: int) -> None:
        """Ask, and note an answer that is neither a refusal by field nor one of `taken`."""
        answer = self.ask(operation, query)
        said = answer.get_json(silent=True) or {}
        if answer.status_code in taken:
            return
        if (
            answer.status_code != 422
            or answer.content_type != "application/problem+json"
            or not said.get("errors")
        ):
            shown = str(query)[:80]
            self.wrong[f"{operation} ?{shown}: {answer.status_code} {answer.text[:200]}"] += 1

    def check(self) -> None:
        """Fail with whatever was noted."""
        assert not self.wrong, "\n".join(sorted(self.wrong))
        assert self.asked > 100


@pytest.fixture
def reader(app: Flask) -> Reader:
    matrix = build()
    db.session.remove()
    return Reader(app, matrix)


def _cursor(*values: Any) -> str:
    text = json.dumps(values, separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


CURSORS = (
    "x",
    "=",
    "%",
    "\u202e",
    "💸",
    "x" * 2_000,
    "x" * 2_001,
    "../../etc/passwd",
    "' OR 1=1 --",
    _cursor(),
    _cursor("-created_at"),
    _cursor("-created_at", None, None),
    _cursor("-created_at", "9" * 400, "x"),
    _cursor("-created_at", {"$gt": ""}, []),
    _cursor("-created_at", 1e308, True, 3),
    _cursor("name", "\0", "x"),
    _cursor("name", "\ud800", "x"),
    _cursor(["-created_at"], "2026-01-01T00:00:00+00:00", "x"),
    base64.urlsafe_b64encode(b"[" * 1_400).decode(),
    base64.urlsafe_b64encode(b"\xff\xfe\x00").decode(),
    base64.urlsafe_b64encode(b'{"a":1}').decode(),
    base64.urlsafe_b64encode(b"null").decode(),
)
# Rightly made, at places where there is nothing.
FAR = (
    "0001-01-01T00:00:00+00:00",
    "9999-12-31T23:59:59.999999+00:00",
    "9999-12-31T23:00:00-23:00",
    "0001-01-01T00:00:00+23:00",
)


@BOTH
def test_no_made_up_cursor_fails(reader: Reader) -> None:
    for operation, parameters in reader.lists():
        if "cursor" not in parameters:
            continue
        for cursor in CURSORS:
            reader.refuses(operation, {"cursor": cursor})
        for moment in FAR:
            for sort in ("-created_at", "created_at"):
                reader.refuses(operation, {"cursor": _cursor(sort, moment, "x"), "sort": sort}, 200)
    reader.check()


@BOTH
def test_no_cursor_of_another_list_fails(reader: Reader) -> None:
    cursors = set()
    for operation, parameters in reader.lists():
        if "cursor" in parameters:
            cursor = (reader.ask(operation, {"limit": 1}).get_json() or {}).get("next")
            if cursor:
                cursors.add(cursor)
                # One character of a right one changed, at each end and in the middle.
                for place in (0, len(cursor) // 2, len(cursor) - 1):
                    other = "A" if cursor[place] != "A" else "B"
                    changed = cursor[:place] + other + cursor[place + 1 :]
                    reader.refuses(operation, {"cursor": changed}, 200)
    assert len(cursors) > 5
    for operation, parameters in reader.lists():
        if "cursor" in parameters:
            for cursor in cursors:
                # Where orders are alike it is a place in this list too.
                reader.refuses(operation, {"cursor": cursor}, 200)
    reader.check()


def _bad(name: str, schema: dict[str, Any]) -> Iterator[str]:
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if "integer" in types or "number" in types:
        yield from ("x", "1e5x", "NaN", "Infinity", "0x10", "9" * 400, "١x", "", " ", "1,5")
        if "minimum" in schema:
            yield str(schema["minimum"] - 1)
        if "maximum" in schema:
            yield str(schema["maximum"] + 1)
    elif "boolean" in types:
        yield from ("maybe", "2", "", "null", "[]")
    elif schema.get("format") in ("date", "date-time"):
        yield from ("", "now", "0000-00-00", "2026-02-30", "99999-01-01", "1", "-2026-01-01")
        yield "9999-12-31T23:00:00-23:00"
        yield "0001-01-01T00:00:00+23:00"
    elif "enum" in schema or name == "sort":
        yield from ("none-such", "", "-", "--name", "name desc", "id;drop", "status,id", "💸")
    elif "string" in types:
        yield "\0"
        if "maxLength" in schema:
            yield "x" * (schema["maxLength"] + 1)
        if "pattern" in schema:
            yield from ("../x", "' OR 1=1 --", "%")
            if not re.search(schema["pattern"], ""):
                yield ""


@BOTH
def test_every_wrong_parameter_is_refused(reader: Reader) -> None:
    for operation, parameters in reader.lists():
        reader.refuses(operation, {"is_admin": "1"})
        reader.refuses(operation, {"": "1"})
        reader.refuses(operation, {"filter[$ne]": "1"})
        reader.refuses(operation, {"a\0": "1"})
        for name, schema in parameters.items():
            for value in _bad(name, schema):
                reader.refuses(operation, {name: value})
            if schema.get("type") != "array":
                reader.refuses(operation, f"{name}=1&{name}=2")
            reader.refuses(operation, f"{name}[]=1")
    reader.check()


WORDS = (
    "%",
    "_",
    "\\",
    "%%%\\_",
    "'\"`;--",
    "💸👩‍👩‍👧",
    "\u0627\u0644\u0639",
    "ß",
    "İ",
    "Å\u0301",
    "x AND y OR (",
    "*:*",
    "^(a+)+$",
    "\u200d",
    "$1",
    "{0}",
    "NULL",
    "-",
    '"',
    "a" * 100,
)
# Nothing in the world of the matrix holds these.
NOWHERE = ("%", "%%%\\_", "\\", "*:*", "^(a+)+$")


@BOTH
def test_words_that_mean_something_to_a_database_are_only_words(reader: Reader) -> None:
    for operation, parameters in reader.lists():
        if "q" not in parameters:
            continue
        for word in WORDS:
            answer = reader.ask(operation, {"q": word})
            if answer.status_code != 200:
                reader.wrong[f"{operation} ?q={word}: {answer.status_code}"] += 1
            elif answer.is_json and word in NOWHERE and answer.get_json()["items"]:
                reader.wrong[f"{operation} ?q={word} found {answer.get_json()['items'][:1]}"] += 1
        reader.refuses(operation, {"q": "x" * 10_000})
    reader.check()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_reading_writes_nothing(reader: Reader) -> None:
    """A file with account numbers is the exception: that it was taken stands in the trail."""
    watch = sqlite3.connect(str(db.engine.url.database))
    version = watch.execute("PRAGMA data_version").fetchone()
    for operation in operations(reader.document):
        if not operation.writes and operation.description["operationId"] not in (
            ENDLESS,
            TOLD_OF,
        ):
            answer = reader.ask(operation, {})
            assert answer.status_code < 500, operation
            answer.close()
            assert watch.execute("PRAGMA data_version").fetchone() == version, operation
    watch.close()
