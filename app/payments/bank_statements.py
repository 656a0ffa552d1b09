"""Statements as banks and Stripe give them: files of CSV, read into lines.

Pure: no database, no clock.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from app.core.errors import Invalid
from app.core.money import MAX_AMOUNT, exponent, is_known_currency

T = TypeVar("T")

MOST_LINES = 5_000
# The names under which a column may stand in the head.
_COLUMNS = {
    "manual": {
        "date": ("date",),
        "name": ("entry id", "entry_id", "entry"),
        "amount": ("amount",),
        "currency": ("currency",),
        "text": ("text",),
    },
    "stripe": {
        "date": ("created (utc)", "created_utc", "created"),
        "name": ("balance_transaction_id", "id"),
        "amount": ("net",),
        "currency": ("currency",),
        "source": ("source_id", "source"),
        "text": ("reporting_category", "type"),
    },
}
GATEWAYS = tuple(_COLUMNS)
# What else of a line of Stripe's names a line of ours.
_MORE_NAMES = ("payment_intent_id", "deposit_id", "withdrawal_id")


@dataclass(frozen=True)
class BankLine:
    """A line of a statement: `amount` in minor units, + for what came in. `names` are what a line
    of ours may be called that stands for it; `number` is its place in the file."""

    number: int
    on: date
    name: str
    amount: int
    currency: str
    text: str
    names: frozenset[str]


def parse(gateway: str, content: str) -> list[BankLine]:
    """The lines of a statement of `manual` (date, entry id, amount, currency, text) or of Stripe
    (its balance transactions), amounts in units of their currency.

    Raises Invalid with the line that cannot be read, for an entry that is there twice, and for more
    than MOST_LINES.
    """
    # Spreadsheets begin with a mark, and some separate by semicolons.
    plain = content.lstrip("\ufeff").lstrip()
    head_line = plain.partition("\n")[0]
    delimiter = ";" if head_line.count(";") > head_line.count(",") else ","
    try:
        rows = list(csv.reader(io.StringIO(plain), delimiter=delimiter))
    except csv.Error as error:
        raise Invalid(content=f"This is no file of CSV: {error}.") from None
    if len(rows) > MOST_LINES + 1:
        raise Invalid(content=f"This file has more than {MOST_LINES} lines. Take a shorter period.")
    head = [name.strip().lower() for name in rows[0]] if rows else []
    places = {column: _place(head, column, names) for column, names in _COLUMNS[gateway].items()}
    more = [at for at, name in enumerate(head) if any(known in name for known in _MORE_NAMES)]
    lines: dict[str, BankLine] = {}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        if len(row) < len(head):
            raise Invalid(content=f"Line {number} has fewer columns than the first line.")
        line = _line(number, {name: row[at].strip() for name, at in places.items()},
                     [row[at].strip() for at in more])  # fmt: skip
        first = lines.setdefault(line.name, line)
        if first is not line:
            raise Invalid(content=f"Line {number} has the entry of line {first.number} again.")
    return list(lines.values())


def _place(head: list[str], column: str, names: tuple[str, ...]) -> int:
    found = next((head.index(name) for name in names if name in head), None)
    if found is None:
        raise Invalid(content=f"The first line names no column {names[0]!r} ({column}).")
    return found


def _line(number: int, cells: Mapping[str, str], more: list[str]) -> BankLine:
    currency = cells["currency"].upper()
    if not is_known_currency(currency):
        raise Invalid(content=f"Line {number}: {currency[:8]!r} is no currency that we know.")
    name = cells["name"]
    if not name:
        raise Invalid(content=f"Line {number} names no entry.")
    return BankLine(
        number=number,
        on=_read(number, cells["date"], _day, "day"),
        name=name,
        amount=_read(number, cells["amount"], lambda text: _minor(text, currency), "amount"),
        currency=currency,
        text=cells["text"][:300],
        names=frozenset({name, cells.get("source", ""), *more} - {""}),
    )


def _read(number: int, text: str, read: Callable[[str], T], what: str) -> T:
    try:
        return read(text)
    except (ValueError, InvalidOperation):
        raise Invalid(content=f"Line {number}: {text[:40]!r} is no {what}.") from None


def _day(text: str) -> date:
    """The day that a text begins with. Raises ValueError, also for one that no bank writes."""
    found = date.fromisoformat(text[:10])
    if not 1970 <= found.year < 2200:
        raise ValueError
    return found


def _minor(text: str, currency: str) -> int:
    """An amount with a point in minor units. Raises ValueError for what is not exact."""
    scaled = Decimal(text).scaleb(exponent(currency))
    if not scaled.is_finite() or abs(scaled) > MAX_AMOUNT or scaled != scaled.to_integral_value():
        raise ValueError
    return int(scaled)
