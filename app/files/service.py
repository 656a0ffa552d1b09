"""Taking files in, hanging them on things, and saying who may read them."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import IO, Any

from sqlalchemy import delete, func, select, update

from app.core.actor import Actor
from app.core.caching import invalidate
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.transaction import after_commit, unit_of_work
from app.files import images, kinds, queries, storage
from app.files.errors import FileTooLarge, TooManyUnused
from app.files.models import StoredFile

# The area of the cache for what is known of public files.
PUBLIC = "public files"

LARGEST = 10 * 1024 * 1024
UNUSED_FOR = timedelta(hours=24)
MOST_UNUSED = 100

Reader = Callable[[Actor, str], bool]

_readers: dict[str, Reader] = {}
_public: set[str] = set()


def register_reader(subject_type: str, may_read: Reader) -> None:
    """Let `may_read(actor, subject_id)` decide who reads files that hang on this kind of thing."""
    _readers[subject_type] = may_read


def register_public(*subject_types: str) -> None:
    """Files that hang on these kinds of things are for anyone, signed in or not."""
    _public.update(subject_types)


def upload(actor: Actor, *, name: str, stream: IO[bytes]) -> StoredFile:
    """Take in one file (opens its own unit of work). It expires unless it is attached in a day.

    Raises FileTooLarge, Invalid for an empty file, a broken picture or a kind that is not taken,
    TooManyUnused.
    """
    content = stream.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise FileTooLarge(f"Give a file of at most {LARGEST // 1024 // 1024} MiB.")
    if not content:
        raise Invalid(file="This file is empty.")
    kind = kinds.kind_of(content)
    if kind is None:
        raise Invalid(file="Give a picture (JPEG, PNG, WebP, GIF), a PDF, an MP4 video or a text.")
    width = height = None
    if kind.startswith("image/"):
        picture = images.redraw(content, kind)
        content, kind = picture.content, picture.content_type
        width, height = picture.width, picture.height
    key = storage.write(content)
    try:
        return unit_of_work(
            lambda: _store(
                actor,
                storage_key=key,
                sha256=hashlib.sha256(content).hexdigest(),
                size=len(content),
                content_type=kind,
                name=kinds.safe_name(name, kind),
                width=width,
                height=height,
            )
        )
    except BaseException:
        storage.remove(key)
        raise


def _store(actor: Actor, **columns: Any) -> StoredFile:
    unused = db.session.scalar(
        select(func.count())
        .select_from(StoredFile)
        .where(StoredFile.owner_id == actor.user_id, StoredFile.attached_type.is_(None))
    )
    if (unused or 0) >= MOST_UNUSED:
        raise TooManyUnused("Send or delete some of them first. Nothing was stored.")
    row = StoredFile(owner_id=actor.user_id, **columns)
    db.session.add(row)
    db.session.flush()
    return row


def attach(
    actor: Actor, *, file_ids: Sequence[str], subject_type: str, subject_id: str
) -> list[StoredFile]:
    """Hang files of the actor on a thing; hanging one again on the same thing is fine.

    Raises Invalid for files that are not the actor's, do not exist or hang elsewhere.
    """
    wanted = list(dict.fromkeys(file_ids))
    if not wanted:
        return []
    db.session.execute(
        update(StoredFile)
        .where(
            StoredFile.id.in_(wanted),
            StoredFile.owner_id == actor.user_id,
            StoredFile.attached_type.is_(None),
        )
        .values(attached_type=subject_type, attached_id=subject_id)
        .execution_options(synchronize_session=False)
    )
    rows = db.session.scalars(
        queries.attached_to(subject_type, [subject_id])
        .where(StoredFile.id.in_(wanted), StoredFile.owner_id == actor.user_id)
        .execution_options(populate_existing=True)
    ).all()
    if len(rows) != len(wanted):
        raise Invalid(file_ids="Give files that you uploaded and have not used elsewhere.")
    return list(rows)


def files_of(subject_type: str, subject_ids: Iterable[str]) -> dict[str, list[StoredFile]]:
    """The files of each subject, in one statement."""
    found: dict[str, list[StoredFile]] = defaultdict(list)
    for row in db.session.scalars(queries.attached_to(subject_type, subject_ids)):
        found[row.attached_id or ""].append(row)
    return found


def readable(actor: Actor, *, file_id: str) -> StoredFile:
    """A file that the actor may read: the own one, or one on a thing that the actor may read.

    Raises NotFound.
    """
    row = db.session.scalar(queries.file_by_id(file_id))
    if row is None:
        raise NotFound
    if row.owner_id == actor.user_id or row.attached_type in _public:
        return row
    may_read = _readers.get(row.attached_type or "")
    if may_read is None or not may_read(actor, row.attached_id or ""):
        raise NotFound
    return row


def public_file(file_id: str) -> StoredFile:
    """A file that hangs on something public, such as a profile. Raises NotFound."""
    row = db.session.scalar(queries.file_by_id(file_id))
    if row is None or row.attached_type not in _public:
        raise NotFound
    return row


def discard(actor: Actor, *, file_id: str) -> None:
    """Delete an own file that hangs on nothing yet. Raises NotFound."""
    row = db.session.scalar(queries.file_by_id(file_id).with_for_update())
    if row is None or row.owner_id != actor.user_id or row.attached_type is not None:
        raise NotFound
    remove(row)


def remove(row: StoredFile) -> None:
    """Delete a file; its bytes go after the commit."""
    key = row.storage_key
    if row.attached_type in _public:
        invalidate(PUBLIC)
    db.session.delete(row)
    db.session.flush()
    after_commit(lambda: storage.remove(key))


def expire_unused(batch: int = 500) -> int:
    """Drop files that nobody attached within a day (opens its own units); returns how many."""

    def work() -> list[str]:
        rows = db.session.execute(
            select(StoredFile.id, StoredFile.storage_key)
            .where(StoredFile.attached_type.is_(None), StoredFile.created_at < now() - UNUSED_FOR)
            .limit(batch)
            .with_for_update(skip_locked=True)
        ).all()
        db.session.execute(
            delete(StoredFile)
            .where(StoredFile.id.in_([row.id for row in rows]), StoredFile.attached_type.is_(None))
            .execution_options(synchronize_session=False)
        )
        return [row.storage_key for row in rows]

    gone = unit_of_work(work)
    for key in gone:
        storage.remove(key)
    return len(gone)


def describe(row: StoredFile) -> dict[str, Any]:
    """The shape of FileRead."""
    surface = "public/files" if row.attached_type in _public else "account/files"
    tail = "" if row.attached_type in _public else "/content"
    return {
        "id": row.id,
        "name": row.name,
        "content_type": row.content_type,
        "size": row.size,
        "sha256": row.sha256,
        "width": row.width,
        "height": row.height,
        "attached": row.attached_type is not None,
        "url": f"/api/v1/{surface}/{row.id}{tail}",
        "created_at": row.created_at,
    }
