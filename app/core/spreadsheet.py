"""Lines of CSV that no spreadsheet takes for formulas."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

# What spreadsheets take for the start of a formula, full-width forms included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: Any) -> Any:
    """`value` as a cell: texts that start like a formula get an apostrophe, None is empty."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, int | float):
        return value
    text = str(value)
    # Blanks before the sign are dropped by some spreadsheets on import.
    starts = text.lstrip(" \u00a0\u3000").startswith(_FORMULA) or text.startswith(_FORMULA)
    return f"'{text}" if starts else text


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
