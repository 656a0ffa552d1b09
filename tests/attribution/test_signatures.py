"""Who may say that something was bought."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import UTC, datetime, timedelta

import pytest

from app.attribution.signatures import check_body, key_of, message_of, new_secret
from app.core.signed_messages import BadSignature, sign

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
BODY = b'{"external_id": "1001"}'


def signed(secret: str, at: datetime = NOW, body: bytes = BODY) -> dict[str, str]:
    return sign(key_of(secret), message_id="evt_1", at=at, body=body)


def test_a_secret_is_new_each_time_and_has_256_bits():
    made = {new_secret() for _ in range(50)}
    assert len(made) == 50
    assert all(len(key_of(secret)) == 32 for secret in made)


def test_the_example_of_standard_webhooks_is_taken():
    # From its specification: https://github.com/standard-webhooks/standard-webhooks
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    at = datetime.fromtimestamp(1614265330, UTC)
    known = ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"]
    assert message_of(known, headers, b'{"test": 2432232314}', at=at) == headers["webhook-id"]


def test_both_secrets_of_a_rotation_are_taken():
    old, new = new_secret(), new_secret()
    for secret in (old, new):
        assert message_of([new, old], signed(secret), BODY, at=NOW) == "evt_1"
    with pytest.raises(BadSignature):
        message_of([new], signed(old), BODY, at=NOW)


def test_a_message_is_taken_for_five_minutes_either_way():
    secret = new_secret()
    for minutes in (-5, 5):
        headers = signed(secret, NOW + timedelta(minutes=minutes))
        assert message_of([secret], headers, BODY, at=NOW) == "evt_1"
        late = signed(secret, NOW + timedelta(minutes=minutes, seconds=minutes / 5))
        with pytest.raises(BadSignature, match="too old"):
            message_of([secret], late, BODY, at=NOW)


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-id": "evt_2"},
        {"webhook-id": ""},
        {"webhook-id": "x" * 101},
        {"webhook-timestamp": "1782820801"},
        {"webhook-timestamp": "-1"},
        {"webhook-timestamp": "1e9"},
        {"webhook-timestamp": "٣"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1,"},
        {"webhook-signature": "v1,\xff\xfe"},
        {"webhook-signature": "v2,AAAA v1a,AAAA"},
    ],
)
def test_an_edited_header_is_refused(change):
    secret = new_secret()
    with pytest.raises(BadSignature):
        message_of([secret], {**signed(secret), **change}, BODY, at=NOW)


def test_an_edited_body_and_no_secret_are_refused():
    secret = new_secret()
    with pytest.raises(BadSignature):
        message_of([secret], signed(secret), BODY + b" ", at=NOW)
    with pytest.raises(BadSignature):
        message_of([], signed(secret), BODY, at=NOW)


@pytest.mark.parametrize("text", ["", "whsec", "abc", "whsec_*"])
def test_what_is_no_secret_has_no_key(text):
    with pytest.raises(ValueError, match="secret"):
        key_of(text)


def test_shop_systems_sign_the_body_alone():
    given = base64.b64encode(hmac.new(b"s3cret", BODY, hashlib.sha256).digest()).decode()
    check_body(["other", "s3cret"], given, BODY)
    for known, proof, body in (
        (["other"], given, BODY),
        ([], given, BODY),
        (["s3cret"], given, BODY + b" "),
        (["s3cret"], given[:-2], BODY),
        (["s3cret"], "", BODY),
        (["s3cret"], "\udcff", BODY),
    ):
        with pytest.raises(BadSignature):
            check_body(known, proof, body)
