"""JSON that refuses what would pass as something else further down.

Refused: NaN and Infinity, doubled keys, nesting deeper than 32, lone surrogates, NUL characters,
integers beyond 64 bits, floats that overflow. Texts are normalised to NFC.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Iterable
from typing import Any

from flask.json.provider import DefaultJSONProvider

MAX_DEPTH = 32
_INT64 = 2**63


class MalformedJSON(ValueError):
    """The text is no JSON that this application takes; the message says why."""


def loads(text: str | bytes, *, charset: str = "utf-8") -> Any:
    """The value of `text`, which says to be written in `charset`; raises MalformedJSON."""
    _refuse_charset(charset)
    try:
        if isinstance(text, bytes):
            text = text.decode("utf-8")
        value = json.loads(
            text, parse_constant=_refuse_constant, object_pairs_hook=_object_without_doubles
        )
    except MalformedJSON:
        raise
    except RecursionError:
        raise MalformedJSON(f"nested deeper than {MAX_DEPTH}") from None
    except ValueError as error:
        raise MalformedJSON(str(error)) from None
    return _checked(value, 0)


class StrictProvider(DefaultJSONProvider):
    """Flask's provider with strict reading and compact writing."""

    sort_keys = False
    ensure_ascii = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        return loads(s)


def _refuse_charset(name: str) -> None:
    # Whoever stands between believes what the body says to be, and would read something else.
    if name.strip().lower() not in ("utf-8", "utf8", "us-ascii"):
        raise MalformedJSON("JSON is sent in UTF-8; the content type names another charset")


def _refuse_constant(name: str) -> Any:
    raise MalformedJSON(f"{name} is not a number in JSON")


def _object_without_doubles(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise MalformedJSON("a key stands twice in one object")
        result[key] = value
    return result


def _checked(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        raise MalformedJSON(f"nested deeper than {MAX_DEPTH}")
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(key): _checked(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_checked(item, depth + 1) for item in value]
    if isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise MalformedJSON("an integer is beyond 64 bits")
    if isinstance(value, float) and not math.isfinite(value):
        raise MalformedJSON("a number is too large")
    return value


def clean_text(text: str) -> str:
    """`text` in NFC; raises MalformedJSON on NUL and lone surrogates."""
    if "\x00" in text:
        raise MalformedJSON("a text holds a NUL character")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedJSON("a text holds half of a character (lone surrogate)") from None
    return unicodedata.normalize("NFC", text)
