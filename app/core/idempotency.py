"""One effect for one key: the record of an answered request lives in the effect's transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Index, LargeBinary, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.errors import DomainError
from app.core.extensions import db
from app.core.models import Base, UtcDateTime
from app.core.retention import BATCH, drop

KEPT_FOR = timedelta(hours=48)


class KeyReused(DomainError):
    type = "idempotency-key-reused"
    title = "This Idempotency-Key was used for another request"
    status = 422


class IdempotencyRecord(Base):
    """The answer that an actor got for a key on a route; the same key gets the same answer."""

    __tablename__ = "idempotency_records"
    __table_args__ = (Index(None, "created_at"),)

    actor: Mapped[str] = mapped_column(String(64), primary_key=True)
    route: Mapped[str] = mapped_column(String(200), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(100))
    location: Mapped[str | None] = mapped_column(String(500))
    body: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)


@dataclass(frozen=True)
class RequestKey:
    """What makes two requests the same one."""

    actor: str
    route: str
    key: str
    request_hash: str


def fingerprint(path: str, body: bytes) -> str:
    """The hash of a request: where it goes and what it says."""
    return hashlib.sha256(path.encode() + b"\0" + body).hexdigest()


def answered(request: RequestKey) -> IdempotencyRecord | None:
    """The kept answer, if this key was used. Raises KeyReused when it was for something else."""
    record = db.session.get(IdempotencyRecord, (request.actor, request.route, request.key))
    if record is not None and record.request_hash != request.request_hash:
        raise KeyReused("Use a new key for a new request. Nothing was changed.")
    return record


def keep(
    request: RequestKey, *, status: int, content_type: str, location: str | None, body: bytes
) -> None:
    """Keep the answer in the open unit of work; a doubled key fails on the primary key."""
    db.session.add(
        IdempotencyRecord(
            actor=request.actor,
            route=request.route,
            key=request.key,
            request_hash=request.request_hash,
            status=status,
            content_type=content_type,
            location=location,
            body=body,
        )
    )
    db.session.flush()


def forget_old(batch: int = BATCH) -> int:
    """Drop records older than KEPT_FOR (opens its own units); returns how many went."""
    return drop(IdempotencyRecord, IdempotencyRecord.created_at < now() - KEPT_FOR, batch)


def lock(request: RequestKey) -> None:
    """Let one request of a key run at a time, until the open unit of work ends.

    SQLite's units are one at a time anyway; PostgreSQL takes an advisory lock.
    """
    if db.session.get_bind().dialect.name == "postgresql":
        digest = hashlib.sha256(f"{request.actor}\0{request.route}\0{request.key}".encode())
        number = int.from_bytes(digest.digest()[:8], "big", signed=True)
        db.session.execute(select(func.pg_advisory_xact_lock(number)))
