"""Reading the CSV of orders (pure): line by line, so that a file of any length takes one line.

Columns: `external_id`, `ordered_at`, `total`, `currency`, and what else is known: `net`,
`refunded`, `click_id`, `coupon` (several with blanks between). Amounts are decimals, such as
29.35. Others, such as those of the list that an instance gives out, are ignored and named. The
file that Shopify exports is read as it is.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from app.attribution.adapters import shopify_export
from app.attribution.order_facts import (
    LONGEST_COUPON,
    MOST_COUPONS,
    OrderFact,
    UnusableOrder,
    click_id,
    minor_units,
    moment_of,
)
from app.core.money import is_known_currency
from app.core.strict_json import MalformedJSON, clean_text

REQUIRED = ("external_id", "ordered_at", "total", "currency")
OPTIONAL = ("net", "refunded", "click_id", "coupon")
LONGEST_LINE = 10_000
# What reads the cells of a line, by their columns' names.
Reading = Callable[[Callable[[str], str]], OrderFact | None]
# What our own files put before a cell that a spreadsheet would take for a formula.
_ESCAPED = re.compile(r"\A'(?=[=+@-])")
MOST_COLUMNS = 120


class UnreadableTable(ValueError):
    """The file is no table of orders; the text says why."""


@dataclass(frozen=True)
class OrderLine:
    """A line (its number in the file) with its order, or the reason why it has none."""

    number: int
    external_id: str = ""
    fact: OrderFact | None = None
    reason: str | None = None


@dataclass
class OrderTable:
    """The columns that were not read; the lines follow in `lines`, once."""

    lines: Iterator[OrderLine]
    ignored: list[str] = field(default_factory=list)


def read(text: Iterable[str]) -> OrderTable:
    """The table in the lines of a text file. Raises UnreadableTable where its head is none."""
    source = iter(_bounded(text))
    first = next(source, "").removeprefix("\ufeff")
    separator = ";" if first.count(";") > first.count(",") else ","
    names = [name.strip().lower() for name in next(csv.reader([first], delimiter=separator), [])]
    separated = csv.reader(source, delimiter=separator)
    if set(names) >= shopify_export.COLUMNS and "external_id" not in names:
        _check_head(names, names)
        return OrderTable(_lines(separated, names, shopify_export.read))
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise UnreadableTable(f"The first line needs the columns {', '.join(missing)}.")
    known = [name for name in names if name in REQUIRED + OPTIONAL]
    _check_head(names, known)
    ignored = [name[:60] for name in names if name not in known]
    return OrderTable(_lines(separated, names, _fact), ignored)


def _check_head(names: list[str], known: list[str]) -> None:
    if len(names) > MOST_COLUMNS or len(set(known)) < len(known):
        raise UnreadableTable("The first line names a column twice, or too many.")


def _bounded(text: Iterable[str]) -> Iterator[str]:
    for line in text:
        if len(line) > LONGEST_LINE:
            raise UnreadableTable(f"A line is longer than {LONGEST_LINE:,} characters.")
        yield line


def _lines(rows: Iterable[list[str]], names: list[str], read_fact: Reading) -> Iterator[OrderLine]:
    number = 1
    try:
        for number, row in enumerate(rows, 2):
            if any(cell.strip() for cell in row):
                line = _line(number, names, row, read_fact)
                if line is not None:
                    yield line
    except csv.Error as error:
        yield OrderLine(number + 1, reason=f"The file ends here: {error}.")


def _line(number: int, names: list[str], row: list[str], read_fact: Reading) -> OrderLine | None:
    cells = dict(zip(names, row, strict=False))
    external_id = cells.get("external_id", cells.get("name", "")).strip()[:100]
    if len(row) != len(names):
        reason = f"{len(row)} cells stand under {len(names)} columns."
        return OrderLine(number, external_id, reason=reason)

    def given(name: str) -> str:
        try:
            return _ESCAPED.sub("", clean_text(cells.get(name, "").strip()))
        except MalformedJSON as error:
            raise UnusableOrder(name, f"{error}.") from None

    try:
        fact = read_fact(given)
        return OrderLine(number, external_id, fact) if fact else None
    except UnusableOrder as error:
        return OrderLine(number, external_id, reason=str(error))


def _fact(given: Callable[[str], str]) -> OrderFact:
    external_id = given("external_id")
    if not external_id.isprintable():
        raise UnusableOrder("external_id", "Remove the invisible characters.")
    currency = given("currency").upper()
    if not is_known_currency(currency):
        raise UnusableOrder("currency", "This is no currency that we know.")
    coupons = given("coupon").split()
    return OrderFact(
        external_id=external_id,
        ordered_at=moment_of(given("ordered_at")),
        currency=currency,
        total=minor_units(given("total"), currency, "total"),
        net=minor_units(given("net"), currency, "net") if given("net") else None,
        refunded=minor_units(given("refunded") or "0", currency, "refunded"),
        click_id=click_id(given("click_id")),
        coupons=tuple(one for one in coupons if len(one) <= LONGEST_COUPON)[:MOST_COUPONS],
    )
