"""Dropping rows whose time is over, some at a time, so that nobody waits long for a lock."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, inspect, select, tuple_

from app.core.models import Base
from app.core.statements import changed_rows
from app.core.transaction import unit_of_work

BATCH = 1000


def drop(model: type[Base], over: ColumnElement[bool], batch: int = BATCH) -> int:
    """Drop every row of `model` for which `over` holds (opens its own units, each of at most
    `batch` rows); returns how many went."""
    key = inspect(model).primary_key
    some = tuple_(*key).in_(select(*key).where(over).limit(batch))
    statement = delete(model).where(some).execution_options(synchronize_session=False)

    gone = dropped = unit_of_work(lambda: changed_rows(statement))
    while dropped == batch:
        dropped = unit_of_work(lambda: changed_rows(statement))
        gone += dropped
    return gone
