"""The authenticator and the codes that stand in for it."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pyotp
import pytest
import time_machine
from flask import Flask

from app.core.clock import now
from app.core.encryption import decrypt
from app.core.extensions import db
from app.identity.models import RecoveryCode, User
from tests.factories.identity import PASSWORD, Person, SignedIn, make_admin, make_influencer

LOGIN = "/api/v1/auth/login"


@pytest.fixture(autouse=True)
def clock() -> Iterator[Any]:
    """A standing clock, so that a code is right for as long as the test says."""
    start = datetime.fromtimestamp(int(now().timestamp()) // 30 * 30 + 10, now().tzinfo)
    with time_machine.travel(start, tick=False) as travelled:
        yield travelled


def code(secret: str, seconds: int = 0) -> str:
    return pyotp.TOTP(secret).at(now() + timedelta(seconds=seconds))


def set_up(signed_in: SignedIn) -> tuple[str, list[str]]:
    """Put an authenticator into force; returns its secret and the recovery codes."""
    secret = signed_in.post("/account/totp").json["secret"]
    answer = signed_in.post("/account/totp/confirm", {"otp": code(secret)})
    assert answer.status_code == 200
    return secret, answer.json["recovery_codes"]


def sign_in(app: Flask, person: Person, otp: str | None = None) -> Any:
    client: Any = app.test_client()
    return client.post(LOGIN, json={"email": person.email, "password": PASSWORD, "otp": otp})


def test_the_set_up_shows_the_secret_as_text_address_and_picture(app: Flask):
    person = make_influencer()
    answer = SignedIn(person).post("/account/totp")
    assert answer.headers["Cache-Control"] == "no-store"
    shown = answer.json
    assert pyotp.parse_uri(shown["uri"]).secret == shown["secret"]
    assert shown["uri"].startswith("otpauth://totp/Accord:")
    kind, _, picture = shown["qr"].partition(",")
    assert kind.startswith("data:image/svg+xml")
    assert "svg" in picture or b"svg" in base64.b64decode(picture)


def test_a_secret_is_stored_encrypted_and_not_in_force_before_its_first_code(app: Flask):
    person = make_influencer()
    secret = SignedIn(person).post("/account/totp").json["secret"]
    kept = db.session.get_one(User, person.user_id).totp_secret
    db.session.rollback()
    assert kept is not None
    assert secret.encode() not in kept
    assert decrypt(kept) == secret
    assert sign_in(app, person).status_code == 200


def test_a_sign_in_asks_for_the_code_and_takes_it(app: Flask, clock: Any):
    person = make_influencer()
    secret, _ = set_up(SignedIn(person))
    clock.shift(30)
    assert sign_in(app, person).json["type"] == "otp-required"
    wrong = sign_in(app, person, "000000" if code(secret) != "000000" else "111111")
    assert (wrong.status_code, wrong.json["type"]) == (401, "wrong-otp")
    assert "otp" in wrong.json["errors"]
    right = sign_in(app, person, code(secret))
    assert right.status_code == 200
    assert right.json["user"]["totp_enabled"] is True


def test_the_code_is_not_asked_for_without_the_right_password(app: Flask, client: Any):
    person = make_influencer()
    secret, _ = set_up(SignedIn(person))
    body = {"email": person.email, "password": "not the one", "otp": code(secret, 30)}
    assert client.post(LOGIN, json=body).json["type"] == "wrong-credentials"


def test_a_code_works_once(app: Flask, clock: Any):
    person = make_influencer()
    secret, _ = set_up(SignedIn(person))
    # The code that confirmed the set-up is used up too.
    assert sign_in(app, person, code(secret)).json["type"] == "wrong-otp"
    clock.shift(30)
    assert sign_in(app, person, code(secret)).status_code == 200
    assert sign_in(app, person, code(secret)).json["type"] == "wrong-otp"
    # Nor does an older one, once a newer one was used.
    assert sign_in(app, person, code(secret, -30)).json["type"] == "wrong-otp"


@pytest.mark.parametrize(("seconds", "works"), [(-60, False), (-30, True), (30, True), (60, False)])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_clock_may_be_half_a_minute_off(app: Flask, clock: Any, seconds: int, works: bool):
    person = make_influencer()
    secret, _ = set_up(SignedIn(person))
    clock.shift(300)
    assert (sign_in(app, person, code(secret, seconds)).status_code == 200) is works


@pytest.mark.parametrize(
    "otp", ["", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "12 34", "-12345", "1e5000", "0x1234"]
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_other_text_is_a_code(app: Flask, otp: str):
    person = make_influencer()
    set_up(SignedIn(person))
    assert sign_in(app, person, otp).status_code == 401


def test_a_recovery_code_works_once_in_any_writing(app: Flask):
    person = make_influencer()
    _, codes = set_up(SignedIn(person))
    assert len(set(codes)) == 10
    assert all(re.fullmatch(r"([0-9a-z]{4}-){3}[0-9a-z]{4}", one) for one in codes)
    assert sign_in(app, person, codes[0]).status_code == 200
    assert sign_in(app, person, codes[0]).json["type"] == "wrong-otp"
    assert sign_in(app, person, codes[1].replace("-", "").upper()).status_code == 200


def test_recovery_codes_are_kept_as_hashes_and_replaced_as_a_whole(app: Flask):
    person = make_influencer()
    signed_in = SignedIn(person)
    _, codes = set_up(signed_in)
    kept = list(db.session.scalars(db.select(RecoveryCode.code_hash)))
    db.session.rollback()
    assert len(kept) == 10
    assert not set(codes) & set(kept)
    fresh = signed_in.post("/account/totp/recovery-codes").json["recovery_codes"]
    assert sign_in(app, person, codes[0]).status_code == 401
    assert sign_in(app, person, fresh[0]).status_code == 200


def test_a_wrong_first_code_puts_nothing_into_force(app: Flask):
    person = make_influencer()
    signed_in = SignedIn(person)
    secret = signed_in.post("/account/totp").json["secret"]
    other = code(pyotp.random_base32())
    wrong = other if other != code(secret) else "000000"
    refused = signed_in.post("/account/totp/confirm", {"otp": wrong})
    # Not 401: the sign-in of whoever mistypes is as good as before.
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["otp"])
    assert signed_in.get("/me").json["totp_enabled"] is False


def test_the_states_refuse_what_does_not_fit(app: Flask):
    signed_in = SignedIn(make_influencer())
    refused = {
        signed_in.post("/account/totp/confirm", {"otp": "123456"}).json["type"],
        signed_in.post("/account/totp/recovery-codes").json["type"],
        signed_in.post("/account/totp/disable", {"password": PASSWORD}).json["type"],
    }
    set_up(signed_in)
    refused |= {
        signed_in.post("/account/totp").json["type"],
        signed_in.post("/account/totp/confirm", {"otp": "123456"}).json["type"],
    }
    assert refused == {"second-factor-state"}


def test_switching_it_off_takes_the_password(app: Flask):
    person = make_influencer()
    signed_in = SignedIn(person)
    set_up(signed_in)
    wrong = signed_in.post("/account/totp/disable", {"password": "not the one"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, ["password"])
    assert signed_in.post("/account/totp/disable", {"password": PASSWORD}).status_code == 204
    assert sign_in(app, person).status_code == 200


def test_an_admin_without_a_second_factor_may_only_set_it_up_where_it_is_required(
    make_app: Any, settings: Any
):
    app = make_app(replace(settings, require_admin_totp=True))
    with app.app_context():
        admin = SignedIn(make_admin())
        for path in ("/account/api-keys", "/account/sessions"):
            answer = admin.get(path)
            allowed = path == "/account/sessions"
            assert (answer.status_code == 200) is allowed
            assert allowed or answer.json["type"] == "second-factor-needed"
        assert admin.get("/me").status_code == 200
        set_up(admin)
        assert admin.get("/account/api-keys").status_code == 200
        refused = admin.post("/account/totp/disable", {"password": PASSWORD})
        assert refused.status_code == 403
        assert SignedIn(make_influencer()).get("/account/api-keys").status_code == 200
        db.session.remove()


def test_confirming_who_one_is_takes_the_code_too_where_there_is_an_authenticator(app: Flask):
    signed_in = SignedIn(make_influencer())
    plain = signed_in.post("/account/confirm-password", {"password": PASSWORD})
    assert plain.status_code == 204
    _secret, recovery = set_up(signed_in)
    for otp in (None, "000000"):
        answer = signed_in.post("/account/confirm-password", {"password": PASSWORD, "otp": otp})
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["otp"])
    right = {"password": PASSWORD, "otp": recovery[0]}
    assert signed_in.post("/account/confirm-password", right).status_code == 204
    assert signed_in.post("/account/confirm-password", right).status_code == 422
