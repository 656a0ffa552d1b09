"""The chain over the trail: each entry's digest covers it and every entry before it.

Entries get their place after their transaction has committed, in the order in which they were
made. The order is safe because nothing is chained while an older entry may still commit: SQLite
has one writer at a time; on PostgreSQL every writer of the trail holds a shared lock on the ten
seconds in which it writes until it commits, and the chain stops before the first ten seconds that
somebody still holds.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import bindparam, func, select, text, update
from sqlalchemy.exc import IntegrityError

from app.audit.models import AuditEntry, AuditHead
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work

BUCKET_SECONDS = 10
BATCH = 500
START = "0" * 64

_LOCK_SPACE = 0x41554454  # "AUDT": keeps these advisory locks apart from others
_HEAD = 1
_HELD_BUCKETS = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2"
    " AND classid = :space"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True)
class ChainProof:
    """What a walk over the chain found. `broken` is the id of the first entry that is wrong."""

    ok: bool
    checked: int
    waiting: int
    broken: str | None = None
    reason: str | None = None


def open_bucket() -> datetime:
    """The moment of an entry about to be written, with its ten seconds held until the commit."""
    moment = now()
    if not _on_postgres():
        return moment
    while True:
        held = _bucket(moment)
        db.session.execute(select(func.pg_advisory_xact_lock_shared(_LOCK_SPACE, held)))
        moment = now()
        # The wait for the lock may have crossed into the next ten seconds.
        if _bucket(moment) == held:
            return moment


def digest_of(previous: str, entry: AuditEntry, sequence: int) -> str:
    """sha256 over the digest before and the entry in canonical JSON (sorted keys, UTC)."""
    canonical = json.dumps(
        {
            "id": entry.id,
            "sequence": sequence,
            "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": entry.actor,
            "actor_role": entry.actor_role,
            "action": entry.action,
            "subject_type": entry.subject_type,
            "subject_id": entry.subject_id,
            "data": entry.data,
        },
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    return hashlib.sha256(f"{previous}\n{canonical}".encode()).hexdigest()


def extend() -> int:
    """Give every finished entry its place; returns how many (opens its own units of work)."""
    total = 0
    while True:
        placed = unit_of_work(_extend_by_a_batch)
        total += placed
        if placed < BATCH:
            return total


def verify() -> ChainProof:
    """Walk the whole chain from its start and compare every digest (read only)."""
    head = db.session.get(AuditHead, _HEAD)
    ends = (head.sequence, head.digest) if head is not None else (0, START)
    previous, place = START, 0
    for entry in _chained(ends[0]):
        reason = None
        if entry.sequence != place + 1:
            reason = f"entry {place + 1} is missing before it"
        elif entry.digest != digest_of(previous, entry, place + 1):
            reason = "its content does not match its digest"
        if reason is not None:
            return ChainProof(False, place, _waiting(), entry.id, reason)
        previous, place = str(entry.digest), place + 1
    if (place, previous) != ends:
        reason = f"the chain ends at entry {place}, its head names entry {ends[0]} with another end"
        return ChainProof(False, place, _waiting(), None, reason)
    return ChainProof(True, place, _waiting())


def _extend_by_a_batch() -> int:
    head = _locked_head()
    entries = _finished_entries()
    previous, sequence = head.digest, head.sequence
    places = []
    for entry in entries:
        sequence += 1
        previous = digest_of(previous, entry, sequence)
        places.append({"entry_id": entry.id, "place": sequence, "mark": previous})
    if places:
        db.session.connection().execute(
            update(AuditEntry.__table__)  # type: ignore[arg-type]
            .where(AuditEntry.id == bindparam("entry_id"))
            .values(sequence=bindparam("place"), digest=bindparam("mark")),
            places,
        )
        head.sequence, head.digest, head.chained_at = sequence, previous, now()
        db.session.flush()
    return len(places)


def _locked_head() -> AuditHead:
    statement = select(AuditHead).where(AuditHead.id == _HEAD).with_for_update()
    head = db.session.scalar(statement)
    if head is not None:
        return head
    try:
        with db.session.begin_nested():
            db.session.add(AuditHead(id=_HEAD, sequence=0, digest=START))
            db.session.flush()
    except IntegrityError:
        pass  # another first run made it at the same moment
    return db.session.scalars(statement).one()


def _finished_entries() -> Sequence[AuditEntry]:
    statement = (
        select(AuditEntry)
        .where(AuditEntry.sequence.is_(None))
        .order_by(AuditEntry.at, AuditEntry.id)
        .limit(BATCH)
    )
    if _on_postgres():
        statement = statement.where(AuditEntry.at < _horizon())
    return db.session.scalars(statement).all()


def _horizon() -> datetime:
    """The moment before which no writer is left (PostgreSQL).

    The running ten seconds and those before are never looked at, so that the clocks of two
    machines may differ by as much. A writer that is gone from the locks has committed or given up.
    """
    end = _bucket(now()) - 1
    held = db.session.scalars(_HELD_BUCKETS, {"space": _LOCK_SPACE}).all()
    return datetime.fromtimestamp(min([end, *held]) * BUCKET_SECONDS, UTC)


def _chained(last: int) -> Iterator[AuditEntry]:
    after = 0
    while True:
        entries = db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.sequence > after, AuditEntry.sequence <= last)
            .order_by(AuditEntry.sequence)
            .limit(BATCH)
        ).all()
        yield from entries
        if len(entries) < BATCH:
            return
        after = entries[-1].sequence or 0
        db.session.expunge_all()


def _waiting() -> int:
    statement = select(func.count()).where(AuditEntry.sequence.is_(None))
    return db.session.scalar(statement) or 0


def _bucket(moment: datetime) -> int:
    return int(moment.timestamp()) // BUCKET_SECONDS


def _on_postgres() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
