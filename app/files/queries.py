"""Selects of files."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Select, select

from app.files.models import StoredFile


def file_by_id(file_id: str) -> Select[StoredFile]:
    """One file."""
    return select(StoredFile).where(StoredFile.id == file_id)


def attached_to(subject_type: str, subject_ids: Iterable[str]) -> Select[StoredFile]:
    """The files that hang on the subjects, oldest first."""
    return (
        select(StoredFile)
        .where(
            StoredFile.attached_type == subject_type,
            StoredFile.attached_id.in_(list(subject_ids)),
        )
        .order_by(StoredFile.id)
    )
