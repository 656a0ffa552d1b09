"""Signing in and out, rotation of refresh tokens, and what a browser carries."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.actor import SYSTEM, MemberRole
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import service, sessions
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import AuthSession, MemberInvitation, User
from tests.factories.identity import PASSWORD, Person, SignedIn, make_influencer, make_sponsor

LOGIN = "/api/v1/auth/login"
REFRESH = "/api/v1/auth/refresh"


def sign_in(client: Any, person: Person) -> dict[str, str]:
    """Sign in by cookies; returns the headers that a page adds to a refresh."""
    answer = client.post(LOGIN, json={"email": person.email, "password": PASSWORD})
    assert answer.status_code == 200
    return refresh_headers(client)


def refresh_headers(client: Any) -> dict[str, str]:
    cookie = client.get_cookie("csrf_refresh_token")
    assert cookie is not None
    return {"X-CSRF-TOKEN": cookie.value}


def refresh_cookie(client: Any) -> str:
    cookie = client.get_cookie("accord_refresh")
    assert cookie is not None
    return cookie.value


def second_tab(app: Flask, first: Any) -> Any:
    """A client with the same cookies at this moment."""
    other = app.test_client()
    for name in ("accord_access", "accord_refresh", "csrf_access_token", "csrf_refresh_token"):
        cookie = first.get_cookie(name)
        assert cookie is not None
        other.set_cookie(name, cookie.value)
    return other


def test_a_browser_gets_http_only_cookies_and_no_token_in_the_body(client: Any):
    person = make_influencer()
    answer = client.post(LOGIN, json={"email": person.email.upper(), "password": PASSWORD})
    assert "access_token" not in answer.json
    cookies = {line.split("=")[0]: line for line in answer.headers.getlist("Set-Cookie")}
    for name in ("accord_access", "accord_refresh"):
        assert "HttpOnly" in cookies[name]
        assert "SameSite=Lax" in cookies[name]
    assert client.get("/api/v1/me").json["id"] == person.user_id


def test_a_script_gets_a_token_and_no_cookies(client: Any):
    person = make_influencer()
    answer = client.post(
        LOGIN, json={"email": person.email, "password": PASSWORD, "transport": "header"}
    )
    assert "Set-Cookie" not in answer.headers
    headers = {"Authorization": f"Bearer {answer.json['access_token']}"}
    assert client.get("/api/v1/me", headers=headers).json["id"] == person.user_id


def test_unknown_addresses_and_wrong_passwords_get_the_same_answer(client: Any):
    person = make_influencer()
    answers = [
        client.post(LOGIN, json={"email": email, "password": "not the password"})
        for email in (person.email, "nobody@example.com", "no address at all")
    ]
    bodies = [{**answer.json, "request_id": None} for answer in answers]
    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert bodies[0] == bodies[1] == bodies[2]
    assert bodies[0]["type"] == "wrong-credentials"


@pytest.mark.parametrize("event", [UserEvent.CLOSE, UserEvent.REJECT])
def test_closed_and_rejected_accounts_cannot_sign_in_and_lose_their_sessions(
    client: Any, event: UserEvent
):
    person = make_sponsor(approved=False)
    signed_in = SignedIn(person)
    unit_of_work(lambda: USER.move(db.session.get_one(User, person.user_id), SYSTEM, event))
    assert signed_in.get("/me").status_code == 401
    answer = client.post(LOGIN, json={"email": person.email, "password": PASSWORD})
    assert answer.json["type"] == "wrong-credentials"


def test_an_unsafe_request_needs_the_proof_of_our_page(client: Any):
    person = make_influencer()
    sign_in(client, person)
    path = "/api/v1/account/sessions/end-others"
    assert client.post(path).status_code == 403
    proof = client.get_cookie("csrf_access_token")
    assert proof is not None
    ours = {"X-CSRF-TOKEN": proof.value}
    foreign = client.post(path, headers={**ours, "Origin": "https://evil.example"})
    assert foreign.json["type"] == "csrf"
    assert client.post(path, headers=ours).status_code == 200


def test_a_refresh_token_works_once_and_hands_over_the_next(client: Any):
    headers = sign_in(client, make_influencer())
    before = refresh_cookie(client)
    assert client.post(REFRESH, headers=headers).status_code == 200
    assert refresh_cookie(client) != before
    assert client.post(REFRESH, headers=refresh_headers(client)).status_code == 200


def test_two_tabs_may_refresh_with_the_same_token_within_twenty_seconds(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    tab = second_tab(app, client)
    assert client.post(REFRESH, headers=headers).status_code == 200
    with time_machine.travel(now() + timedelta(seconds=19), tick=False):
        assert tab.post(REFRESH, headers=headers).status_code == 200
        # Both tabs now hold the current token, so both go on.
        assert tab.post(REFRESH, headers=refresh_headers(tab)).status_code == 200
        assert client.post(REFRESH, headers=refresh_headers(client)).status_code == 200


def test_reuse_after_the_window_ends_the_session_for_everyone(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    thief = second_tab(app, client)
    assert client.post(REFRESH, headers=headers).status_code == 200
    with time_machine.travel(now() + timedelta(seconds=21), tick=False):
        answer = thief.post(REFRESH, headers=headers)
        assert (answer.status_code, answer.json["type"]) == (401, "refresh-reused")
        assert client.get("/api/v1/me").status_code == 401
        assert client.post(REFRESH, headers=refresh_headers(client)).status_code == 401


def test_a_token_from_before_the_last_two_ends_the_session_even_at_once(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    thief = second_tab(app, client)
    for _ in range(2):
        assert client.post(REFRESH, headers=refresh_headers(client)).status_code == 200
    assert thief.post(REFRESH, headers=headers).json["type"] == "refresh-reused"
    assert client.get("/api/v1/me").status_code == 401


def test_the_handover_gives_the_current_token_and_rotates_nothing(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    tabs = [second_tab(app, client) for _ in range(3)]
    assert client.post(REFRESH, headers=headers).status_code == 200
    for tab in tabs:
        assert tab.post(REFRESH, headers=headers).status_code == 200
    assert client.post(REFRESH, headers=refresh_headers(client)).status_code == 200


def test_a_revoked_or_expired_session_cannot_be_refreshed(client: Any):
    person = make_influencer()
    headers = sign_in(client, person)
    unit_of_work(lambda: sessions.end_other_sessions(person.user_id))
    assert client.post(REFRESH, headers=headers).json["type"] == "not-signed-in"
    headers = sign_in(client, person)
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        assert client.post(REFRESH, headers=headers).status_code == 401


def test_a_refresh_without_the_proof_of_our_page_is_refused(client: Any):
    sign_in(client, make_influencer())
    assert client.post(REFRESH).json["type"] == "csrf"
    assert client.post(REFRESH, headers={"X-CSRF-TOKEN": "guess"}).json["type"] == "csrf"


def test_signing_out_ends_the_session_behind_the_token(app: Flask, client: Any):
    sign_in(client, make_influencer())
    kept = second_tab(app, client)
    proof = client.get_cookie("csrf_access_token")
    assert proof is not None
    answer = client.post("/api/v1/auth/logout", headers={"X-CSRF-TOKEN": proof.value})
    assert answer.status_code == 204
    assert client.get_cookie("accord_access") is None
    assert kept.get("/api/v1/me").status_code == 401


def test_signing_out_ends_the_session_when_the_access_token_has_expired(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    kept = second_tab(app, client)
    with time_machine.travel(now() + timedelta(minutes=11), tick=False):
        assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
        assert client.get_cookie("accord_refresh") is None
        assert kept.post(REFRESH, headers=headers).status_code == 401


def test_the_page_signs_out_by_the_proof_of_its_refresh_cookie_at_any_time(app: Flask, client: Any):
    headers = sign_in(client, make_influencer())
    kept = second_tab(app, client)
    assert client.post("/api/v1/auth/logout", headers=headers).status_code == 204
    assert kept.get("/api/v1/me").status_code == 401
    assert kept.post(REFRESH, headers=headers).status_code == 401


def test_another_page_cannot_sign_anybody_out_nor_believe_it_did(client: Any):
    headers = sign_in(client, make_influencer())
    answer = client.post("/api/v1/auth/logout")
    assert (answer.status_code, answer.json["type"]) == (403, "csrf")
    assert client.post(REFRESH, headers=headers).status_code == 200


def test_signing_out_without_a_sign_in_clears_the_cookies(client: Any):
    client.set_cookie("accord_refresh", "no token")
    answer = client.post("/api/v1/auth/logout", headers={"X-CSRF-TOKEN": "none"})
    assert answer.status_code == 204
    assert client.get_cookie("accord_refresh") is None


def test_a_session_lists_itself_and_ends_others(app: Flask):
    person = make_influencer()
    here, there, elsewhere = SignedIn(person), SignedIn(person), SignedIn(person)
    items = here.get("/account/sessions").json["items"]
    assert [item["current"] for item in items].count(True) == 1
    assert len(items) == 3
    other = next(item["id"] for item in there.get("/account/sessions").json["items"]
                 if item["current"])  # fmt: skip
    assert here.delete(f"/account/sessions/{other}").status_code == 204
    assert here.delete(f"/account/sessions/{other}").status_code == 404
    assert there.get("/me").status_code == 401
    assert here.post("/account/sessions/end-others").json == {"ended": 1}
    assert elsewhere.get("/me").status_code == 401
    assert here.get("/me").status_code == 200


def test_nobody_ends_the_session_of_somebody_else(app: Flask):
    mine, theirs = SignedIn(make_influencer()), SignedIn(make_sponsor())
    session_id = theirs.get("/account/sessions").json["items"][0]["id"]
    assert mine.delete(f"/account/sessions/{session_id}").status_code == 404
    assert theirs.get("/me").status_code == 200


def test_a_flag_works_on_the_next_request_of_a_running_session(app: Flask):
    person = make_influencer()
    signed_in = SignedIn(person)
    unit_of_work(
        lambda: service.set_effects(
            SYSTEM, user_id=person.user_id, suspended=True, hidden=False, money_on_hold=False
        )
    )
    assert signed_in.get("/me").json["status"] == "suspended"
    refused = signed_in.patch("/influencer/profile", {"bio": "Still here"})
    assert refused.json["type"] == "account-suspended"


def test_an_odd_user_agent_is_kept_harmless(client: Any):
    person = make_influencer()
    answer = client.post(
        LOGIN,
        json={"email": person.email, "password": PASSWORD},
        headers={"User-Agent": "a\tb\x7f" + "x" * 5000},
    )
    assert answer.status_code == 200
    (kept,) = db.session.scalars(
        db.select(AuthSession.user_agent).where(AuthSession.user_id == person.user_id)
    )
    assert kept.isprintable()
    assert len(kept) == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "text",
        None,
        {"email": 1, "password": PASSWORD},
        {"email": "a@example.com", "password": None},
        {"email": "a@example.com", "password": PASSWORD, "transport": "smoke"},
        {"email": "a@example.com", "password": PASSWORD, "otp": {}},
        {"email": "a" * 300 + "@example.com", "password": PASSWORD},
        {"email": "a@example.com", "password": "p" * 201},
        {"email": "a@example.com", "password": PASSWORD, "more": 1},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_sign_in_is_refused_by_field(client: Any, body: object):
    answer = client.post(LOGIN, json=body)
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize(
    "email",
    [
        "no-at.example.com",
        "@example.com",
        "a@",
        "a b@example.com",
        "a@example.com\r\nBcc: b@example.com",
        "İ" * 150 + "@example.com",
        f"{'a' * 250}@example.com",
        "a@@example.com",
        '"\x01"@example.com',
    ],
)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_an_address_that_no_mail_reaches_cannot_register(client: Any, email: str):
    body = {"email": email, "password": PASSWORD, "role": "sponsor", "name": "Someone"}
    answer = client.post("/api/v1/auth/register", json=body)
    assert answer.status_code == 422
    assert "email" in answer.json["errors"]


def test_an_address_registers_once_in_any_case(client: Any):
    body = {"email": "Someone@Example.com", "password": PASSWORD, "role": "sponsor", "name": "S"}
    first = client.post("/api/v1/auth/register", json=body)
    assert (first.status_code, first.json["status"]) == (201, "pending")
    again = client.post("/api/v1/auth/register", json={**body, "email": "someone@example.COM"})
    assert (again.status_code, again.json["type"]) == (409, "email-taken")


def test_sign_ins_and_invitations_are_forgotten_a_month_after_their_end(client: Any):
    person = make_sponsor()
    sign_in(client, person)
    invitation = MemberInvitation(
        sponsor_id=person.sponsor_id,
        email="late@example.com",
        role=MemberRole.VIEWER,
        invited_by=person.user_id,
        expires_at=now(),
    )
    unit_of_work(lambda: db.session.add(invitation))

    def left() -> tuple[int, int]:
        counts = [
            db.session.scalar(db.select(db.func.count()).select_from(model))
            for model in (AuthSession, MemberInvitation)
        ]
        db.session.rollback()
        return counts[0], counts[1]

    assert sessions.forget_ended() == 0
    with time_machine.travel(now() + timedelta(days=31)):
        assert (sessions.forget_ended(), left()) == (1, (1, 0))
    with time_machine.travel(now() + timedelta(days=365)):
        assert (sessions.forget_ended(), left()) == (1, (0, 0))
