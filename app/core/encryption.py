"""Secrets at rest: second factors, payout details, tokens of platforms.

The keys of the settings form a ring, newest first: the first encrypts, all of them decrypt. To
retire a key, put a new one in front, run `rotated` over the stored values, then drop the old one.
"""

from __future__ import annotations

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from app.core.settings import settings


class CannotDecrypt(RuntimeError):
    """The value was encrypted with a key that the settings no longer hold, or was changed."""


def encrypt(plain: str) -> bytes:
    """`plain` encrypted and authenticated with the newest key."""
    return _ring().encrypt(plain.encode())


def decrypt(secret: bytes) -> str:
    """What `encrypt` was given. Raises CannotDecrypt."""
    try:
        return _ring().decrypt(secret).decode()
    except InvalidToken as error:
        raise CannotDecrypt("ENCRYPTION_KEYS lacks the key of this value.") from error


def rotated(secret: bytes) -> bytes:
    """The same value under the newest key. Raises CannotDecrypt."""
    try:
        return _ring().rotate(secret)
    except InvalidToken as error:
        raise CannotDecrypt("ENCRYPTION_KEYS lacks the key of this value.") from error


def _ring() -> MultiFernet:
    keys = settings().encryption_keys
    if keys:
        return MultiFernet([Fernet(key) for key in keys])
    # Production refuses to start without keys; elsewhere the app's secret stands in.
    derived = hashlib.sha256(b"accord.encryption\0" + settings().secret_key.encode()).digest()
    return MultiFernet([Fernet(base64.urlsafe_b64encode(derived))])
