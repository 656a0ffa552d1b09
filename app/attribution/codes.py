"""Short codes of links, and coupon codes as they are compared.

A link's code is eight characters that read well aloud, and one that finds a slip.

The alphabet has no 0, 1, i, l or o. Its 31 characters are a prime, so the last one, a weighted
sum, finds every single wrong character and every two that were swapped.
"""

from __future__ import annotations

import re
import secrets

from app.core.folding import fold

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH = 9

_VALUES = {character: value for value, character in enumerate(ALPHABET)}


def new_code() -> str:
    """A fresh code, such as `k7m2xq4ph`."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def read(text: str) -> str | None:
    """The code that somebody typed, in lower case; None for what is none."""
    code = text.lower()
    if len(code) != LENGTH or not all(character in _VALUES for character in code):
        return None
    return code if code[-1] == _check(code[:-1]) else None


def _check(body: str) -> str:
    total = sum(weight * _VALUES[character] for weight, character in enumerate(body, 1))
    return ALPHABET[total % len(ALPHABET)]


_COUPON = re.compile(r"[A-Z0-9][A-Z0-9_.-]{2,39}")
_SPACE = re.compile(r"\s+")


def fold_coupon(text: str) -> str:
    """A coupon code as it is compared: capitals, without any white space."""
    return _SPACE.sub("", text).upper()


def is_coupon(code: str) -> bool:
    """Whether a folded text may be a coupon code."""
    return bool(_COUPON.fullmatch(code))


def suggest_coupon(name: str) -> str:
    """A fresh coupon code for somebody, such as `MAIJA-K7M2`."""
    letters = "".join(character for character in fold(name).upper() if "A" <= character <= "Z")
    tail = "".join(secrets.choice(ALPHABET) for _ in range(4)).upper()
    return f"{letters[:12] or 'CODE'}-{tail}"
