"""Statements for a reader: which period, in which currency, and as which document."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date
from functools import partial
from tempfile import SpooledTemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid
from app.core.extensions import db
from app.core.money import Money, is_known_currency
from app.core.paging import Page, PageRequest
from app.core.spreadsheet import csv_lines
from app.identity.models import Influencer, Sponsor
from app.payments import papers, statement_lines
from app.payments.readers import reader_of
from app.payments.running import MOST_DAYS, Period, day_of, month_until
from app.payments.statement_lines import Holder, Line, Totals

PDF_LINES = 2000
IN_MEMORY = 1 << 20
PART = 1 << 16
CSV_HEADER = (
    "at",
    "what",
    "campaign",
    "deliverable",
    "with",
    "reference",
    "payment",
    "in",
    "out",
    "balance",
    "currency",
)


@dataclass(frozen=True)
class Statement:
    """A statement without its lines; `lines` is a page of them where one was asked for."""

    holder: Holder
    name: str
    reader: papers.Reader
    period: Period
    currency: str
    totals: Totals
    lines: Page[Line] | None = None

    def money(self, amount: int) -> Money:
        """An amount of this statement."""
        return Money(amount, self.currency)

    @property
    def opening(self) -> Money:
        """The balance before the first day."""
        return self.money(self.totals.opening)

    @property
    def came_in(self) -> Money:
        """What came in, all together."""
        return self.money(self.totals.came_in)

    @property
    def went_out(self) -> Money:
        """What went out, all together."""
        return self.money(self.totals.went_out)

    @property
    def closing(self) -> Money:
        """The balance after the last line."""
        return self.money(self.totals.closing)

    @property
    def unfinished(self) -> bool:
        """Whether its last day is not over: more lines may come."""
        return now() < self.period.end


def statement(
    actor: Actor,
    *,
    since: date | None = None,
    until: date | None = None,
    currency: str | None = None,
    page: PageRequest | None = None,
) -> Statement:
    """The statement of the actor's wallet or earnings, with `page` of its lines if one is wanted.

    Days are those of the actor's time zone, both included; this month where they are left out, and
    the own currency. Raises Invalid for a period that ends before it begins or is too long.
    """
    _see_one_moment()
    reader = reader_of(actor)
    holder, name, own_currency = _holder(actor)
    period = _period(since, until, reader.time_zone)
    wanted = currency or own_currency
    if not is_known_currency(wanted):
        raise Invalid(currency="This is no currency that we know.")
    totals = statement_lines.totals(holder, period, wanted)
    lines = (
        statement_lines.page_of_lines(holder, period, wanted, totals, page)
        if page is not None
        else None
    )
    return Statement(holder, name, reader, period, wanted, totals, lines)


def as_csv(found: Statement) -> Iterator[str]:
    """The whole statement as CSV, amounts in major units.

    It is read in one go, so that no transaction stays open while somebody takes it slowly; a long
    one waits on disk.
    """
    with ExitStack() as stack:
        file = stack.enter_context(
            SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8", newline="")
        )
        file.writelines(csv_lines(CSV_HEADER, _csv_rows(found)))
        stack.pop_all()
    db.session.expunge_all()
    db.session.rollback()
    file.seek(0)
    return _parts(file)


def as_pdf(found: Statement) -> bytes:
    """The whole statement as a PDF. Raises Invalid when it has too many lines for one."""
    if found.totals.count > PDF_LINES:
        raise Invalid(
            since=f"This period has {found.totals.count} lines, a PDF holds {PDF_LINES}. Choose a "
            "shorter period, or take the CSV."
        )
    reader, money = found.reader, papers.amount_in(found.reader, found.currency)
    lines = [
        {
            "on": papers.day_in(reader, day_of(line.at, reader.time_zone)),
            "kind": line.kind.value,
            "about": _about(line),
            "in": money(line.change) if line.change > 0 else "",
            "out": money(-line.change) if line.change < 0 else "",
            "balance": money(line.balance),
        }
        for line in _all(found)
    ]
    totals = found.totals
    content = {
        "holder": found.name,
        "of": "wallet" if found.holder.sponsor_id else "earnings",
        "currency": found.currency,
        "since": papers.day_in(reader, found.period.since),
        "until": papers.day_in(reader, found.period.until),
        "time_zone": reader.time_zone,
        "unfinished": papers.moment_in(reader, now()) if found.unfinished else None,
        "opening": money(totals.opening),
        "came_in": money(totals.came_in),
        "went_out": money(totals.went_out),
        "closing": money(totals.closing),
        "lines": lines,
    }
    # Setting it takes a while: nothing is held meanwhile.
    db.session.expunge_all()
    db.session.rollback()
    return papers.pdf("statement", reader, content)


def file_name(found: Statement, ending: str) -> str:
    """What a saved statement is called."""
    period = found.period
    return f"statement-{found.currency}-{period.since}-{period.until}.{ending}"


def _parts(file: IO[str]) -> Iterator[str]:
    with file:
        yield from iter(partial(file.read, PART), "")


def _csv_rows(found: Statement) -> Iterator[list[Any]]:
    zone = ZoneInfo(found.reader.time_zone)
    currency = found.currency

    def edge(what: str, day: date, balance: int) -> list[Any]:
        return [day, what, *[""] * 7, papers.major(balance, currency), currency]

    balance = found.totals.opening
    yield edge("opening_balance", found.period.since, balance)
    for line in _all(found):
        balance = line.balance
        yield [
            line.at.astimezone(zone),
            line.kind.value,
            line.campaign.name if line.campaign else "",
            line.deliverable,
            line.party.name if line.party else "",
            line.reference,
            line.payment_id,
            papers.major(line.change, currency) if line.change > 0 else "",
            papers.major(-line.change, currency) if line.change < 0 else "",
            papers.major(balance, currency),
            currency,
        ]
    yield edge("closing_balance", found.period.until, balance)


def _all(found: Statement) -> Iterator[Line]:
    return statement_lines.all_lines(
        found.holder, found.period, found.currency, found.totals.opening
    )


def _about(line: Line) -> list[str]:
    parts = [line.campaign and line.campaign.name, line.deliverable, line.party and line.party.name]
    return [part for part in parts if part] or [line.reference or line.payment_id or line.id]


def _period(since: date | None, until: date | None, time_zone: str) -> Period:
    last = until or max(since or date.min, day_of(now(), time_zone))
    first = since or month_until(last)
    if first > last:
        raise Invalid(since="Give a first day that is not after the last one.")
    if (last - first).days >= MOST_DAYS:
        raise Invalid(
            since=f"A statement spans at most {MOST_DAYS} days. Choose a later first day."
        )
    return Period(first, last, time_zone)


def _holder(actor: Actor) -> tuple[Holder, str, str]:
    model: type[Sponsor] | type[Influencer] = Sponsor if actor.sponsor_id else Influencer
    own_id = actor.sponsor_id or actor.influencer_id
    row = db.session.execute(select(model.name, model.currency).where(model.id == own_id)).one()
    return Holder(actor.sponsor_id, actor.influencer_id), row.name, row.currency


def _see_one_moment() -> None:
    # Sums and lines are read one after the other; PostgreSQL would show each a later moment.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.rollback()
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
