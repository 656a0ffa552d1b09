"""Every error is a problem document that says what happened and nothing of the inside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError
from werkzeug.exceptions import ServiceUnavailable

from app import create_app
from app.core.errors import (
    Conflict,
    DomainError,
    Forbidden,
    Invalid,
    NotFound,
    NotSignedIn,
    RefusedTransition,
    StaleVersion,
    TooMany,
    Unavailable,
)
from app.core.extensions import db
from app.core.problems import flatten
from app.core.transaction import unit_of_work
from config import Settings

SECRET = "SELECT password_hash FROM users WHERE id = 'usr_secret'"


class _Driver(Exception):
    """What a driver says."""

    sqlstate = "23505"


ERRORS: dict[str, Exception] = {
    "not-signed-in": NotSignedIn("Sign in."),
    "forbidden": Forbidden("Not yours."),
    "not-found": NotFound(),
    "conflict": Conflict("No."),
    "refused-transition": RefusedTransition("No.", state="draft", event="publish"),
    "stale-version": StaleVersion(),
    "invalid": Invalid("Look again.", name="Give a name."),
    "too-many-requests": TooMany(headers={"Retry-After": "3"}),
    "unavailable": Unavailable(headers={"Retry-After": "1"}),
    "unavailable-http": ServiceUnavailable("Closed for the night."),
    "conflict-integrity": IntegrityError(SECRET, {"id": "usr_secret"}, _Driver("duplicate key")),
    "unavailable-busy": OperationalError(SECRET, {}, Exception("database is locked")),
    "internal-database": ProgrammingError(SECRET, {}, Exception("syntax error near usr_secret")),
    "internal-error": ValueError(SECRET),
    "internal-recursion": RecursionError("maximum recursion depth exceeded"),
}


@pytest.fixture
def broken(settings: Settings) -> Iterator[FlaskClient]:
    """An app with a view that raises what it is told to."""
    app = create_app(settings)

    def raises(name: str) -> Any:
        raise ERRORS[name]

    def fails_in_a_unit() -> Any:
        return unit_of_work(lambda: db.session.execute(text("SELECT nothing FROM nowhere_secret")))

    app.add_url_rule("/api/v1/raise/<name>", view_func=raises, methods=["GET", "POST"])
    app.add_url_rule("/api/v1/fails", view_func=fails_in_a_unit)
    with app.app_context():
        yield app.test_client()
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("name", ERRORS)
def test_every_error_is_a_problem_without_the_inside(broken: FlaskClient, name: str) -> None:
    answer = broken.get(f"/api/v1/raise/{name}")
    assert answer.content_type == "application/problem+json"
    body = answer.get_json()
    assert body["status"] == answer.status_code
    assert body["title"]
    assert body["request_id"] == answer.headers["X-Request-Id"]
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    kind = name.removesuffix("-http").removesuffix("-integrity").removesuffix("-busy")
    wanted = {"internal-database": "internal-error", "internal-recursion": "internal-error"}
    assert body["type"] == wanted.get(kind, kind)
    error = ERRORS[name]
    if isinstance(error, DomainError):
        assert answer.status_code == error.status
    for header in ("Retry-After",):
        if isinstance(error, DomainError) and header in error.headers:
            assert answer.headers[header] == error.headers[header]


def test_a_refused_transition_says_the_present_state(broken: FlaskClient) -> None:
    body = broken.post("/api/v1/raise/refused-transition").get_json()
    assert (body["state"], body["event"]) == ("draft", "publish")


def test_malformed_input_says_what_field_by_field(broken: FlaskClient) -> None:
    body = broken.get("/api/v1/raise/invalid").get_json()
    assert body["errors"] == {"name": ["Give a name."]}


def test_a_statement_that_fails_shows_no_statement(broken: FlaskClient) -> None:
    answer = broken.get("/api/v1/fails")
    assert answer.status_code == 500
    assert "nowhere_secret" not in answer.text


def test_a_path_that_does_not_exist_is_a_problem(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_a_method_that_is_not_taken_names_those_that_are(client: FlaskClient) -> None:
    answer = client.delete("/api/v1/auth/login")
    assert answer.status_code == 405
    assert answer.get_json()["type"] == "method-not-allowed"
    assert "POST" in answer.headers["Allow"]


def test_a_body_that_is_too_large_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/api/v1/auth/login",
        data=b'{"email": "' + b"a" * (1024 * 1024) + b'"}',
        content_type="application/json",
    )
    assert answer.status_code == 413
    assert answer.content_type == "application/problem+json"


@pytest.mark.parametrize(
    ("messages", "flat"),
    [
        ({"a": ["x"]}, {"a": ["x"]}),
        ({"a": {"b": {"0": ["x"]}}}, {"a.b.0": ["x"]}),
        ({"a": {0: {"b": ["x", "y"]}}}, {"a.0.b": ["x", "y"]}),
        ({"_schema": ["x"]}, {"body": ["x"]}),
        ({"a": {"_schema": ["x"]}}, {"a": ["x"]}),
        ("x", {"body": ["x"]}),
    ],
)
def test_nested_messages_become_dotted_paths(messages: Any, flat: dict[str, list[str]]) -> None:
    assert flatten(messages) == flat
