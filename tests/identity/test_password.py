"""Passwords and addresses: changing, resetting, confirming."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job
from app.core.signing import sign
from app.identity import links
from tests.factories.identity import PASSWORD, SignedIn, make_influencer, make_sponsor

RESET = "/api/v1/auth/password-reset"
CONFIRM = "/api/v1/auth/password-reset/confirm"
VERIFY = "/api/v1/auth/verify-email"
NEXT = "another-good-password"


def token_of(purpose: str, subject_id: str, **more: str) -> str:
    """The token of the link that a mail would carry now."""
    link = links.link_for(purpose, subject_id, **more)
    db.session.rollback()
    assert link is not None
    return link.partition("?token=")[2]


def can_sign_in(app: Flask, email: str, password: str) -> bool:
    client: Any = app.test_client()
    answer = client.post("/api/v1/auth/login", json={"email": email, "password": password})
    return bool(answer.status_code == 200)


def test_a_reset_is_answered_alike_for_known_and_unknown_addresses(app: Flask, client: Any):
    known, pending = make_influencer(), make_sponsor(approved=False)
    answers = [
        client.post(RESET, json={"email": email})
        for email in (known.email.upper(), pending.email, "nobody@example.com", "nonsense")
    ]
    assert [(a.status_code, a.data) for a in answers] == [(202, answers[0].data)] * 4
    asked = db.session.scalars(
        db.select(Job).where(Job.name == "notifications.password_reset").order_by(Job.id)
    )
    assert [job.args["user_id"] for job in asked] == [known.user_id, pending.user_id, None, None]
    db.session.rollback()


def test_a_reset_sets_the_password_and_ends_every_session(app: Flask, client: Any):
    person = make_influencer(verified=False)
    signed_in = SignedIn(person)
    token = token_of(links.RESET, person.user_id)
    assert client.post(CONFIRM, json={"token": token, "password": NEXT}).status_code == 204
    assert signed_in.get("/me").status_code == 401
    assert not can_sign_in(app, person.email, PASSWORD)
    assert can_sign_in(app, person.email, NEXT)
    assert SignedIn(person).get("/me").json["email_verified"] is True


def test_a_reset_link_works_once(app: Flask, client: Any):
    person = make_influencer()
    token = token_of(links.RESET, person.user_id)
    body = {"token": token, "password": NEXT}
    assert client.post(CONFIRM, json=body).status_code == 204
    again = client.post(CONFIRM, json=body)
    assert (again.status_code, again.json["type"]) == (422, "link-ended")
    assert "token" in again.json["errors"]


def test_every_earlier_reset_link_dies_with_the_password(app: Flask, client: Any):
    person = make_influencer()
    tokens = [token_of(links.RESET, person.user_id) for _ in range(2)]
    assert client.post(CONFIRM, json={"token": tokens[1], "password": NEXT}).status_code == 204
    assert client.post(CONFIRM, json={"token": tokens[0], "password": NEXT}).status_code == 422


def test_a_reset_link_ends_after_an_hour(app: Flask, client: Any):
    person = make_influencer()
    token = token_of(links.RESET, person.user_id)
    body = {"token": token, "password": NEXT}
    with time_machine.travel(now() + timedelta(minutes=61), tick=False):
        assert client.post(CONFIRM, json=body).status_code == 422
    assert client.post(CONFIRM, json=body).status_code == 204


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_other_text_is_a_reset_link(app: Flask, client: Any):
    person = make_influencer()
    good = token_of(links.RESET, person.user_id)
    head, stamp, mac = good.rsplit(".", 2)
    nobody = {"id": "usr_nobody", "mark": "0" * 24}
    tried = [
        token_of(links.CHANGE, person.user_id, email="x@example.com"),
        good[:-1],
        good + "A",
        good.swapcase(),
        f"{head}.{stamp}.",
        f"{head}.{stamp}.{mac[::-1]}",
        f".{head}.{stamp}.{mac}",
        sign(links.RESET, nobody),
        sign(links.RESET, {}),
        sign(links.RESET, {"id": person.user_id}),
        sign(links.RESET, {"id": person.user_id, "mark": "0" * 24}),
        "a.b.c",
        "....",
        "é.ü.💥",
        "x" * 1999,
    ]
    answers = [client.post(CONFIRM, json={"token": t, "password": NEXT}) for t in tried]
    assert {a.status_code for a in answers} == {422}
    assert {a.json["type"] for a in answers} == {"link-ended"}
    assert can_sign_in(app, person.email, PASSWORD)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "body",
    [
        {},
        {"token": "x"},
        {"password": NEXT},
        {"token": "x", "password": "short"},
        {"token": "x", "password": "p" * 201},
        {"token": "x" * 2001, "password": NEXT},
        {"token": None, "password": NEXT},
        {"token": ["x"], "password": NEXT},
        [],
        "x",
    ],
)
def test_a_malformed_reset_is_refused_by_field(client: Any, body: object):
    answer = client.post(CONFIRM, json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


def test_a_changed_password_keeps_this_session_and_ends_the_others(app: Flask):
    person = make_influencer()
    here, there = SignedIn(person), SignedIn(person)
    body = {"current_password": PASSWORD, "password": NEXT}
    assert here.post("/account/password", body).status_code == 204
    assert here.get("/me").status_code == 200
    assert there.get("/me").status_code == 401
    assert can_sign_in(app, person.email, NEXT)


def test_a_wrong_current_password_changes_nothing(app: Flask):
    person = make_influencer()
    answer = SignedIn(person).post(
        "/account/password", {"current_password": "not the one", "password": NEXT}
    )
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["current_password"]
    assert can_sign_in(app, person.email, PASSWORD)


def test_confirming_the_password_makes_the_session_fresh_again(app: Flask, monkeypatch: Any):
    monkeypatch.setitem(app.config, "JWT_ACCESS_TOKEN_EXPIRES", timedelta(hours=2))
    signed_in = SignedIn(make_influencer())
    key = {"name": "Script", "scopes": ["read"]}
    with time_machine.travel(now() + timedelta(minutes=11)):
        refused = signed_in.post("/account/api-keys", key)
        assert (refused.status_code, refused.json["needs"]) == (403, "fresh-sign-in")
        wrong = signed_in.post("/account/confirm-password", {"password": "not the one"})
        assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["password"])
        assert signed_in.post("/account/api-keys", key).status_code == 403
        right = signed_in.post("/account/confirm-password", {"password": PASSWORD})
        assert right.status_code == 204
        assert signed_in.post("/account/api-keys", key).status_code == 201


def test_an_address_is_confirmed_by_its_link_once(app: Flask, client: Any):
    person = make_influencer(verified=False)
    signed_in = SignedIn(person)
    assert signed_in.get("/me").json["email_verified"] is False
    assert signed_in.post("/account/verify-email").status_code == 202
    token = token_of(links.VERIFY, person.user_id)
    assert client.post(VERIFY, json={"token": token}).status_code == 204
    assert signed_in.get("/me").json["email_verified"] is True
    assert client.post(VERIFY, json={"token": token}).json["type"] == "link-ended"
    assert signed_in.post("/account/verify-email").json["type"] == "already-verified"


def test_a_new_address_counts_once_its_link_is_followed(app: Flask, client: Any):
    person = make_influencer()
    signed_in = SignedIn(person)
    body = {"email": "Next@Example.com", "password": PASSWORD}
    assert signed_in.post("/account/email", body).status_code == 202
    assert signed_in.get("/me").json["email"] == person.email
    token = token_of(links.CHANGE, person.user_id, email="next@example.com")
    assert client.post(VERIFY, json={"token": token}).status_code == 204
    assert signed_in.get("/me").json["email"] == "next@example.com"
    assert not can_sign_in(app, person.email, PASSWORD)
    assert can_sign_in(app, "next@example.com", PASSWORD)
    assert client.post(VERIFY, json={"token": token}).status_code == 422


def test_nobody_takes_the_address_of_an_account(app: Flask, client: Any):
    person, other = make_influencer(), make_influencer()
    signed_in = SignedIn(person)
    asked = signed_in.post("/account/email", {"email": other.email, "password": PASSWORD})
    assert (asked.status_code, asked.json["type"]) == (409, "email-taken")
    # The address may also be taken between the mail and the click.
    token = token_of(links.CHANGE, person.user_id, email=other.email)
    late = client.post(VERIFY, json={"token": token})
    assert (late.status_code, late.json["type"]) == (409, "email-taken")
    assert signed_in.get("/me").json["email"] == person.email


def test_a_link_to_a_new_address_dies_with_the_password(app: Flask, client: Any):
    person = make_influencer()
    token = token_of(links.CHANGE, person.user_id, email="thief@example.com")
    body = {"current_password": PASSWORD, "password": NEXT}
    assert SignedIn(person).post("/account/password", body).status_code == 204
    assert client.post(VERIFY, json={"token": token}).status_code == 422


def test_tokens_are_nowhere_in_the_database(app: Flask, client: Any):
    person = make_influencer(verified=False)
    client.post(RESET, json={"email": person.email})
    token = token_of(links.RESET, person.user_id)
    mac = token.rpartition(".")[2]
    for table in db.metadata.sorted_tables:
        for row in db.session.execute(table.select()):
            assert mac not in re.sub(r"\s", "", str(tuple(row)))
    db.session.rollback()


def test_where_addresses_must_be_confirmed_nothing_else_can_be_changed_before(
    make_app: Any, settings: Any
):
    app = make_app(replace(settings, require_email_verification=True))
    with app.app_context():
        signed_in = SignedIn(make_influencer(verified=False))
        key = {"name": "Script", "scopes": ["read"]}
        refused = signed_in.post("/account/api-keys", key)
        assert refused.status_code == 403
        assert "Confirm your email" in refused.json["detail"]
        assert signed_in.get("/account/api-keys").status_code == 200
        assert signed_in.patch("/influencer/profile", {"bio": "Meanwhile"}).status_code == 200
        assert SignedIn(make_influencer()).post("/account/api-keys", key).status_code == 201
        db.session.remove()
