"""What a query string means is read once, and no reader spoils it for the next."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from marshmallow import fields
from werkzeug.exceptions import UnprocessableEntity

from app.api.blueprint import StrictParser
from app.core.schemas import Input


class Question(Input):
    """Counts how often it is read."""

    loads = 0
    words = fields.List(fields.String(), load_default=list)
    number = fields.Integer(load_default=0)

    def load(self, data: Any, **more: Any) -> Any:
        Question.loads += 1
        return super().load(data, **more)


@pytest.fixture
def ask(app: Flask) -> Any:
    Question.loads = 0
    parser, question = StrictParser(), Question()

    def read(query: str) -> Any:
        with app.test_request_context(f"/?{query}"):
            return parser.parse(question, location="query")

    return read


def test_the_same_question_is_read_once_and_given_unspoilt(ask: Any) -> None:
    first = ask("words=a&number=1")
    first.pop("number")
    first["words"].append("b")
    assert ask("words=a&number=1") == {"words": ["a"], "number": 1}
    assert Question.loads == 1
    assert ask("words=a&number=2") == {"words": ["a"], "number": 2}
    assert Question.loads == 2


def test_what_is_refused_is_read_again_and_refused_again(ask: Any) -> None:
    for _ in range(2):
        with pytest.raises(UnprocessableEntity):
            ask("number=x")
    assert Question.loads == 2


def test_long_questions_are_not_kept(ask: Any) -> None:
    long = f"words={'a' * 600}"
    assert ask(long) == ask(long)
    assert Question.loads == 2
