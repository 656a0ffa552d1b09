"""Texts made comparable: without case, accents and doubled spaces."""

from __future__ import annotations

import re
import unicodedata

# The accents of Latin, Greek and Cyrillic letters; vowel signs of other scripts carry meaning.
_ACCENTS = re.compile("[\u0300-\u036f]")
_SPACES = re.compile(r"\s+")
_BY_HAND = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i"})


def fold(text: str) -> str:
    """`text` in lower case, without accents, with single spaces: `Cà  Phê Đá` is `ca phe da`."""
    bare = _ACCENTS.sub("", unicodedata.normalize("NFD", text.casefold())).translate(_BY_HAND)
    return _SPACES.sub(" ", unicodedata.normalize("NFC", bare)).strip()
