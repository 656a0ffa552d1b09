"""Lists as files: every row of a list's filters as CSV, streamed page by page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from flask import Response, stream_with_context

from app.core.clock import now
from app.core.extensions import db
from app.core.paging import MAX_LIMIT, Page, PageRequest
from app.core.spreadsheet import csv_line, decimal

F = TypeVar("F", bound=Callable[..., Any])
# A column's head and what stands in it; amounts are decimals, their currency beside them.
Columns = Mapping[str, Callable[[Any], Any]]
_BYTE_ORDER_MARK = "\ufeff"


def csv_file(
    name: str,
    columns: Columns,
    read: Callable[[PageRequest], Page[Any]],
    *,
    order: str = "created_at",
) -> Response:
    """The rows that `read` pages through, as the file `<name>-<today>.csv`.

    `order` is a sort that never changes for a row, the oldest first: what is added meanwhile
    comes last, and nothing comes twice. One page is in memory at a time. The first is read before
    the answer starts, so that what `read` refuses is a problem and no broken file.
    """
    first = read(PageRequest(MAX_LIMIT, None, order))
    return Response(
        stream_with_context(_chunks(columns, read, order, first)),
        content_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}-{now():%Y-%m-%d}.csv"',
            "Cache-Control": "no-store",
        },
    )


def _chunks(
    columns: Columns,
    read: Callable[[PageRequest], Page[Any]],
    order: str,
    page: Page[Any],
) -> Iterator[str]:
    # The mark tells spreadsheets that this is UTF-8.
    text = _BYTE_ORDER_MARK + csv_line(list(columns))
    cells = list(columns.values())
    while True:
        text += "".join(csv_line([cell(row) for cell in cells]) for row in page.items)
        cursor = page.next
        # Let go of the rows, and of the read, before anything is given: somebody may take the
        # file slowly, or never.
        db.session.expunge_all()
        db.session.rollback()
        if text:
            yield text
        if cursor is None:
            return
        text = ""
        page = read(PageRequest(MAX_LIMIT, cursor, order))


def at(*path: str) -> Callable[[Any], Any]:
    """What stands in a row at a path of keys or attributes; nothing where one of them is none."""

    def found(row: Any) -> Any:
        for name in path:
            if row is None:
                return None
            row = row[name] if isinstance(row, Mapping) else getattr(row, name)
        return row

    return found


def amount(*path: str) -> Callable[[Any], Any]:
    """The Money at a path in units of its currency, which stands in a column of its own."""
    found = at(*path)

    def cell(row: Any) -> Any:
        money = found(row)
        return None if money is None else decimal(money.amount, money.currency)

    return cell
