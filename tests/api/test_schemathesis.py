"""Generated requests, good and bad, to every operation, held against the API document.

Each operation is asked as someone who may call it: by requests at the edges of its schema
(shortest, longest, one less, one more, each field left out, each of a wrong type) and by random
ones. The quick size takes some of the edges; ACCORD_TORTURE=full takes all of them, as everyone
who may call, and many random ones.
"""

from __future__ import annotations

import contextlib
import os
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup

from tests.api.matrix_world import Matrix, build

FULL = os.environ.get("ACCORD_TORTURE") == "full"
EXAMPLES = 25 if FULL else 1
# One edge of so many; which one differs from operation to operation.
EDGE_OF = 1 if FULL else 5
WHO = {
    "anyone": "anonymous",
    "admin": "admin",
    "sponsor": "sponsor A",
    "influencer": "influencer A",
}
# What would end the sign-in of the run, or never answers to its end.
LEFT_OUT = {"public_logout", "account_listen_to_events"}

CONFIG = SchemathesisConfig.from_dict(
    {
        # The sign-in is the caller's: whether a made-up one is refused is asked by `ignored_auth`.
        "generation": {"with-security-parameters": False},
        "checks": {
            # No schema can say that dates are in order, that a cursor is this list's or that an
            # id exists: good data may still be refused field by field, which 422 means here.
            "positive_data_acceptance": {
                "expected-statuses": ["2xx", "3xx", "401", "403", "404", "409", "422", "429"]
            }
        },
    }
)

load_all_checks()

# PostgreSQL refuses more than SQLite does: NUL in a text, a number beyond its column.
pytestmark = pytest.mark.parametrize("database", ["postgresql"], indirect=True)


@pytest.fixture
def matrix(app: Flask) -> Matrix:
    return build()


class Asker:
    """Asks an operation as one caller, and counts what does not hold."""

    def __init__(self, matrix: Matrix, role: str) -> None:
        caller = WHO[role]
        client = matrix.callers.get(caller)
        self.headers = {"Accept-Encoding": "identity", **(client.headers if client else {})}
        self.objects = matrix.a.objects("public" if role == "anyone" else role)
        if role == "admin":
            self.objects |= matrix.a.objects("admin's account")
        self.caller = caller
        self.checks = [CHECKS.get_one(name) for name in CHECKS.get_all_names()]
        self.asked = 0
        self.wrong: Counter[str] = Counter()

    def ask(self, case: Case) -> None:
        if case.meta is not None and not case.meta.is_negative_at("path"):
            for name in case.path_parameters:
                case.path_parameters[name] = self.objects.get(name, case.path_parameters[name])
        self.asked += 1
        try:
            case.call_and_validate(headers=self.headers, checks=self.checks)
        except FailureGroup as group:
            for failure in group.exceptions:
                text = f"{case.method} {case.operation.path} as {self.caller}: {failure}"
                self.wrong[" ".join(f"{text} | {case.body!r}".split())[:700]] += 1


def _roles(operation: Any) -> list[str]:
    """As whom an operation is asked: for what several roles share, one of them is enough."""
    raw = operation.definition.raw
    roles: list[str] = raw["x-access"]["roles"]
    if raw["operationId"] in LEFT_OUT:
        return []
    return roles if FULL else [roles[len(roles) // 2]]


def _edges(schema: Any, operation: Any, mode: GenerationMode, number: int) -> Iterator[Case]:
    cases = schema.iter_coverage_cases(
        operation,
        generation_modes=[mode],
        generation_config=schema.config.generation_for(operation=operation),
    )
    for place, case in enumerate(cases):
        if place % EDGE_OF == number % EDGE_OF:
            yield case


def _at_random(operation: Any, mode: GenerationMode, asker: Asker) -> None:
    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(operation.as_strategy(mode))
    def ask(case: Case) -> None:
        asker.ask(case)

    ask()


@pytest.mark.torture
@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=str)
def test_generated_requests_get_documented_answers(
    app: Flask, matrix: Matrix, mode: GenerationMode
) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app, config=CONFIG)
    askers = {role: Asker(matrix, role) for role in WHO}
    found = [result.ok() for result in schema.get_all_operations()]
    # What removes goes last, so that it does not take what others ask for.
    for number, operation in enumerate(sorted(found, key=lambda one: one.method == "delete")):
        for asker in map(askers.__getitem__, _roles(operation)):
            for case in _edges(schema, operation, mode, number):
                asker.ask(case)
            # Many operations know no bad request, and random search takes long to find that out.
            if FULL or mode is GenerationMode.POSITIVE:
                with contextlib.suppress(Unsatisfiable):
                    _at_random(operation, mode, asker)
    wrong = sorted(line for asker in askers.values() for line in asker.wrong)
    assert not wrong, f"{len(wrong)} answers:\n" + "\n".join(wrong)
    assert all(asker.asked > 10 for asker in askers.values())
