"""Lines of CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from app.core.money import exponent

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

# A spreadsheet whose separator is the semicolon begins a cell behind each, quoted or not.
_AFTER_SEPARATOR = re.compile(rf"(;[\s\u3000\"]*)(?=[{re.escape(''.join(_FORMULA[:4]))}＝＋－＠])")


def cell(value: Any) -> Any:
    """`value` as a cell: texts that start like a formula get an apostrophe, also behind a
    semicolon; None is empty.

    Moments are ISO 8601 in UTC, lists are joined by commas, mappings are JSON.
    """
    if value is None:
        return ""
    if isinstance(value, Enum):
        value = value.value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=str)
    if isinstance(value, list | tuple):
        return cell(", ".join(str(one) for one in value))
    text = str(value)
    # Blanks before the sign are dropped by some spreadsheets on import.
    text = _AFTER_SEPARATOR.sub(r"\1'", text)
    starts = text.lstrip(" \u00a0\u3000").startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{text}" if starts else text


def decimal(amount: int | None, currency: str) -> Decimal | None:
    """An amount of minor units in units of its currency, exactly: 123450 EUR is 1234.50."""
    return None if amount is None else Decimal(amount).scaleb(-exponent(currency))


def csv_line(values: Sequence[Any]) -> str:
    """One line of CSV (RFC 4180), its cells made harmless."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow([cell(value) for value in values])
    return buffer.getvalue()


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """The lines of a table. The mark at the front tells spreadsheets that it is UTF-8."""
    yield "\ufeff" + csv_line(header)
    for row in rows:
        yield csv_line(row)
