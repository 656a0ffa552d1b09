"""Keys for scripts: shown once, kept as a hash, with scopes and an end."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import func, select

from app.audit.service import record
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import NotFound
from app.core.events import publish
from app.core.extensions import db
from app.identity.errors import TooManyKept
from app.identity.events import ApiKeyMade
from app.identity.models import ApiKey
from app.identity.sessions import hash_key

SCOPES = ("read", "write")
MOST_KEYS = 20
_PREFIX = "ak_"


def create(
    actor: Actor, *, name: str, scopes: Collection[str], days: int | None
) -> tuple[ApiKey, str]:
    """Make a key that ends after `days` (None: never); the second value is shown this once.

    Raises TooManyKept.
    """
    in_force = db.session.scalar(
        select(func.count())
        .select_from(ApiKey)
        .where(ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None))
    )
    if (in_force or 0) >= MOST_KEYS:
        raise TooManyKept(f"Revoke one of your {MOST_KEYS} keys first.")
    key = _PREFIX + secrets.token_urlsafe(32)
    row = ApiKey(
        user_id=actor.user_id,
        name=name,
        hint=f"{key[:7]}…",
        key_hash=hash_key(key),
        scopes=sorted(set(scopes)),
        expires_at=now() + timedelta(days=days) if days is not None else None,
    )
    db.session.add(row)
    db.session.flush()
    record(actor, "api_key.made", subject_type="api_key", subject_id=row.id)
    publish(ApiKeyMade(row.user_id, row.id, row.name))
    return row, key


def keys_of(actor: Actor) -> list[ApiKey]:
    """The actor's keys that are not revoked, the latest first."""
    return list(
        db.session.scalars(
            select(ApiKey)
            .where(ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None))
            .order_by(ApiKey.created_at.desc(), ApiKey.id.desc())
        )
    )


def revoke(actor: Actor, *, key_id: str) -> None:
    """End a key at once. Raises NotFound for a key of someone else or an ended one."""
    row = db.session.scalar(
        select(ApiKey)
        .where(ApiKey.id == key_id, ApiKey.user_id == actor.user_id, ApiKey.revoked_at.is_(None))
        .with_for_update()
    )
    if row is None:
        raise NotFound
    row.revoked_at = now()
    db.session.flush()
    record(actor, "api_key.revoked", subject_type="api_key", subject_id=row.id)
