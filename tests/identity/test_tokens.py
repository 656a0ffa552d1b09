"""Every token but the right one is no sign-in: 401, never a crash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from typing import Any

import jwt
import pytest
from flask import Flask, current_app
from flask_jwt_extended import create_access_token, create_refresh_token

from app.core.transaction import unit_of_work
from app.identity import sessions
from tests.factories.identity import Person, SignedIn, make_influencer

ME = "/api/v1/me"
OTHER_SECRET = "another-secret-0123456789-abcdefghijklmnop"


def encoded(part: object) -> str:
    raw = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(header: object, claims: object, secret: str, digest: str = "sha256") -> str:
    """A token put together by hand, so that no library refuses to make it."""
    text = f"{encoded(header)}.{encoded(claims)}"
    mac = hmac.new(secret.encode(), text.encode(), getattr(hashlib, digest)).digest()
    return f"{text}.{encoded(mac)}"


def wrong_claims(good: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Claims of a valid token, each with one thing wrong."""
    now = int(time.time())
    odd: list[Any] = [None, "", 0, -1, True, [], {}, "x" * 5000, 10**30, 1.5, ["accord"], "\u0000"]
    for name in ("iss", "aud", "sub", "sid", "exp", "type", "jti", "iat", "nbf"):
        yield f"without {name}", {k: v for k, v in good.items() if k != name}
    for value in odd:
        for name in ("iss", "aud", "sid", "sub"):
            yield f"{name} is {str(value)[:20]!r}", {**good, name: value}
        yield f"type is {str(value)[:20]!r}", {**good, "type": value}
        if not isinstance(value, int | float) or value in (0, -1):
            yield f"exp is {str(value)[:20]!r}", {**good, "exp": value}
    yield "other issuer", {**good, "iss": "evil"}
    yield "other audience", {**good, "aud": "other"}
    yield "expired a second ago", {**good, "exp": now - 1}
    yield "expired long ago", {**good, "exp": 1}
    yield "not valid yet", {**good, "nbf": now + 3600}
    yield "a session that does not exist", {**good, "sid": "ses_00000000000000000000000000"}
    yield "a session with a wildcard", {**good, "sid": "%"}
    yield "a session of SQL", {**good, "sid": "' OR 1=1 --"}
    yield "a refresh token by name", {**good, "type": "refresh"}


def harmless(kind: str) -> bool:
    """What the standard leaves open: the same token said in another way."""
    return kind in (
        "without jti",
        "without iat",
        "without nbf",
        "without type",
        "aud is \"['accord']\"",
    )


def wrong_tokens(good: str, secret: str) -> Iterator[tuple[str, str]]:
    """Texts that are no access token of ours."""
    header = jwt.get_unverified_header(good)
    claims = jwt.decode(good, options={"verify_signature": False})
    for kind, changed in wrong_claims(claims):
        if not harmless(kind) and changed != claims:
            yield kind, signed(header, changed, secret)
    for algorithm in ("none", "None", "NONE", "nOnE", "", None, 7, "HS512", "RS256", "ES256", "x"):
        other = {**header, "alg": algorithm}
        yield f"alg {algorithm} unsigned", f"{encoded(other)}.{encoded(claims)}."
        yield f"alg {algorithm} signed", signed(other, claims, secret)
    yield "HS512 done right", signed({**header, "alg": "HS512"}, claims, secret, "sha512")
    yield "HS384 done right", signed({**header, "alg": "HS384"}, claims, secret, "sha384")
    yield "another key", jwt.encode(claims, OTHER_SECRET, "HS256")
    yield "an empty key", signed(header, claims, "")
    yield "the key id as a path", signed({**header, "kid": "/dev/null"}, claims, "")
    yield "a key of its own", signed({**header, "jwk": {"k": "AA"}}, claims, "")
    head, body, mac = good.split(".")
    for place in range(0, len(mac), 3):
        letter = "A" if mac[place] != "A" else "B"
        yield (
            f"signature changed at {place}",
            f"{head}.{body}.{mac[:place]}{letter}{mac[place + 1 :]}",
        )
    yield "no signature", f"{head}.{body}."
    yield "half a signature", f"{head}.{body}.{mac[:20]}"
    yield "swapped parts", f"{body}.{head}.{mac}"
    yield "claims that are a list", signed(header, [claims], secret)
    yield "claims that are text", signed(header, "claims", secret)
    yield "claims that are no JSON", signed(header, b"{", secret)
    yield "claims that are no UTF-8", signed(header, b"\xff\xfe", secret)
    yield "a header that is a list", signed([header], claims, secret)
    yield "a header of bytes", signed(b"\x00\xff", claims, secret)
    yield "deeply nested claims", signed(header, ("[" * 50_000).encode(), secret)
    texts = [good + ".", "." + good, good[:-1], good[1:], good.upper(), good + good]
    texts += ["", ".", "..", "...", "a.b", "a.b.c", "a.b.c.d", "null", "undefined", "Bearer", "0"]
    texts += ["{}", "%00", "a" * 7000, "=" * 40, "💥", "é" * 10, "\t", "'", good.replace(".", ",")]
    for text in texts:
        yield f"the text {text[:12]!r}", text


@pytest.fixture
def person(app: Flask) -> Person:
    return make_influencer()


def good_token(person: Person) -> str:
    return SignedIn(person).headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_wrong_token_is_401_in_the_header_and_in_the_cookie(app: Flask, person: Person):
    good = good_token(person)
    client: Any = app.test_client()
    right = client.get(ME, headers={"Authorization": f"Bearer {good}"})
    assert right.status_code == 200
    tried = list(wrong_tokens(good, current_app.config["JWT_SECRET_KEY"]))
    assert len(tried) >= 150
    wrong = []
    for kind, token in tried:
        raw = token.encode().decode("latin-1")
        answer = client.get(ME, headers={"Authorization": f"Bearer {raw}"})
        if answer.status_code != 401 or answer.json["type"] != "not-signed-in":
            wrong.append(("header", kind, answer.status_code))
        browser: Any = app.test_client()
        cookie = "".join(c for c in token if c.isascii() and c.isprintable() and c not in " ;,")
        if cookie in ("", good):
            continue
        answer = browser.get(ME, headers={"Cookie": f"accord_access={cookie}"})
        if answer.status_code != 401:
            wrong.append(("cookie", kind, answer.status_code))
    assert wrong == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "header",
    [
        "",
        " ",
        "Bearer",
        "Bearer ",
        "bearer {good}",
        "BEARER {good}",
        "Basic {good}",
        "Token {good}",
        "Bearer {good} more",
        "Bearer {good},Bearer {good}",
        "{good}",
        "Bearer ak_",
        "Bearer ak_unknown",
        "Bearer ak_{good}",
        "Bearer ak_" + "x" * 6000,
        "Bearer ak_\xff\xfe",
        "Basic dXNlcjpwYXNz",
        "Digest username=x",
    ],
)
def test_every_other_authorization_header_is_401(app: Flask, person: Person, header: str):
    client: Any = app.test_client()
    text = header.replace("{good}", good_token(person))
    answer = client.get(ME, headers={"Authorization": text})
    assert answer.status_code == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_refresh_token_is_no_access_token_and_the_other_way_round(app: Flask, person: Person):
    with app.test_request_context():
        refresh = create_refresh_token(person.user_id, additional_claims={"sid": "x", "rid": "y"})
        access = create_access_token(person.user_id, additional_claims={"sid": "x", "rid": "y"})
    client: Any = app.test_client()
    assert client.get(ME, headers={"Authorization": f"Bearer {refresh}"}).status_code == 401
    assert client.get(ME, headers={"Cookie": f"accord_access={refresh}"}).status_code == 401
    csrf = jwt.decode(access, options={"verify_signature": False})["csrf"]
    answer = client.post(
        "/api/v1/auth/refresh",
        headers={"Cookie": f"accord_refresh={access}", "X-CSRF-TOKEN": csrf},
    )
    assert answer.status_code == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_refresh_token_of_wrong_make_is_401(app: Flask, person: Person):
    secret = current_app.config["JWT_SECRET_KEY"]
    with app.test_request_context():
        good = create_refresh_token(
            person.user_id, additional_claims={"sid": "ses_x", "rid": "unknown"}
        )
    claims = jwt.decode(good, options={"verify_signature": False})
    client: Any = app.test_client()
    answers = set()
    for _, token in wrong_tokens(good, secret):
        cookie = "".join(c for c in token if c.isascii() and c.isprintable() and c not in " ;,")
        answer = client.post(
            "/api/v1/auth/refresh",
            headers={"Cookie": f"accord_refresh={cookie}", "X-CSRF-TOKEN": claims["csrf"]},
        )
        answers.add(answer.status_code)
    assert answers == {401}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_good_token_of_an_ended_session_is_401(app: Flask, person: Person):
    signed_in = SignedIn(person)
    assert signed_in.get("/me").status_code == 200
    unit_of_work(lambda: sessions.end_other_sessions(person.user_id))
    assert signed_in.get("/me").status_code == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_bad_header_is_not_saved_by_a_good_cookie(app: Flask, person: Person):
    good = good_token(person)
    client: Any = app.test_client()
    both = {"Cookie": f"accord_access={good}", "Authorization": "Bearer nonsense"}
    assert client.get(ME, headers=both).status_code == 401


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_two_cookies_of_the_same_name_never_crash(app: Flask, person: Person):
    good = good_token(person)
    client: Any = app.test_client()
    for cookies in (
        f"accord_access=bad; accord_access={good}",
        f"accord_access={good}; accord_access=bad",
    ):
        assert client.get(ME, headers={"Cookie": cookies}).status_code in (200, 401)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_public_route_takes_a_wrong_token_for_nobody(app: Flask, person: Person):
    client: Any = app.test_client()
    for token in ("nonsense", good_token(person)[:-3]):
        answer = client.get("/api/v1/public/niches", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 200
