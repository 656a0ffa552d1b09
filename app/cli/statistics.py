"""flask statistics: the daily rollups."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.core.transaction import unit_of_work
from app.statistics import rollups


@click.group("statistics")
def statistics() -> None:
    """What was counted, day by day."""


@statistics.command("rebuild")
@click.option("--campaign", default=None, help="Only the rows of this campaign (cmp_…).")
@with_appcontext
def rebuild(campaign: str | None) -> None:
    """Count everything anew from posts, payments, clicks and orders."""
    made = unit_of_work(lambda: rollups.rebuild(campaign))
    click.echo(f"ok: {made} rows")
