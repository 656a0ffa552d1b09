"""Running a statement that changes rows, and learning how many it changed."""

from __future__ import annotations

from sqlalchemy import CursorResult, Delete, Update

from app.core.extensions import db


def changed_rows(statement: Update | Delete) -> int:
    """Run `statement`; how many rows it changed or dropped.

    Of two who claim a row by a condition in `statement`, the winner changes one and the other none.
    """
    result = db.session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
