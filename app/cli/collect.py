"""flask collect: bring published data in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.transaction import unit_of_work
from app.identity.account_import import (
    AccountLine,
    RefusedLine,
    read_instagram,
    store_accounts,
)

BATCH = 250
SHOWN_REFUSALS = 20


@click.group("collect")
def collect() -> None:
    """Collected and imported data."""


@collect.command("import")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option(
    "--source", required=True, type=click.Choice(["instagram-influencers"]), help="What PATH holds."
)
@with_appcontext
def import_(path: Path, source: str) -> None:
    """Import the table or folder PATH; importing it again changes nothing."""
    table = path / "influencers.csv" if path.is_dir() else path
    if not table.is_file():
        raise click.ClickException(f"{table} is no file.")
    refused: list[RefusedLine] = []
    try:
        new, changed, total = import_instagram(table, source, refused)
    except (ValueError, UnicodeDecodeError) as error:
        raise click.ClickException(f"{table}: {error}") from error
    for line in refused[:SHOWN_REFUSALS]:
        click.echo(f"line {line.number}: {line.reason}", err=True)
    if len(refused) > SHOWN_REFUSALS:
        click.echo(f"and {len(refused) - SHOWN_REFUSALS} more", err=True)
    click.echo(
        f"{total} accounts read: {new} new, {changed} brought up to date, {len(refused)} not taken."
    )


def import_instagram(table: Path, source: str, refused: list[RefusedLine]) -> tuple[int, int, int]:
    """Store the accounts of `table` in batches; returns new, changed and read counts."""
    new = changed = total = 0
    with table.open(encoding="utf-8-sig", newline="") as handle:
        lines = _accounts(read_instagram(handle), refused)
        while batch := list(islice(lines, BATCH)):
            stored = unit_of_work(partial(store_accounts, batch, source=source))
            new, changed, total = new + stored[0], changed + stored[1], total + len(batch)
    return new, changed, total


def _accounts(
    lines: Iterator[AccountLine | RefusedLine], refused: list[RefusedLine]
) -> Iterator[AccountLine]:
    for line in lines:
        if isinstance(line, RefusedLine):
            refused.append(line)
        else:
            yield line
