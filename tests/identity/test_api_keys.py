"""Keys for scripts."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import service
from app.identity.models import ApiKey
from tests.factories.identity import SignedIn, make_influencer, make_sponsor


def made(signed_in: SignedIn, *scopes: str, **more: Any) -> dict[str, Any]:
    """A new key, as it is answered."""
    answer = signed_in.post("/account/api-keys", {"name": "Script", "scopes": scopes, **more})
    assert answer.status_code == 201
    assert answer.headers["Cache-Control"] == "no-store"
    body: dict[str, Any] = answer.json
    return body


def ask(app: Flask, key: str, path: str = "/me", method: str = "GET", body: Any = None) -> Any:
    headers = {"Authorization": f"Bearer {key}"}
    client: Any = app.test_client()
    return client.open(f"/api/v1{path}", method=method, headers=headers, json=body)


def test_a_key_is_shown_once_and_kept_as_a_hash(app: Flask):
    signed_in = SignedIn(make_influencer())
    key = made(signed_in, "read")
    assert key["key"].startswith("ak_")
    (listed,) = signed_in.get("/account/api-keys").json["items"]
    assert listed["id"] == key["id"]
    assert "key" not in listed
    assert key["key"] not in str(listed)
    row = db.session.scalar(db.select(ApiKey))
    db.session.rollback()
    assert row is not None
    assert key["key"] not in (row.key_hash, row.hint)
    assert ask(app, key["key"]).json["id"] == signed_in.person.user_id


def test_a_reading_key_changes_nothing(app: Flask):
    signed_in = SignedIn(make_influencer())
    reading, writing = made(signed_in, "read")["key"], made(signed_in, "write")["key"]
    change = {"path": "/influencer/profile", "method": "PATCH", "body": {"bio": "By script"}}
    refused = ask(app, reading, **change)
    assert (refused.status_code, refused.json["type"]) == (403, "scope")
    assert ask(app, writing, **change).status_code == 200
    assert ask(app, writing).status_code == 200


def test_a_key_never_makes_keys_nor_counts_as_fresh(app: Flask):
    key = made(SignedIn(make_influencer()), "read", "write")["key"]
    another = {"name": "Another", "scopes": ["write"]}
    refused = ask(app, key, "/account/api-keys", "POST", another)
    assert (refused.status_code, refused.json["needs"]) == (403, "fresh-sign-in")
    assert ask(app, key, "/account/totp", "POST").status_code == 403
    confirm = {"password": "correct-horse-battery"}
    assert ask(app, key, "/account/confirm-password", "POST", confirm).status_code == 403


def test_a_key_ends_when_revoked_or_expired(app: Flask):
    signed_in = SignedIn(make_influencer())
    key, short = made(signed_in, "read"), made(signed_in, "read", days=1)
    assert signed_in.delete(f"/account/api-keys/{key['id']}").status_code == 204
    assert ask(app, key["key"]).status_code == 401
    assert signed_in.delete(f"/account/api-keys/{key['id']}").status_code == 404
    assert ask(app, short["key"]).status_code == 200
    with time_machine.travel(now() + timedelta(days=1, seconds=1), tick=False):
        assert ask(app, short["key"]).status_code == 401


def test_nobody_sees_or_revokes_the_key_of_somebody_else(app: Flask):
    mine, theirs = SignedIn(make_influencer()), SignedIn(make_sponsor())
    key = made(theirs, "read")
    assert mine.get("/account/api-keys").json["items"] == []
    assert mine.delete(f"/account/api-keys/{key['id']}").status_code == 404
    assert ask(app, key["key"]).status_code == 200


def test_a_suspended_owner_keeps_reading_by_key_but_not_writing(app: Flask):
    person = make_influencer()
    key = made(SignedIn(person), "write")["key"]
    unit_of_work(
        lambda: service.set_effects(
            SYSTEM, user_id=person.user_id, suspended=True, hidden=False, money_on_hold=False
        )
    )
    assert ask(app, key).status_code == 200
    change = ask(app, key, "/influencer/profile", "PATCH", {"bio": "x"})
    assert change.json["type"] == "account-suspended"


def test_there_are_at_most_twenty_keys(app: Flask):
    signed_in = SignedIn(make_influencer())
    keys = [made(signed_in, "read") for _ in range(20)]
    body = {"name": "One more", "scopes": ["read"]}
    assert signed_in.post("/account/api-keys", body).json["type"] == "too-many"
    signed_in.delete(f"/account/api-keys/{keys[0]['id']}")
    assert signed_in.post("/account/api-keys", body).status_code == 201


def test_a_repeated_request_never_finds_the_key_in_the_kept_answers(app: Flask):
    signed_in = SignedIn(make_influencer())
    body = {"name": "Script", "scopes": ["read"]}
    headers = {"Idempotency-Key": "same"}
    first = signed_in.post("/account/api-keys", body, headers=headers)
    second = signed_in.post("/account/api-keys", body, headers=headers)
    assert first.json["key"] != second.json["key"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": "x"},
        {"name": "", "scopes": ["read"]},
        {"name": "x" * 81, "scopes": ["read"]},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["admin"]},
        {"name": "x", "scopes": "read"},
        {"name": "x", "scopes": ["read", "write", "read"]},
        {"name": "x", "scopes": [None]},
        {"name": "x", "scopes": ["read"], "days": 0},
        {"name": "x", "scopes": ["read"], "days": 10**9},
        {"name": "x", "scopes": ["read"], "days": True},
        {"name": "x", "scopes": ["read"], "days": 1.5},
        {"name": "x", "scopes": ["read"], "key": "ak_mine"},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_key_is_refused_by_field(app: Flask, body: object):
    answer = SignedIn(make_influencer()).post("/account/api-keys", body)
    assert answer.status_code == 422
    assert answer.json["errors"]
