"""Money on paper: PDFs set by typst, in the reader's language and by the reader's rules.

Data reaches a template as JSON through its inputs, never as template text, so that no name can
change the page. The templates fetch nothing: no packages, no files outside their folder. The
built-in fonts have Latin (Vietnamese too), Cyrillic and Greek; a letter that no font has is a box.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal

from app.core.errors import Unavailable
from app.core.money import exponent
from app.core.settings import settings

FALLBACK = "en"
SECONDS = 30
AT_ONCE = 2
_SLOTS = BoundedSemaphore(AT_ONCE)
_FOLDER = Path(__file__).parent / "templates"
_SETTER = Path(__file__).parent / "typesetting.py"


@dataclass(frozen=True)
class Reader:
    """Whose language, number rules and calendar days a paper follows."""

    language: str = FALLBACK
    time_zone: str = "UTC"


class PaperTooSlow(Unavailable):
    type = "paper-too-slow"
    title = "This document takes too long at the moment; try again later"


def pdf(template: str, reader: Reader, data: dict[str, Any]) -> bytes:
    """The PDF that `template` makes of `data`; the same data gives the same bytes.

    About 0.3 s, and 1 ms more for each line of a table (on one slow core). It is set in a process
    of its own: typst keeps what it has set in memory (70 kB a line), and a process can be stopped.
    Of each server process at most AT_ONCE are set at a time; others wait. Raises PaperTooSlow
    after SECONDS of waiting, or of setting.
    """
    language, words = _words(reader.language)
    content = json.dumps({**data, "words": words, "language": language}, ensure_ascii=False)
    paths = [_SETTER, _FOLDER / f"{template}.typ", _FOLDER, settings().paper_fonts]
    command = [sys.executable, "-I", *map(str, paths)]
    if not _SLOTS.acquire(timeout=SECONDS):
        raise PaperTooSlow("Many documents are being made. Nothing was changed.")
    try:
        done = subprocess.run(
            command, input=content.encode(), capture_output=True, timeout=SECONDS, check=True
        )
    except subprocess.TimeoutExpired:
        raise PaperTooSlow("Nothing was changed. A shorter period takes less time.") from None
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"typst: {error.stderr.decode(errors='replace')[-2000:]}") from error
    finally:
        _SLOTS.release()
    return done.stdout


def major(amount: int, currency: str) -> Decimal:
    """Minor units as a number of the currency's major unit, exactly."""
    return Decimal(amount).scaleb(-exponent(currency))


def amount_in(reader: Reader, currency: str) -> Callable[[int], str]:
    """Writes minor units by the reader's rules, without the currency."""
    locale = _locale(reader.language)
    digits = exponent(currency)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return lambda amount: str(format_decimal(major(amount, currency), pattern, locale=locale))


def day_in(reader: Reader, day: date) -> str:
    """A calendar day by the reader's rules."""
    return str(format_date(day, "medium", locale=_locale(reader.language)))


def moment_in(reader: Reader, moment: datetime) -> str:
    """A moment in the reader's time zone, by the reader's rules."""
    zone = ZoneInfo(reader.time_zone)
    return str(format_datetime(moment, "medium", tzinfo=zone, locale=_locale(reader.language)))


def locale_of(reader: Reader) -> Locale:
    """By whose rules the reader reads numbers."""
    return _locale(reader.language)


def languages() -> list[str]:
    """The languages that papers are written in; a further file adds one."""
    return sorted(path.stem for path in (_FOLDER / "words").glob("*.json"))


@cache
def _words(language: str) -> tuple[str, dict[str, Any]]:
    short = language.replace("_", "-").partition("-")[0].lower()
    chosen = short if short in languages() else FALLBACK
    text = (_FOLDER / "words" / f"{chosen}.json").read_text(encoding="utf-8")
    return chosen, json.loads(text)


@cache
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)
