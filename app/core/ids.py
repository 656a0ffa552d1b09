"""Public ids: a prefix that names the kind, then 26 characters that reveal no count.

The characters are a UUIDv7 in Crockford's base 32: rows made later sort later, which keeps the
indexes of large tables compact, and 74 random bits make an id unguessable.
"""

from __future__ import annotations

import secrets

from app.core.clock import now

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 32


def new_id(prefix: str) -> str:
    """A fresh id such as `cmp_01k9…` (at most ID_LENGTH characters)."""
    milliseconds = int(now().timestamp() * 1000)
    return f"{prefix}_{_base32((milliseconds << 80) | secrets.randbits(80), 26)}"


def new_code(length: int) -> str:
    """A random code of `length` characters that reads well aloud (5 bits each)."""
    return _base32(secrets.randbits(5 * length), length)


def _base32(value: int, length: int) -> str:
    characters = []
    for _ in range(length):
        characters.append(_ALPHABET[value & 31])
        value >>= 5
    return "".join(reversed(characters))
