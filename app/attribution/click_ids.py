"""The signed id of a click: what a target gets as `accord_click` and gives back with an order.

It holds the link, the moment and the visitor, signed by HMAC-SHA-256: whether it is ours is seen
without a look-up. Its parts stand at fixed places, in the characters of public ids.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PARAMETER = "accord_click"
VISITOR_LENGTH = 16
MOMENT_LENGTH = 11  # hexadecimal milliseconds: until the year 2527
SIGNATURE_LENGTH = 32  # hexadecimal: 128 bits
LINK_PREFIX = "lnk_"
LINK_LENGTH = 26
LENGTH = LINK_LENGTH + MOMENT_LENGTH + VISITOR_LENGTH + SIGNATURE_LENGTH
_START = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class ClickId:
    """What a signed id says; `at` is in UTC, to the millisecond."""

    link_id: str
    at: datetime
    visitor: str


def key_of(secret: str) -> bytes:
    """The key that signs clicks, derived from the secret of the instance."""
    return hashlib.sha256(b"accord.clicks\0" + secret.encode()).digest()


def sign(key: bytes, link_id: str, milliseconds: int, visitor: str) -> str:
    """The signed id of a click on a link at `milliseconds` since 1970 by `visitor`."""
    body = f"{link_id[len(LINK_PREFIX) :]}{milliseconds:011x}{visitor}"
    return body + _signature(key, body)


def read(key: bytes, text: str) -> ClickId | None:
    """What a signed id says; None for every text that `sign` did not make with this key."""
    if len(text) != LENGTH or not text.isascii():
        return None
    body, signature = text[:-SIGNATURE_LENGTH], text[-SIGNATURE_LENGTH:]
    if not hmac.compare_digest(signature, _signature(key, body)):
        return None
    moment = body[LINK_LENGTH : LINK_LENGTH + MOMENT_LENGTH]
    return ClickId(
        link_id=LINK_PREFIX + body[:LINK_LENGTH],
        at=moment_of(int(moment, 16)),
        visitor=body[-VISITOR_LENGTH:],
    )


def moment_of(milliseconds: int) -> datetime:
    """A moment in UTC from whole milliseconds since 1970, without a float in between."""
    return _START + timedelta(milliseconds=milliseconds)


def _signature(key: bytes, body: str) -> str:
    return hmac.digest(key, body.encode(), "sha256").hex()[:SIGNATURE_LENGTH]
