"""The click logs become rows, each position once; and old clicks are judged by new rules.

One consumer at a time (a lock on a file beside the logs) reads each segment on from where the
database says, judges a batch, and writes its clicks, their sums and the new position in one unit
of work. Killed anywhere, it starts again from the last position that was committed.
"""

from __future__ import annotations

import fcntl
import logging
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import func, insert, select

from app.attribution.click_ids import moment_of
from app.attribution.click_log import (
    EXPIRED,
    HEAD,
    OWN_TEAM,
    PREFETCH,
    SUFFIX,
    folder_of,
    is_being_written,
)
from app.attribution.click_rules import RULES_VERSION, Facts, Judge, Reason
from app.attribution.events import ClickChange, ClicksCounted
from app.attribution.link_models import Click, ClickSegment, TrackingLink
from app.core.clock import now
from app.core.events import publish
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work

log = logging.getLogger(__name__)

BATCH = 5_000
HOUR = 60 * 60 * 1000  # milliseconds
# A database that lost its last commits to a loss of power reads them again.
KEPT = timedelta(days=1)
Row = dict[str, Any]


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
    while (read := unit_of_work(lambda: _batch(path, batch))) is not None:
        clicks += read
    if closed:
        unit_of_work(lambda: _finish(path))
    return clicks


def _batch(path: Path, batch: int) -> int | None:
    """Turn the next lines of a segment into rows; None when there are no more whole ones."""
    segment = _locked(path.name)
    with path.open("rb") as file:
        file.seek(segment.position)
        lines = _whole_lines(file, batch)
    if not lines:
        return None
    rows, position = [], segment.position
    for line in lines:
        row = _row(line)
        if row is None:
            log.error("a line of %s at %d is no click", path.name, position)
        else:
            rows.append({"segment_id": segment.id, "position": position, **row})
        position += len(line)
    rows = _of_known_links(rows)
    _judge(rows)
    if rows:
        # Past the mapper, whose bookkeeping costs more than the rows do.
        db.session.execute(insert(Click.metadata.tables[Click.__tablename__]), rows)
    segment.position = position
    db.session.flush()
    _tell((row["link_id"], row["at"], row["reason"], 1) for row in rows)
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


def _row(line: bytes) -> Row | None:
    try:
        link_id, at, visitor, address_hash, agent, referrer, flags = orjson.loads(line)
        return {
            "link_id": link_id,
            "at": moment_of(at),
            "hour": at // HOUR,
            "visitor": visitor,
            "address_hash": address_hash,
            "agent": agent,
            "referrer_host": referrer,
            "is_head": bool(flags & HEAD),
            "is_prefetch": bool(flags & PREFETCH),
            "is_own_team": bool(flags & OWN_TEAM),
            "is_expired": bool(flags & EXPIRED),
        }
    except (ValueError, TypeError, OverflowError):
        return None


def _of_known_links(rows: list[Row]) -> list[Row]:
    """A database from an older backup may lack a link; its clicks must not stop the others."""
    named = {row["link_id"] for row in rows}
    known = set(db.session.scalars(select(TrackingLink.id).where(TrackingLink.id.in_(named))))
    if named - known:
        log.error("clicks of links that do not exist: %s", ", ".join(sorted(named - known)))
    return [row for row in rows if row["link_id"] in known]


def _judge(rows: list[Row]) -> None:
    """Give each row its reason, knowing what was counted of the same links and hours before."""
    judge = Judge()
    links, hours = {row["link_id"] for row in rows}, {row["hour"] for row in rows}
    mine = (Click.link_id.in_(links), Click.hour.in_(hours), Click.reason == Reason.COUNTED)
    seen = select(Click.link_id, Click.hour, Click.address_hash).where(
        *mine, Click.address_hash.in_({row["address_hash"] for row in rows})
    )
    judge.remember((row[0], row[1], row[2]) for row in db.session.execute(seen))
    counted = select(Click.link_id, Click.hour, func.count()).where(*mine)
    for found in db.session.execute(counted.group_by(Click.link_id, Click.hour)):
        judge.counted_before(*found)
    for row in rows:
        row["reason"] = judge.judge(_facts(row))
        row["rules_version"] = RULES_VERSION


def _facts(row: Any) -> Facts:
    return Facts(**{name: row[name] for name in Facts.__dataclass_fields__})


def _finish(path: Path) -> None:
    segment = _locked(path.name)
    rest = path.stat().st_size - segment.position
    if rest:
        log.warning("%s ends with %d bytes of a click that was never answered", path.name, rest)
    segment.consumed_at = now()
    db.session.flush()


def _tell(changes: Iterable[tuple[str, datetime, Reason, int]]) -> None:
    sums: Counter[tuple[str, datetime, Reason]] = Counter()
    for link_id, at, reason, number in changes:
        quarter = at.replace(minute=at.minute // 15 * 15, second=0, microsecond=0)
        sums[link_id, quarter, reason] += number
    told = tuple(ClickChange(*key, number) for key, number in sorted(sums.items()) if number)
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
        last, found = unit_of_work(lambda: _recount_batch(link_id, judge, last, batch, keep))  # noqa: B023 - called at once
        changes += found
    return changes


def _recount_batch(
    link_id: str, judge: Judge, after: int, batch: int, keep: bool
) -> tuple[int, Changes]:
    wanted = [getattr(Click, name) for name in Facts.__dataclass_fields__]
    rows = (
        db.session.execute(
            select(Click.id, Click.at, Click.reason, Click.rules_version, *wanted)
            .where(Click.link_id == link_id, Click.id > after)
            .order_by(Click.id)
            .limit(batch)
        )
        .mappings()
        .all()
    )
    judged = [(row, judge.judge(_facts(row))) for row in rows]
    moved = [(row, reason) for row, reason in judged if reason is not row["reason"]]
    outdated = [
        {"id": row["id"], "reason": reason, "rules_version": RULES_VERSION}
        for row, reason in judged
        if reason is not row["reason"] or row["rules_version"] != RULES_VERSION
    ]
    if keep and outdated:
        db.session.bulk_update_mappings(Click.__mapper__, outdated)
        _tell(
            change
            for row, reason in moved
            for change in (
                (link_id, row["at"], row["reason"], -1),
                (link_id, row["at"], reason, 1),
            )
        )
    found = Changes((row["reason"], reason) for row, reason in moved)
    return (rows[-1]["id"] if len(rows) == batch else -1), found
