"""The click logs become rows, each position once; and old clicks are judged by new rules.

One consumer at a time (a lock on a file beside the logs) reads each segment on from where the
database says, judges a batch, and writes its clicks, their sums and the new position in one unit
of work. Killed anywhere, it starts again from the last position that was committed.
"""

from __future__ import annotations

import fcntl
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from typing import Any

import msgspec
import orjson
from sqlalchemy import func, select, text

from app.attribution.click_ids import moment_of
from app.attribution.click_log import SUFFIX, Line, folder_of, is_being_written, read
from app.attribution.click_rules import RULES_VERSION, Facts, Judge, Reason
from app.attribution.events import ClickChange, ClicksCounted
from app.attribution.link_models import Click, ClickSegment, TrackingLink
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work

log = logging.getLogger(__name__)

BATCH = 10_000
QUARTER = 15 * 60 * 1000  # milliseconds
# A database that lost its last commits to a loss of power reads them again.
KEPT = timedelta(days=1)

Row = tuple[Any, ...]
Clicks = list[tuple[int, Line]]  # each with its place in the log
# What a click adds to the sums: link, quarters of an hour since 1970, reason.
Sums = Counter[tuple[str, int, Reason]]

_COLUMNS = (
    *("segment_id", "position", "at", "visitor", "referrer_host"),
    *Facts._fields,
    *("reason", "rules_version"),
)
_INTO = f"clicks ({', '.join(_COLUMNS)})"
_COPY = f"COPY {_INTO} FROM STDIN"
_INSERT = f"INSERT INTO {_INTO} VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - own names
# A place of the index is looked at for each key, however many clicks an hour has.
_SEEN = """
SELECT link_id, hour, address_hash
  FROM ({keys}) AS k JOIN clicks USING (link_id, hour, address_hash) WHERE reason = 'counted'
"""
_KEYS = {
    "sqlite": """
SELECT json_extract(value, '$[0]') AS link_id, json_extract(value, '$[1]') AS hour,
       json_extract(value, '$[2]') AS address_hash FROM json_each(:keys)
""",
    "postgresql": """
SELECT value ->> 0 AS link_id, CAST(value ->> 1 AS INTEGER) AS hour,
       value ->> 2 AS address_hash FROM json_array_elements(CAST(:keys AS json))
""",
}


def consume(batch: int = BATCH) -> dict[str, int]:
    """Read every log to its present end (opens its own units); returns how many clicks became
    rows. Nothing where another consumer is at work."""
    folder = folder_of(settings())
    if not folder.exists():
        return {"clicks": 0}
    with _alone(folder) as alone:
        if not alone:
            return {"clicks": 0}
        finished = _finished()
        return {
            "clicks": sum(
                _segment(path, batch)
                for path in sorted(folder.glob(f"*{SUFFIX}"))
                if not _is_over(path, finished)
            )
        }


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    with (folder / "consumer.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _finished() -> dict[str, bool]:
    """The segments that were read whole, and whether their files may go."""
    rows = db.session.execute(
        select(ClickSegment.name, ClickSegment.consumed_at).where(
            ClickSegment.consumed_at.is_not(None)
        )
    ).all()
    db.session.rollback()
    before = now() - KEPT
    return {name: at is not None and at < before for name, at in rows}


def _is_over(path: Path, finished: dict[str, bool]) -> bool:
    if finished.get(path.name):
        path.unlink(missing_ok=True)
    return path.name in finished


def _segment(path: Path, batch: int) -> int:
    # Asked before the last look: what is no longer written to cannot have grown after it.
    closed = not is_being_written(path)
    clicks = 0
    while (more := unit_of_work(partial(_batch, path, batch))) is not None:
        clicks += more
    if closed:
        unit_of_work(partial(_finish, path))
    return clicks


def _batch(path: Path, batch: int) -> int | None:
    """Turn the next lines of a segment into rows; None when there are no more whole ones."""
    segment = _locked(path.name)
    with path.open("rb") as file:
        file.seek(segment.position)
        lines = _whole_lines(file, batch)
    if not lines:
        return None
    clicks, position = [], segment.position
    for line in lines:
        try:
            clicks.append((position, read(line)))
        except msgspec.MsgspecError:
            log.error("a line of %s at %d is no click", path.name, position)
        position += len(line)
    rows, sums = _judged(segment.id, _of_known_links(clicks))
    _write(rows)
    segment.position = position
    db.session.flush()
    _tell(sums)
    return len(rows)


def _locked(name: str) -> ClickSegment:
    statement = select(ClickSegment).where(ClickSegment.name == name).with_for_update()
    segment = db.session.scalar(statement)
    if segment is None:
        segment = ClickSegment(name=name, position=0)
        db.session.add(segment)
        db.session.flush()
    return segment


def _whole_lines(file: Any, batch: int) -> list[bytes]:
    lines = []
    for _ in range(batch):
        line = file.readline()
        if not line.endswith(b"\n"):
            break
        lines.append(line)
    return lines


def _of_known_links(clicks: Clicks) -> Clicks:
    """A database from an older backup may lack a link; its clicks must not stop the others."""
    named = {click.link_id for _, click in clicks}
    known = set(db.session.scalars(select(TrackingLink.id).where(TrackingLink.id.in_(named))))
    if named - known:
        log.error("clicks of links that do not exist: %s", ", ".join(sorted(named - known)))
    return [(position, click) for position, click in clicks if click.link_id in known]


def _judged(segment_id: int, clicks: Clicks) -> tuple[list[Row], Sums]:
    """The rows of clicks, each with its reason, and what they add to the sums."""
    every = [click.facts for _, click in clicks]
    judge = _judge_after(every)
    written = Click.at.type.bind_processor(db.session.get_bind().dialect)
    rows, sums = [], Sums()
    for (position, click), facts in zip(clicks, every, strict=True):
        reason = judge.judge(facts)
        row = (segment_id, position, written(moment_of(click.at)), click.visitor, click.referrer)
        rows.append((*row, *facts, reason, RULES_VERSION))
        sums[click.link_id, click.at // QUARTER, reason] += 1
    return rows, sums


def _judge_after(every: list[Facts]) -> Judge:
    """A judge who knows what was counted before of the same links, hours and addresses."""
    judge = Judge()
    keys = orjson.dumps(list({facts[:3] for facts in every})).decode()
    seen = text(_SEEN.format(keys=_KEYS[db.session.get_bind().dialect.name]))
    judge.remember((row[0], row[1], row[2]) for row in db.session.execute(seen, {"keys": keys}))
    counted = select(Click.link_id, Click.hour, func.count()).where(
        Click.link_id.in_({facts.link_id for facts in every}),
        Click.hour.in_({facts.hour for facts in every}),
        Click.reason == Reason.COUNTED,
    )
    for found in db.session.execute(counted.group_by(Click.link_id, Click.hour)):
        judge.counted_before(*found)
    return judge


def _write(rows: list[Row]) -> None:
    """Past the mapper and the compiler, whose bookkeeping costs more than the rows do."""
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        driver: Any = connection.connection.driver_connection
        with driver.cursor() as cursor, cursor.copy(_COPY) as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        connection.exec_driver_sql(_INSERT, rows)


def _finish(path: Path) -> None:
    segment = _locked(path.name)
    rest = path.stat().st_size - segment.position
    if rest:
        log.warning("%s ends with %d bytes of a click that was never answered", path.name, rest)
    segment.consumed_at = now()
    db.session.flush()


def _tell(sums: Sums) -> None:
    told = tuple(
        ClickChange(link_id, moment_of(quarter * QUARTER), reason, number)
        for (link_id, quarter, reason), number in sorted(sums.items())
        if number
    )
    if told:
        publish(ClicksCounted(told))


# --- recount --------------------------------------------------------------------------------------

Changes = Counter[tuple[Reason, Reason]]


def recount(link_id: str, *, batch: int = BATCH, keep: bool = True) -> Changes:
    """Judge all clicks of a link by the present rules, in the order in which they were counted
    (opens its own units); returns how many went from which reason to which. With `keep` off
    nothing is written. Commissions that were paid are left as they are."""
    judge, changes = Judge(), Changes()
    last = 0
    while last >= 0:
        # A unit that is run again finds the reasons of its first run: nobody is judged twice.
        decide = cache(lambda _click_id, facts: judge.judge(facts))
        unit = partial(_recount_batch, link_id, decide, last, batch, keep)
        last, found = unit_of_work(unit)
        changes += found
    return changes


def _recount_batch(
    link_id: str, decide: Callable[[int, Facts], Reason], after: int, batch: int, keep: bool
) -> tuple[int, Changes]:
    facts = [getattr(Click, name) for name in Facts._fields]
    rows = db.session.execute(
        select(Click.id, Click.at, Click.reason, Click.rules_version, *facts)
        .where(Click.link_id == link_id, Click.id > after)
        .order_by(Click.id)
        .limit(batch)
    ).all()
    outdated, sums, found = [], Sums(), Changes()
    for click_id, at, before, version, *raw in rows:
        reason = decide(click_id, Facts(*raw))
        if reason is not before:
            quarter = int(at.timestamp() * 1000) // QUARTER
            sums[link_id, quarter, before] -= 1
            sums[link_id, quarter, reason] += 1
            found[before, reason] += 1
        if reason is not before or version != RULES_VERSION:
            outdated.append({"id": click_id, "reason": reason, "rules_version": RULES_VERSION})
    if keep and outdated:
        db.session.bulk_update_mappings(Click.__mapper__, outdated)
        _tell(sums)
    return (rows[-1].id if len(rows) == batch else -1), found
