"""Proofs that an order comes from the sponsor's shop.

Our own webhook is signed as Standard Webhooks lays down, with a secret that we made; Shopify and
WooCommerce sign the body alone, with a secret that stands in their settings.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.core.signed_messages import BadSignature, verify

PREFIX = "whsec_"
_BYTES = 32


def new_secret() -> str:
    """A fresh secret in the form of Standard Webhooks: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises ValueError for what is no secret of that form."""
    if not secret.startswith(PREFIX):
        raise ValueError("a secret starts with whsec_")
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a secret is base64") from error


def message_of(
    known: Sequence[str], headers: Mapping[str, str], body: bytes, *, at: datetime
) -> str:
    """The id of a message that one of the `known` secrets signed about now; header names are in
    lower case. Raises BadSignature."""
    refusal = BadSignature("This shop has no secret here. Make one, then sign with it.")
    for secret in known:
        try:
            return verify(key_of(secret), headers, body, at=at)
        except BadSignature as error:
            refusal = error
    raise refusal


def check_body(known: Sequence[str], given: str, body: bytes) -> None:
    """That one of the `known` secrets signed `body`, as shop systems do: the base64 of its
    HMAC-SHA256. Raises BadSignature."""
    found = False
    for secret in known:
        digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
        wanted = base64.b64encode(digest)
        found |= hmac.compare_digest(given.encode("utf-8", "replace"), wanted)
    if not found:
        raise BadSignature("Check that the secret in the shop is the one that is kept here.")
