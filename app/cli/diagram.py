"""flask diagram: the tables and their references, drawn from the metadata."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click
from flask.cli import with_appcontext
from sqlalchemy import Table

from app.core.models import Base
from config import ROOT

PATH = ROOT / "docs" / "er-diagram.md"


@click.command("diagram")
@click.option("--check", is_flag=True, help="Write nothing; fail when the file is out of date.")
@with_appcontext
def diagram(check: bool) -> None:
    """Write docs/er-diagram.md, an entity-relationship diagram a domain."""
    text = render()
    if check:
        if not PATH.is_file() or PATH.read_text() != text:
            raise click.ClickException(f"{_shown(PATH)} is out of date: run flask diagram.")
        return
    PATH.write_text(text)
    click.echo(f"Wrote {_shown(PATH)} ({len(Base.metadata.tables)} tables).")


def render() -> str:
    """The Markdown page, with one Mermaid diagram a domain."""
    domains = {
        mapper.local_table.name: mapper.class_.__module__.split(".")[1]
        for mapper in Base.registry.mappers
        if isinstance(mapper.local_table, Table)
    }
    tables = sorted(
        Base.metadata.tables.values(), key=lambda table: (domains.get(table.name, ""), table.name)
    )
    lines = [
        "# The tables",
        "",
        "Made by `flask diagram` from the metadata; `make check` fails when it is out of date.",
        "References point downhill only (docs/architecture.md).",
        "",
    ]
    for domain, members in groupby(tables, key=lambda table: domains.get(table.name, "")):
        lines += [f"## {domain}", "", "```mermaid", "erDiagram"]
        for table in members:
            lines += _entity(table)
        lines += ["```", ""]
    return "\n".join(lines)


def _entity(table: Table) -> list[str]:
    lines = [f"  {table.name} {{"]
    for column in table.columns:
        kind = type(column.type).__name__.lower()
        keys = [
            key
            for key, is_key in (("PK", column.primary_key), ("FK", bool(column.foreign_keys)))
            if is_key
        ]
        lines.append(f"    {kind} {column.name} {', '.join(keys)}".rstrip())
    lines.append("  }")
    for column in table.columns:
        for key in sorted(column.foreign_keys, key=lambda key: key.target_fullname):
            many = "|o" if column.nullable else "||"
            lines.append(f"  {key.column.table.name} {many}--o{{ {table.name} : {column.name}")
    return lines


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))
