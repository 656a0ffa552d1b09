"""Reads of columns past the session: one statement on a connection of its own.

No identity map, no unit of work and, as one statement is its own snapshot, no transaction to open
and to end around it. Inside a unit of work use the session: these reads do not see what it wrote.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import current_app
from sqlalchemy import Engine, Row, Select

from app.core.extensions import db
from app.core.transaction import WITHOUT_BEGIN

_KEPT = "accord_reading"


def read(
    statement: Select[*tuple[Any, ...]], values: Mapping[str, Any]
) -> Sequence[Row[*tuple[Any, ...]]]:
    """All rows of a statement that was built once; `values` are bound by name."""
    with _engine().connect() as connection:
        return connection.execute(statement, values).all()


def _engine() -> Engine:
    kept: Engine | None = current_app.extensions.get(_KEPT)
    if kept is None:
        engine = db.engine
        # On SQLite the driver opens nothing by itself; elsewhere it is told not to.
        alone = (
            {WITHOUT_BEGIN: True}
            if engine.dialect.name == "sqlite"
            else {"isolation_level": "AUTOCOMMIT"}
        )
        kept = current_app.extensions[_KEPT] = engine.execution_options(**alone)
    return kept
