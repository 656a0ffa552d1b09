"""Reading the CSV of posts' figures (pure).

Columns: `post` (the id of the deliverable, or the address of the post), `reactions`, `comments`,
`shares`, and what else is known: `views`, `followers`, the four sentiments, `source`, `as_of`.
Others, such as those of the list that an instance gives out, are ignored.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from app.statistics.sources import COUNTS, INTERACTIONS, MOST, Source, problems

REQUIRED = ("post", *INTERACTIONS)
LARGEST = 500_000
MOST_LINES = 1000
_NUMBER = re.compile(r"\d{1,13}\Z", re.ASCII)


@dataclass(frozen=True)
class FiguresLine:
    """One line: what a post has reached. `as_of` is None where the line does not say it."""

    number: int
    post: str
    counts: Mapping[str, int | None]
    source: Source = Source.REPORTED
    as_of: datetime | None = None


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    number: int
    reason: str
    post: str = field(default="")


def read(text: str) -> Iterator[FiguresLine | RefusedLine]:
    """The lines of a table, in their order; one without any count is left out.

    Raises ValueError for a table without the columns that are needed, and for one that is too long.
    """
    # Spreadsheets write a mark at the front, and semicolons where the comma is the decimal sign.
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or []]
        missing = [name for name in REQUIRED if name not in reader.fieldnames]
        if missing:
            raise ValueError(f"The first line lacks the columns: {', '.join(missing)}.")
        for count, row in enumerate(reader, 1):
            if count > MOST_LINES:
                raise ValueError(f"A table has at most {MOST_LINES} lines. Split it.")
            line = _line(reader.line_num, row)
            if line is not None:
                yield line
    except csv.Error as error:
        raise ValueError(f"This is no CSV: {error}.") from None


def _line(number: int, row: dict[str, str]) -> FiguresLine | RefusedLine | None:
    if None in row or any(value is None for value in row.values()):
        return RefusedLine(number, "The line has another number of columns than the first one.")
    cells = {name: value.strip() for name, value in row.items()}
    if not any(cells.get(name) for name in COUNTS):
        return None
    # The apostrophe with which a spreadsheet is told that a cell is no formula.
    post = cells["post"].removeprefix("'")
    try:
        return _taken(number, post, cells)
    except ValueError as error:
        return RefusedLine(number, str(error), post)


def _taken(number: int, post: str, cells: Mapping[str, str]) -> FiguresLine:
    if not post:
        raise ValueError("Say in the column post which one it is.")
    counts = {name: _count(name, cells.get(name, "")) for name in COUNTS}
    for name in INTERACTIONS:
        if counts[name] is None:
            raise ValueError(f"Give the {name}, 0 where there are none.")
    for name, problem in problems(counts).items():
        raise ValueError(f"{name}: {problem}")
    source = cells.get("source", "").lower() or Source.REPORTED.value
    if source not in set(Source):
        raise ValueError("The source is measured, reported or estimated.")
    return FiguresLine(number, post, counts, Source(source), _moment(cells.get("as_of", "")))


def _count(name: str, cell: str) -> int | None:
    if not cell:
        return None
    if not _NUMBER.match(cell) or int(cell) > MOST:
        raise ValueError(f"{name}: give a whole number without signs, such as 1284.")
    return int(cell)


def _moment(cell: str) -> datetime | None:
    if not cell:
        return None
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        moment = None
    if moment is None or not 1970 <= moment.year <= 2200:
        raise ValueError("as_of: give a day or a moment such as 2026-11-22T18:00:00Z.")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
