"""flask audit: the proof of the trail."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.audit import chain


@click.group("audit")
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@with_appcontext
def verify() -> None:
    """Compare every entry with its digest; exits with 1 and names the first that is broken."""
    proof = chain.verify()
    if not proof.ok:
        where = f"at entry {proof.broken}" if proof.broken else "at its end"
        click.echo(f"BROKEN {where}: {proof.reason}. {proof.checked} entries before it hold.")
        raise SystemExit(1)
    click.echo(f"ok: {proof.checked} entries hold, {proof.waiting} wait for their place.")
