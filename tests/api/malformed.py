"""Requests that no operation takes, made from what the API document says that it takes."""

from __future__ import annotations

import copy
import itertools
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.api.operations import Operation

JSON = "application/json"
UNREADABLE = {400}
NOT_TAKEN = {400, 422}
WRONG_FIELD = {422}
TOO_LARGE = {413}
ABSENT = {404, 405, 308}

LARGE = 2 * 1024 * 1024


@dataclass(frozen=True)
class Bad:
    """One bad request: what is wrong with it, and the statuses that say so."""

    name: str
    wanted: set[int]
    body: bytes | None = None
    content_type: str | None = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    path: str | None = None
    environ: Mapping[str, str] = field(default_factory=dict)


def bodies(operation: Operation, good: Any) -> Iterator[Bad]:
    """Bodies that cannot be read, or are of no use as they are; `good` is one that can."""
    text = json.dumps(good)
    if operation.description["requestBody"].get("required", False):
        yield Bad("no body and no type", NOT_TAKEN, None, None)
        yield Bad("an empty body", NOT_TAKEN, b"")
    yield Bad("white space", UNREADABLE, b" \r\n\t ")
    yield Bad("no JSON", UNREADABLE, b"offer_hash=1&x=%00")
    yield Bad("JavaScript", UNREADABLE, b"{name: 'x', // comment\n}")
    yield Bad("a trailing comma", UNREADABLE, text.encode()[:-1] + b",}")
    yield Bad("cut off", UNREADABLE, (text[:-1] + ', "x": "y').encode())
    yield Bad("two documents", UNREADABLE, (text + text).encode())
    yield Bad("a mark of byte order", UNREADABLE, b"\xef\xbb\xbf" + text.encode())
    yield Bad("UTF-16", UNREADABLE, text.encode("utf-16"))
    yield Bad("no UTF-8", UNREADABLE, _with(good, "zz", "@").replace(b"@", b"\xff\xfe\xc0\x80"))
    for top in ("[]", "[[]]", "null", "true", "1", '"x"', "[" + text + "]"):
        yield Bad(f"{top[:4]} at the top", NOT_TAKEN, top.encode())
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "a"):
        yield Bad(f"the type {kind}", UNREADABLE, text.encode(), kind)
    for word in ("NaN", "Infinity", "-Infinity", "1e400", "-1e999", "9" * 5000, "1" * 30):
        yield Bad(f"{word[:9]}", UNREADABLE, _with(good, "zz", "@").replace(b'"@"', word.encode()))
    for depth in (33, 1_000, 100_000):
        deep = b"[" * depth + b"]" * depth
        yield Bad(f"{depth} deep", UNREADABLE, _with(good, "zz", "@").replace(b'"@"', deep))
    yield Bad("1,000 objects deep", UNREADABLE, b'{"a":' * 1_000 + b"1" + b"}" * 1_000)
    yield Bad("2 MiB", TOO_LARGE, _with(good, "zz", "x" * LARGE))
    doubled = (text[:-1] + (", " if good else "") + '"zz": 1, "zz": 1}').encode()
    yield Bad("a doubled key", UNREADABLE, doubled)
    yield Bad("a key doubled by an escape", UNREADABLE, doubled.replace(b'"zz"', rb'"\u007az"', 1))
    yield Bad("an unknown field", WRONG_FIELD, _with(good, "is_admin", True))
    for name in ("__proto__", "constructor", "", "id", "status", "sponsor_id\u200b", "$where"):
        if name not in _properties(operation):
            yield Bad(f"an unknown field {name!r}", WRONG_FIELD, _with(good, name, "x"))
    yield Bad("NUL in a key", UNREADABLE, _with(good, "a\0", 1))
    yield Bad("half a character in a key", UNREADABLE, _with(good, "\ud800", 1))


def values(document: Mapping[str, Any], operation: Operation, good: Any) -> Iterator[Bad]:
    """Bodies with one wrong value, for each field of the body at any depth."""
    schema = operation.description["requestBody"]["content"][JSON]["schema"]
    for place, part in _fields(document, schema, ()):
        for name, value, wanted in _wrong(document, part):
            changed = _put(good, place, value)
            if changed is not None:
                where = ".".join(map(str, place))
                yield Bad(f"{where}: {name}", wanted, json.dumps(changed).encode())


def ids(operation: Operation, objects: Mapping[str, str], good: Any) -> Iterator[Bad]:
    """Paths whose last id is none; the ids before it are right."""
    if not operation.parameters:
        return
    last = operation.parameters[-1]
    real = objects.get(last, "x")
    kind = real.partition("_")[0]
    other = "cmp_" if kind != "cmp" else "usr_"
    body = None if good is None else json.dumps(good).encode()
    for value in (
        "",
        "%20",
        "0",
        "-1",
        "x" * 3_000,
        other + real.partition("_")[2],
        real.upper() + "X",
        real + "%00",
        "%00",
        real + "%0a",
        real + "%20",
        real + "%27%20OR%201=1--",
        "..%2f..%2fadmin",
        "..%5c..",
        "%2e%2e",
        "%ff%fe",
        "%ed%a0%80",
        "%F0%9F%92%B8",
        "%E2%80%AE" + real,
        "{" + last + "}",
        "*",
        "%25",
        "null",
        "undefined",
    ):
        path = operation.address({**objects, last: value})
        yield Bad(f"the id {value[:30]!r}", ABSENT, body, JSON if body else None, path=path)


def headers(operation: Operation, good: Any) -> Iterator[Bad]:
    """Right requests with one hostile header."""
    body = None if good is None else json.dumps(good).encode()
    kind = JSON if body else None
    if operation.method == "patch":
        for tag in ('"x"', 'W/"x"', '"' * 50, "x" * 4_000, '"\xe9"', "\xff\xfe", '"a", "b"', "''"):
            yield Bad(f"If-Match {tag[:9]}", {412}, body, kind, {"If-Match": tag})
    keeps = {"Idempotency-Key"} & {
        parameter["name"] for parameter in operation.description.get("parameters", [])
    }
    if keeps:
        for key in ("", " ", "a b", "x" * 129, "\xe9", "\x7f", "a\tb", "\xff" * 20):
            yield Bad(f"key {key[:9]!r}", WRONG_FIELD, body, kind, {"Idempotency-Key": key})
    if not operation.is_public:
        for value in _AUTHORIZATIONS:
            # A key would come before the sign-in is even looked at.
            yield Bad(f"{value[:20]!r}", {401}, body, kind, {"Authorization": value})
    if body:
        wrong = _with(good, "is_admin", True)
        for name, value in _STRANGE:
            yield Bad(f"{name}: {value[:20]}", WRONG_FIELD, wrong, JSON, {name: value})
    if body and operation.description["requestBody"].get("required"):
        # Werkzeug reads no body at all then; a server in front refuses most of these itself.
        for length in ("-1", "x", "1e3", "99999999999999", "0x10", "+5", " "):
            yield Bad(
                f"Content-Length {length}",
                {400, 413, 422},
                wrong,
                environ={"CONTENT_LENGTH": length},
            )


_AUTHORIZATIONS = (
    "Bearer",
    "Bearer ",
    "Bearer null",
    "Bearer a.b.c",
    "Bearer \xff\xfe",
    "Bearer ak_",
    "Bearer ak_" + "x" * 5_000,
    "Bearer ak_\xe9\x7f",
    "Basic YWRtaW46YWRtaW4=",
    "Digest x",
    # No signature, as an admin.
    "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ1c3JfMSIsInNpZCI6InNlc18xIiwidHlwZSI6ImFjY2VzcyJ9.",
    "Bearer " + "." * 2_000,
)
_STRANGE = (
    ("Accept", "image/png"),
    ("Accept", "text/html;q=NaN, */*;q=-1"),
    ("Accept", "\xff"),
    ("Accept-Language", "x" * 5_000),
    ("Accept-Encoding", "br;q=x, \xff"),
    ("Origin", "https://evil.example"),
    ("Origin", "null"),
    ("Origin", "http://[::1"),
    ("Referer", "javascript:alert(1)"),
    ("Host", "evil.example"),
    ("Host", "localhost:99999999"),
    ("Host", "a b<script>"),
    ("Host", "[::1"),
    ("X-Forwarded-Host", "evil.example"),
    ("X-Forwarded-For", "127.0.0.1, \xff"),
    ("X-HTTP-Method-Override", "DELETE"),
    ("X-Request-Id", "x" * 5_000 + "\x7f"),
    ("Range", "bytes=0-1,-1,99-"),
    ("If-None-Match", '"' * 300),
    ("If-Modified-Since", "Sun, 32 Foo 99999 99:99:99 GMT"),
    ("Cookie", "accord_access=\xff; accord_access=..; =;;;"),
    ("Content-Encoding", "gzip"),
    ("Expect", "100-continue"),
    ("User-Agent", "\xf0\x9f\x92\xb8" * 500),
)

# --- fields -------------------------------------------------------------------------------------


def _fields(
    document: Mapping[str, Any], schema: Mapping[str, Any], place: tuple[Any, ...]
) -> Iterator[tuple[tuple[Any, ...], Mapping[str, Any]]]:
    plain = _resolved(document, schema)
    if place:
        yield place, plain
    if len(place) > 6:
        return
    for name, part in plain.get("properties", {}).items():
        yield from _fields(document, part, (*place, name))
    if "items" in plain:
        yield from _fields(document, plain["items"], (*place, 0))


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if "$ref" in schema:
        named = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _resolved(document, named)
    for word in ("anyOf", "oneOf", "allOf"):
        if word in schema:
            plain = _resolved(document, schema[word][0])
            return {**plain, "nullable": {"type": "null"} in schema[word]}
    return schema


def _wrong(
    document: Mapping[str, Any], schema: Mapping[str, Any]
) -> Iterator[tuple[str, Any, set[int]]]:
    types = schema.get("type", "object")
    types = [types] if isinstance(types, str) else types
    if "object" not in types and "array" not in types:
        yield "an object", {"$ne": None}, WRONG_FIELD
        yield "a list", [["x"]], WRONG_FIELD
    if "null" not in types and not schema.get("nullable") and None not in schema.get("enum", []):
        yield "null", None, WRONG_FIELD
    if "string" in types:
        yield from _wrong_texts(schema)
    elif "integer" in types or "number" in types:
        yield from _wrong_numbers(schema, whole="integer" in types)
    elif "boolean" in types:
        for value in ("maybe", 2, "", [], -1):
            yield repr(value), value, WRONG_FIELD
    elif "array" in types:
        yield "a text for a list", "x", WRONG_FIELD
        yield "an object for a list", {"0": "x"}, WRONG_FIELD
        if "maxItems" in schema and schema["maxItems"] <= 1_000:
            yield "too many", [None] * (schema["maxItems"] + 1), WRONG_FIELD
    elif schema.get("properties"):
        for value in ("x", 1, True, []):
            yield f"{value!r} for an object", value, WRONG_FIELD
        yield "an unknown member", {"is_admin": True}, WRONG_FIELD


def _wrong_texts(schema: Mapping[str, Any]) -> Iterator[tuple[str, Any, set[int]]]:
    yield "a number", 5, WRONG_FIELD
    yield "a truth", True, WRONG_FIELD
    yield "NUL", "a\0b", UNREADABLE
    yield "half a character", "a\ud83db", UNREADABLE
    if "enum" in schema:
        yield "none of the choices", "zz-none", WRONG_FIELD
        return
    if schema.get("format") in ("date", "date-time"):
        for value in (
            "",
            "0000-00-00",
            "0001-01-01",
            "9999-12-31",
            "2026-02-30",
            "99999-01-01",
            "2026-W01-1x",
            "-2026-01-01",
            "now",
            "1",
            "2026-01-01T00:00:00+99:99",
        ):
            yield value, value, WRONG_FIELD
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1), WRONG_FIELD
    if schema.get("minLength"):
        yield "empty", "", WRONG_FIELD
        # White space may be a password.
        if schema["minLength"] > 1 or "pattern" in schema:
            yield "only white space", " \u00a0\u2003 ", WRONG_FIELD
    if schema.get("format") in ("url", "uri"):
        for value in (
            "javascript:alert(1)",
            "data:text/html,x",
            "file:///etc/passwd",
            "//x",
            "x",
            "http://",
            "https://a b",
            "ftp://example.com",
            "http://[::1",
        ):
            yield value, value, WRONG_FIELD
    if schema.get("format") == "email":
        for value in ("x", "@", "a@", "a@b@c.de", "a b@example.com", "a@example.com\nBcc: x@y.z"):
            yield value, value, WRONG_FIELD


def _wrong_numbers(
    schema: Mapping[str, Any], *, whole: bool
) -> Iterator[tuple[str, Any, set[int]]]:
    yield "a truth", True, WRONG_FIELD
    yield "a text", "x", WRONG_FIELD
    yield "beyond 64 bits", 2**63, UNREADABLE
    if "minimum" in schema:
        yield "too little", schema["minimum"] - 1, WRONG_FIELD
        yield "far too little", -(2**63), WRONG_FIELD
    if "maximum" in schema:
        yield "too much", schema["maximum"] + 1, WRONG_FIELD
        yield "far too much", 2**63 - 1, WRONG_FIELD
    if whole:
        yield "a fraction", 1.5, WRONG_FIELD


def _put(good: Any, place: tuple[Any, ...], value: Any) -> Any:
    """`good` with `value` at `place`; None where the way there cannot be made."""
    made = copy.deepcopy(good)
    at = made
    for step, following in itertools.pairwise(place):
        empty: Any = [] if following == 0 else {}
        if isinstance(at, list):
            if not at:
                at.append(empty)
            at = at[0]
        else:
            if not isinstance(at.get(step), list | dict):
                at[step] = empty
            at = at[step]
        if not isinstance(at, list | dict):
            return None
    if isinstance(at, list):
        at[:1] = [value]
    else:
        at[place[-1]] = value
    return made


def _with(good: Any, name: str, value: Any) -> bytes:
    return json.dumps({**good, name: value}).encode()


def _properties(operation: Operation) -> set[str]:
    schema = operation.description["requestBody"]["content"][JSON]["schema"]
    return set(schema.get("properties", {})) | _OFTEN


_OFTEN = {"status"}  # a field of some; leaving it out of all keeps this free of the document
