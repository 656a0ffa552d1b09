"""Signed links: tokens that are derived when they are sent and never stored.

A token carries its purpose, what it is about and a fingerprint of the state that it was made in.
Whoever takes it compares the fingerprint with the present state: once that has changed (the
password was reset, the address confirmed), the token is dead.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

from app.core.errors import DomainError
from app.core.settings import settings

LONGEST_TOKEN = 2000


class LinkEnded(DomainError):
    type = "link-ended"
    title = "This link is no longer valid"
    status = 422


def sign(purpose: str, payload: dict[str, str]) -> str:
    """A token for `payload` that only `unsign` of the same purpose takes."""
    return _serializer(purpose).dumps(payload)


def unsign(purpose: str, token: str, *, within: timedelta) -> dict[str, str]:
    """The payload of a token that was signed for `purpose` and is younger than `within`.

    Raises LinkEnded for every other text.
    """
    payload: Any = None
    if len(token) <= LONGEST_TOKEN:
        try:
            payload = _serializer(purpose).loads(token, max_age=int(within.total_seconds()))
        except (BadData, ValueError, TypeError, RecursionError):
            payload = None
    if not isinstance(payload, dict) or not all(isinstance(v, str) for v in payload.values()):
        raise LinkEnded("Ask for a new link.", errors={"token": ["This link has ended."]})
    return payload


def fingerprint(*state: object) -> str:
    """A short digest of the state that a token depends on."""
    return hashlib.sha256("\0".join(map(str, state)).encode()).hexdigest()[:24]


def _serializer(purpose: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        settings().secret_key,
        salt=f"accord.{purpose}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
