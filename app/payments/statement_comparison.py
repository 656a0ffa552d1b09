"""Our lines of a gateway's statement beside the statement itself, as the bank or Stripe gives it.

It reads only: nothing is kept of the file, and nothing is posted.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from app.core.extensions import db
from app.core.money import Money
from app.payments.bank_statements import BankLine, parse
from app.payments.gateways import manual
from app.payments.models import GatewayEntry
from app.payments.statement_entries import booked_as

AT_ONCE = 300
# An admin books what came some days after the bank did.
AROUND = timedelta(days=7)
# What may stand behind a name of Stripe's in ours.
PARTS = ("back", "cost", "own")


class LineState(StrEnum):
    """How a line of one side is found on the other."""

    MATCHED = "matched"
    OTHER_AMOUNT = "other_amount"
    MISSING_HERE = "missing_here"
    MISSING_THERE = "missing_there"


@dataclass(frozen=True)
class ComparedLine:
    """A line of the bank's, of ours, or of both; `subjects` are the deposits, withdrawals and
    payments of returned money."""

    state: LineState
    number: int | None
    on: date
    name: str
    text: str
    theirs: Money | None
    ours: Money | None
    subjects: tuple[str, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """Every line of a file and of ours, the unmatched first; days are those of the file."""

    lines: list[ComparedLine]
    since: date | None = None
    until: date | None = None

    def count(self, state: LineState) -> int:
        """How many lines are in a state."""
        return sum(line.state is state for line in self.lines)


def compare(*, gateway: str, content: str) -> Comparison:
    """The file of a statement beside our lines of it: those that it names, and those that we
    booked on its days (UTC) and it does not name.

    Raises Invalid for a file that cannot be read.
    """
    bank = parse(gateway, content)
    if not bank:
        return Comparison([])
    since, until = min(line.on for line in bank), max(line.on for line in bank)
    line_of = {_known_as(gateway, name): line for line in bank for name in line.names}
    ours: dict[str, list[GatewayEntry]] = defaultdict(list)
    strays: list[GatewayEntry] = []
    for entry in _entries(gateway, line_of.keys(), since, until):
        line = _line_of(entry, line_of)
        if line is not None and line.currency == entry.currency:
            ours[line.name].append(entry)
        elif since <= entry.at.date() <= until:
            strays.append(entry)
    compared = [_beside(line, ours.get(line.name, [])) for line in bank]
    compared += [_stray(entry) for entry in strays]
    order = [*list(LineState)[1:], LineState.MATCHED]
    compared.sort(key=lambda line: (order.index(line.state), line.on, line.name))
    return Comparison(compared, since, until)


def _entries(
    gateway: str, names: Iterable[str], since: date, until: date
) -> Iterator[GatewayEntry]:
    """Our lines that the names mean, wherever they are, and all that we booked on these days."""
    first = datetime.combine(since - AROUND, time(), UTC)
    end = datetime.combine(until + AROUND + timedelta(days=1), time(), UTC)
    wanted: list[ColumnElement[bool]] = [(GatewayEntry.at >= first) & (GatewayEntry.at < end)]
    known = sorted(names)
    for start in range(0, len(known), AT_ONCE):
        some = known[start : start + AT_ONCE]
        called = [*some, *(f"{name}:{part}" for name in some for part in PARTS)]
        wanted.append(GatewayEntry.statement_id.in_(some))
        wanted.append(GatewayEntry.external_id.in_(called))
    found = {
        entry.id: entry
        for condition in wanted
        for entry in db.session.scalars(
            select(GatewayEntry).where(GatewayEntry.gateway == gateway, condition)
        )
    }
    yield from sorted(found.values(), key=lambda entry: (entry.at, entry.id))


def _line_of(entry: GatewayEntry, line_of: Mapping[str, BankLine]) -> BankLine | None:
    """The line of the bank's that an entry of ours stands for."""
    base = entry.external_id.partition(":")[0]
    names = (entry.statement_id or "", entry.external_id, base, entry.subject)
    return next((line_of[name] for name in names if name in line_of), None)


def _known_as(gateway: str, name: str) -> str:
    return booked_as(name) if gateway == manual.NAME else name


def _beside(line: BankLine, ours: list[GatewayEntry]) -> ComparedLine:
    booked = sum(entry.amount for entry in ours)
    if not ours:
        state = LineState.MISSING_HERE
    else:
        state = LineState.MATCHED if booked == line.amount else LineState.OTHER_AMOUNT
    return ComparedLine(
        state,
        number=line.number,
        on=line.on,
        name=line.name,
        text=line.text,
        theirs=Money(line.amount, line.currency),
        ours=Money(booked, line.currency) if ours else None,
        subjects=tuple(sorted({entry.subject for entry in ours})),
    )


def _stray(entry: GatewayEntry) -> ComparedLine:
    return ComparedLine(
        LineState.MISSING_THERE,
        number=None,
        on=entry.at.date(),
        name=entry.statement_id or entry.external_id,
        text="",
        theirs=None,
        ours=Money(entry.amount, entry.currency),
        subjects=(entry.subject,),
    )
