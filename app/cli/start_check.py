"""flask start-check: what keeps production from serving."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.core.start import faults_at_start


@click.command("start-check")
@with_appcontext
def start_check() -> None:
    """Say in one line each what forbids to serve; exits with 1 when something does."""
    faults = faults_at_start()
    for fault in faults:
        click.echo(fault)
    if faults:
        raise SystemExit(1)
