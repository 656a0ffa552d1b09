"""Keyset paging: a page is found by the last row of the page before, never by an offset."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Generic, TypeVar

from sqlalchemy import Select, and_, or_
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import ColumnElement

from app.core.errors import Invalid
from app.core.extensions import db

T = TypeVar("T")
Column = InstrumentedAttribute[Any] | ColumnElement[Any]

DEFAULT_LIMIT = 50
MAX_LIMIT = 100


@dataclass(frozen=True)
class Page(Generic[T]):
    """Rows of one page; `next` is the cursor of the page behind it, None on the last one."""

    items: list[T]
    next: str | None = None
    total: int | None = field(default=None)


@dataclass(frozen=True)
class PageRequest:
    """Which page is wanted. `sort` is a name of the list's sorts, with `-` for descending."""

    limit: int = DEFAULT_LIMIT
    cursor: str | None = None
    sort: str | None = None


def paginate(
    statement: Select[Any],
    request: PageRequest,
    *,
    sorts: Mapping[str, Column],
    default: str,
    id_column: Column,
    scalars: bool = True,
) -> Page[Any]:
    """The page of `statement` that `request` names.

    `sorts` maps the public names of sort orders to columns that are never null (coalesce them).
    Ties are broken by `id_column` in the same direction. Raises Invalid for an unknown sort or a
    cursor that does not belong to this list and order.
    """
    sort = request.sort or default
    name, descending = sort.removeprefix("-"), sort.startswith("-")
    if name not in sorts:
        raise Invalid(sort=f"Choose one of: {', '.join(sorted(sorts))} (with - to turn it round).")
    column = sorts[name]
    keys = [id_column] if column is id_column else [column, id_column]
    if request.cursor is not None:
        values = _decode(request.cursor, sort, keys)
        statement = statement.where(_behind(keys, values, descending))
    order = [key.desc() if descending else key.asc() for key in keys]
    statement = statement.order_by(None).order_by(*order)
    limit = max(1, min(request.limit, MAX_LIMIT))
    # The key columns travel with the row, so that a cursor needs no second look-up.
    rows = db.session.execute(statement.add_columns(*keys).limit(limit + 1)).all()
    page = rows[:limit]
    width = len(keys)
    cursor = _encode(sort, page[-1][-width:]) if len(rows) > limit else None
    items = [row[0] if scalars else row[:-width] for row in page]
    return Page(items, cursor)


def read_cursor(cursor: str, sort: str, keys: list[Column]) -> list[Any]:
    """The values of `keys` at which a page of a hand-written statement starts. Raises Invalid."""
    return _decode(cursor, sort, keys)


def write_cursor(sort: str, values: list[Any]) -> str:
    """The cursor behind a row whose keys have these values."""
    return _encode(sort, values)


def _behind(keys: list[Column], values: list[Any], descending: bool) -> ColumnElement[bool]:
    first, last = keys[0], keys[-1]
    if len(keys) == 1:
        return first < values[0] if descending else first > values[0]
    if descending:
        return and_(first <= values[0], or_(first < values[0], last < values[1]))
    return and_(first >= values[0], or_(first > values[0], last > values[1]))


def _encode(sort: str, values: Any) -> str:
    plain = [value.isoformat() if isinstance(value, datetime | date) else value for value in values]
    text = json.dumps([sort, *plain], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _decode(cursor: str, sort: str, keys: list[Column]) -> list[Any]:
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        decoded = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        if not isinstance(decoded, list) or decoded[0] != sort or len(decoded) != len(keys) + 1:
            raise ValueError
        return [
            _typed(value, key.type.python_type)
            for value, key in zip(decoded[1:], keys, strict=True)
        ]
    except (ValueError, OverflowError, RecursionError, LookupError):
        raise Invalid(
            cursor="This cursor belongs to another list; start again without one."
        ) from None


def _typed(value: Any, kind: type) -> Any:
    if kind is datetime:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None or moment.tzinfo is None:
            raise ValueError
        return moment.astimezone(UTC)
    if kind is date:
        if not isinstance(value, str):
            raise ValueError
        return date.fromisoformat(value)
    if kind is int:
        if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**63:
            raise ValueError
        return value
    if kind is float:
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise ValueError
        return float(value)
    if not isinstance(value, str) or "\x00" in value or len(value) > 2000:
        raise ValueError
    value.encode("utf-8")
    return value
