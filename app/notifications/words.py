"""The words of a notification or mail, in the reader's language.

Values of `params` are texts and numbers, or one of two shapes that are written by the reader's
rules: money `{"amount": 1250, "currency": "EUR"}` and a moment `{"at": "2026-01-31T09:00:00Z"}`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime, format_time

from app.core.money import Money

FALLBACK = "en"
_FOLDER = Path(__file__).parent / "texts"


@dataclass(frozen=True)
class Reader:
    """Whose rules the words follow. `language` is a tag such as `en` or `vi-VN`."""

    name: str = ""
    language: str = FALLBACK
    time_zone: str = "UTC"


@dataclass(frozen=True)
class Words:
    """What is shown of one piece of news."""

    title: str
    text: str
    action: str


def words_for(kind: str, params: Mapping[str, Any], reader: Reader) -> Words:
    """The words of `kind` for this reader; a missing value is left out."""
    texts = texts_in(reader.language)
    entry = texts.get(kind) or texts_in(FALLBACK).get(kind) or {"title": kind, "text": ""}
    values = _Values({name: _shown(value, reader) for name, value in params.items()})
    return Words(
        title=entry["title"].format_map(values).strip(),
        text=entry["text"].format_map(values).strip(),
        action=entry.get("action", texts["layout"]["open"]),
    )


def texts_in(language: str) -> dict[str, dict[str, str]]:
    """All words in a language, or in English where there are none in that one."""
    short = language.replace("_", "-").partition("-")[0].lower()
    return _load(short if short in languages() else FALLBACK)


@cache
def languages() -> tuple[str, ...]:
    """The languages that there are words in; a further file adds one."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.json")))


@cache
def _load(language: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = json.loads(
        (_FOLDER / f"{language}.json").read_text(encoding="utf-8")
    )
    return found


class _Values(dict[str, str]):
    def __missing__(self, _name: str) -> str:
        return ""


def _shown(value: Any, reader: Reader) -> str:
    if isinstance(value, dict) and "currency" in value:
        return Money(value["amount"], value["currency"]).written(_locale(reader.language))
    if isinstance(value, dict) and "at" in value:
        moment = datetime.fromisoformat(value["at"])
        zone, locale = _zone(reader.time_zone), _locale(reader.language)
        # To the minute, and with its zone: a deadline in a mail has no clock beside it.
        parts = (
            format_date(moment.astimezone(zone), "medium", locale=locale),
            format_time(moment, "short", tzinfo=zone, locale=locale),
            format_datetime(moment, "z", tzinfo=zone, locale=locale),
        )
        return "{}, {} {}".format(*parts)
    return "" if value is None else str(value)


@cache
def _locale(language: str) -> Locale:
    try:
        locale = Locale.parse(language.replace("-", "_"))
        # English of no country is written as most of the world reads it: 22 Nov 2026.
        return Locale("en", "GB") if locale == Locale("en") else locale
    except (UnknownLocaleError, ValueError):
        return Locale("en", "GB")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
