"""flask seed: a lively small world, or a large made-up one."""

from __future__ import annotations

import time

import click
from flask import current_app
from flask.cli import with_appcontext

from app.cli.demo import world
from app.cli.seed_scale import seed_influencers


@click.group("seed")
def seed() -> None:
    """Data to try the platform with."""


@seed.command("demo")
@click.option("--sign-ins", is_flag=True, help="Only print whom one can sign in as.")
@with_appcontext
def demo(sign_ins: bool) -> None:
    """Make a lively small world, once."""
    if not current_app.config["ACCORD"].demo_accounts:
        raise click.ClickException(
            "DEMO_ACCOUNTS is off: nobody may sign in with a known password."
        )
    if sign_ins:
        click.echo("\n".join(world.sign_ins()))
    elif world.is_seeded():
        click.echo("The demo world is there already.")
    else:
        world.seed(lambda what: click.echo(f"Making {what} …"))


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
