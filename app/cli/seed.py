"""flask seed: a lively small world, or a large made-up one."""

from __future__ import annotations

import time

import click
from flask.cli import with_appcontext

from app.cli.seed_scale import seed_influencers


@click.group("seed")
def seed() -> None:
    """Data to try the platform with."""


@seed.command("scale")
@click.option("--influencers", type=click.IntRange(1, 10_000_000), required=True)
@click.option("--seed", "number", type=int, default=1, show_default=True)
@with_appcontext
def scale(influencers: int, number: int) -> None:
    """Make a large world; the same seed makes the same rows."""
    started = time.monotonic()
    with click.progressbar(length=influencers, label="influencers") as bar:
        seed_influencers(influencers, number, lambda done: bar.update(done - bar.pos))
    click.echo(f"{influencers} influencers in {time.monotonic() - started:.0f} s.")
