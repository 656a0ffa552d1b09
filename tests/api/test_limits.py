"""How often strangers may ask, and whom wrong passwords shut out."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import redis
from flask import Flask

from app.core.addresses import place_of
from app.core.extensions import db, limiter
from config import Settings
from tests.factories.identity import PASSWORD, SignedIn, make_influencer, make_sponsor

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)

MOST = 5
LOGIN = "/api/v1/auth/login"
READS = ("/api/v1/public/niches", "/api/v1/public/influencers", "/api/v1/public/campaigns?q=tea")


@pytest.fixture
def app(make_app: Callable[[Settings], Flask], settings: Settings) -> Iterator[Flask]:
    """An app with rate limits, and few public reads."""
    made = make_app(replace(settings, rate_limits=True, public_reads_per_minute=MOST))
    with made.app_context():
        yield made
        db.session.remove()
    limiter.enabled = False


@pytest.fixture
def ask(app: Flask) -> Callable[..., Any]:
    """A request from an address."""

    def from_address(
        path: str, address: str = "203.0.113.1", body: dict[str, Any] | None = None
    ) -> Any:
        come_from = {"REMOTE_ADDR": address}
        if body is None:
            return app.test_client().get(path, environ_base=come_from)
        return app.test_client().post(path, json=body, environ_base=come_from)

    return from_address


def test_public_reads_of_an_address_are_counted_together(ask: Callable[..., Any]):
    assert [ask(READS[number % 3]).status_code for number in range(MOST)] == [200] * MOST
    refused = ask(READS[0])
    assert (refused.status_code, refused.json["type"]) == (429, "too-many-requests")
    assert 1 <= int(refused.headers["Retry-After"]) <= 60
    assert ask(READS[0], "203.0.113.2").status_code == 200


def test_pictures_have_a_wider_limit_of_their_own(ask: Callable[..., Any]):
    for _ in range(MOST + 1):
        ask(READS[0])
    answers = [ask("/api/v1/public/files/fil_none").status_code for _ in range(MOST * 10 + 1)]
    assert answers == [404] * (MOST * 10) + [429]


def test_pages_and_signed_in_people_are_not_counted(ask: Callable[..., Any], app: Flask):
    signed_in = SignedIn(make_influencer())
    for _ in range(MOST * 2):
        assert ask("/healthz").status_code == 200
        assert signed_in.get("/me").status_code == 200


def test_public_reads_go_on_without_redis(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def away(*_arguments: object, **_more: object) -> None:
        raise redis.ConnectionError("nobody listens")

    monkeypatch.setattr(limiter.limiter, "hit", away)
    assert ask(READS[0]).status_code == 200
    assert "public reads are not counted" in caplog.text


def test_wrong_passwords_shut_out_where_they_come_from_alone(ask: Callable[..., Any]):
    person = make_influencer()
    wrong = {"email": person.email, "password": "not the password"}
    right = {"email": person.email, "password": PASSWORD}
    tries = [ask(LOGIN, "198.51.100.7", wrong).status_code for _ in range(21)]
    assert tries == [401] * 20 + [429]
    assert ask(LOGIN, "198.51.100.7", right).status_code == 429
    assert ask(LOGIN, "203.0.113.1", right).status_code == 200


def test_wrong_passwords_from_many_places_shut_out_in_the_end(
    ask: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
):
    person = make_influencer()
    wrong = {"email": person.email, "password": "not the password"}
    monkeypatch.setattr("app.identity.passwords.verify", lambda *_pair: False)
    places = [f"198.51.100.{number}" for number in range(1, 17)]
    statuses = [ask(LOGIN, place, wrong).status_code for place in places for _ in range(19)]
    assert statuses == [401] * 300 + [429] * 4


def test_a_sign_in_without_redis_is_counted_by_the_process(
    ask: Callable[..., Any], app: Flask, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(limiter, "_storage_dead", limiter._storage_dead)

    def away(*_arguments: object, **_more: object) -> None:
        raise redis.ConnectionError("nobody listens")

    for name in ("hit", "test"):
        monkeypatch.setattr(limiter._limiter, name, away)
    wrong = {"email": "somebody@example.com", "password": "not the password"}
    started = time.monotonic()
    tries = [ask(LOGIN, "198.51.100.9", wrong).status_code for _ in range(21)]
    assert tries == [401] * 20 + [429]
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_address_counts_as_the_line_that_it_is_of(database: str, address: str, counted: str):
    assert place_of(address) == counted


OFFER = {"fee": {"amount": 1000, "currency": "EUR"}}
INVITATION = {"influencer_id": "inf_1", "offer": OFFER}
DELIVERABLE = "ad-requests/adr_1/deliverables/dlv_1"


@pytest.mark.parametrize(
    ("make", "path", "body", "most"),
    [
        (make_influencer, f"/influencer/{DELIVERABLE}/publications", {"url": "https://a.com"}, 60),
        (make_influencer, "/influencer/campaigns/cmp_1/applications", {"offer": OFFER}, 120),
        (make_influencer, "/influencer/ad-requests/adr_1/messages", {"text": "Hi"}, 60),
        (make_sponsor, "/sponsor/campaigns/cmp_1/invitations", INVITATION, 120),
        (make_sponsor, f"/sponsor/{DELIVERABLE}/check", {}, 30),
    ],
    ids=["publications", "applications", "messages", "invitations", "checks"],
)
def test_what_reaches_others_is_bounded_for_each_user(
    app: Flask, make: Callable[[], Any], path: str, body: dict[str, Any], most: int
):
    one, other = SignedIn(make()), SignedIn(make())
    assert {one.post(path, body).status_code for _ in range(most)} <= {404, 422}
    assert one.post(path, body).status_code == 429
    assert other.post(path, body).status_code in (404, 422)
