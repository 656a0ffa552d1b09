"""flask clicks: counting what was clicked."""

from __future__ import annotations

from collections import Counter

import click
from flask.cli import with_appcontext
from sqlalchemy import select

from app.attribution import consumer
from app.attribution.click_rules import RULES_VERSION
from app.attribution.link_models import TrackingLink
from app.core.batches import ids_in_batches
from app.core.extensions import db


@click.group("clicks")
def clicks() -> None:
    """Clicks on tracking links."""


@clicks.command("consume")
@with_appcontext
def consume() -> None:
    """Turn the clicks of the logs into rows now, without waiting for the job."""
    click.echo(f"{consumer.consume()['clicks']} clicks")


@clicks.command("recount")
@click.option("--link", "code", help="Only the link with this code.")
@click.option("--dry-run", is_flag=True, help="Write nothing; say what would change.")
@with_appcontext
def recount(code: str | None, dry_run: bool) -> None:
    """Judge the kept clicks by the present rules, and say what changed.

    Statistics follow. What was paid is left as it is.
    """
    wanted = [TrackingLink.code == code] if code else []
    links, changes = 0, Counter[tuple[str, str]]()
    for link_id in ids_in_batches(TrackingLink.created_at, TrackingLink.id, *wanted, batch=500):
        links += 1
        found = consumer.recount(link_id, keep=not dry_run)
        if found:
            name = db.session.scalar(select(TrackingLink.code).where(TrackingLink.id == link_id))
            db.session.rollback()
            click.echo(f"{name}: {sum(found.values())} clicks change")
            changes.update(found)
    for (before, after), number in sorted(changes.items()):
        click.echo(f"{before} -> {after}: {number}")
    done = "would change" if dry_run else "changed"
    click.echo(
        f"{sum(changes.values())} clicks {done} on {links} links under rules {RULES_VERSION}; "
        "nothing that was paid changed."
    )
    if code and not links:
        raise click.ClickException("There is no link with this code.")
