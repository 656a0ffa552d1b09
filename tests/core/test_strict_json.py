"""JSON that would pass as something else further down is refused."""

from __future__ import annotations

import contextlib
import json
import unicodedata

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from app.core.strict_json import MAX_DEPTH, MalformedJSON, loads

REFUSED = {
    "NaN": '{"amount": NaN}',
    "Infinity": '{"amount": Infinity}',
    "minus Infinity": "[-Infinity]",
    "a float that overflows": "[1e999]",
    "a doubled key": '{"role": "influencer", "role": "admin"}',
    "a doubled key further down": '{"a": [{"b": 1, "b": 2}]}',
    "a doubled key spelt with an escape": '{"a": 1, "\\u0061": 2}',
    "one level too deep": "[" * (MAX_DEPTH + 2) + "]" * (MAX_DEPTH + 2),
    "a hundred thousand levels": "[" * 100_000 + "]" * 100_000,
    "deep objects": '{"a":' * 40 + "1" + "}" * 40,
    "a lone surrogate": '["\\ud800"]',
    "a lone surrogate as a key": '{"\\udfff": 1}',
    "surrogates the wrong way round": '["\\udc00\\ud800"]',
    "NUL": '["a\\u0000b"]',
    "NUL in a key": '{"a\\u0000": 1}',
    "an integer beyond 64 bits": "[9223372036854775808]",
    "a negative integer beyond 64 bits": "[-9223372036854775809]",
    "ten to the thirty": "[1000000000000000000000000000000]",
    "five thousand digits": "[" + "9" * 5000 + "]",
    "a trailing comma": "[1,]",
    "two values": "1 2",
    "nothing": "",
    "a comment": "[1] // one",
    "single quotes": "{'a': 1}",
    "half a text": '"abc',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_pass_as_something_else_is_refused(name: str) -> None:
    with pytest.raises(MalformedJSON):
        loads(REFUSED[name])


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_body_is_a_400_that_says_why(client: FlaskClient, name: str) -> None:
    answer = client.post(
        "/api/v1/auth/login", data=REFUSED[name] or "{", content_type="application/json"
    )
    assert answer.status_code == 400
    assert answer.get_json()["type"] == "malformed-request"
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("charset", "status"),
    [("utf-16", 400), ("latin-1", 400), ("UTF-8", 401), ('"utf-8"', 401), ("utf8", 401)],
)
def test_a_body_is_what_its_content_type_says(
    client: FlaskClient, charset: str, status: int
) -> None:
    answer = client.post(
        "/api/v1/auth/login",
        data=b'{"email": "a@example.org", "password": "long enough 12"}',
        content_type=f"application/json; charset={charset}",
    )
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("body", [b"\xff\xfe{}", b'{"a": "\xc3"}', b"\x00"])
def test_bytes_that_are_no_utf_8_are_refused(body: bytes) -> None:
    with pytest.raises(MalformedJSON):
        loads(body)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("[9223372036854775807, -9223372036854775808]", [2**63 - 1, -(2**63)]),
        ('"\\ud83d\\ude00"', "😀"),
        ('{"a": null, "b": [true, false, 0.1]}', {"a": None, "b": [True, False, 0.1]}),
        ('"e\\u0301"', "é"),
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, None),
    ],
)
def test_what_is_plain_passes(text: str, value: object) -> None:
    found = loads(text)
    if value is not None:
        assert found == value


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec="utf-8", exclude_characters="\x00")),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(st.characters(codec="ascii", exclude_characters="\x00")), inner, max_size=4
        )
    ),
    max_leaves=20,
)


def composed(value: object) -> object:
    """The value with every text in NFC."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [composed(item) for item in value]
    if isinstance(value, dict):
        return {composed(key): composed(item) for key, item in value.items()}
    return value


@given(JSON)
def test_every_plain_value_comes_back_in_composed_characters(value: object) -> None:
    assert loads(json.dumps(value)) == composed(value)
    assert loads(json.dumps(value, ensure_ascii=False).encode()) == composed(value)


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else(text: str) -> None:
    with contextlib.suppress(MalformedJSON):
        loads(text)
