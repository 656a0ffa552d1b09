"""Columns whose index SQLite shall leave alone; PostgreSQL plans for itself."""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.core.paging import Column


class aside(FunctionElement[Any]):  # noqa: N801 - reads as a function in statements
    """A column whose index SQLite shall not use here (its unary plus does that)."""

    name = "aside"
    inherit_cache = True

    def __init__(self, column: Column) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(aside)
def _plain(element: aside, compiler: SQLCompiler, **more: Any) -> str:
    return compiler.process(element.clauses, **more)


@compiles(aside, "sqlite")
def _without_index(element: aside, compiler: SQLCompiler, **more: Any) -> str:
    return f"+{compiler.process(element.clauses, **more)}"
