"""Signed messages in the manner of Standard Webhooks: HMAC-SHA256 of `id.timestamp.body`.

What gateways and shops send us, and what we send, is signed alike.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

from app.core.errors import DomainError

TOLERANCE = timedelta(minutes=5)


class BadSignature(DomainError):
    type = "bad-signature"
    title = "The signature of this event does not match"
    status = 401


def sign(secret: bytes, *, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
    """The headers that prove a message."""
    timestamp = str(int(at.timestamp()))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": "v1," + _digest(secret, message_id, timestamp, body),
    }


def verify(secret: bytes, headers: Mapping[str, str], body: bytes, *, at: datetime) -> str:
    """The id of a message that was signed with `secret` about now. Raises BadSignature."""
    message_id = headers.get("webhook-id", "")
    timestamp = headers.get("webhook-timestamp", "")
    given = headers.get("webhook-signature", "")
    if not message_id or len(message_id) > 100 or not timestamp.isascii():
        raise BadSignature("The headers of the signature are missing.")
    if not timestamp.isdigit() or len(timestamp) > 12:
        raise BadSignature("The time of the signature is missing.")
    if abs(at.timestamp() - int(timestamp)) > TOLERANCE.total_seconds():
        raise BadSignature("The message is too old, or the clocks differ.")
    wanted = _digest(secret, message_id, timestamp, body).encode()
    for part in given.split(" "):
        version, _, digest = part.partition(",")
        if version == "v1" and hmac.compare_digest(digest.encode("utf-8", "replace"), wanted):
            return message_id
    raise BadSignature


def _digest(secret: bytes, message_id: str, timestamp: str, body: bytes) -> str:
    text = f"{message_id}.{timestamp}.".encode("utf-8", "replace") + body
    return base64.b64encode(hmac.new(secret, text, hashlib.sha256).digest()).decode()
