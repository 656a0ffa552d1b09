"""Reading what is due in batches, while each row's own unit of work comes between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from app.core.extensions import db


def ids_in_batches(
    at: InstrumentedAttribute[datetime] | InstrumentedAttribute[datetime | None],
    row_id: InstrumentedAttribute[str],
    *wanted: ColumnElement[bool],
    batch: int,
) -> Iterator[str]:
    """The ids of all rows that are `wanted`, the earliest `at` first.

    The read ends before an id is given, so that a unit of work can follow. A row that stays wanted
    is given once and holds up none behind it.
    """
    due = select(at, row_id).where(*wanted).order_by(at, row_id).limit(batch)
    statement = due
    while True:
        rows = db.session.execute(statement).all()
        db.session.rollback()
        for row in rows:
            yield row[1]
        if len(rows) < batch:
            return
        last_at, last_id = rows[-1]
        statement = due.where(or_(at > last_at, and_(at == last_at, row_id > last_id)))
