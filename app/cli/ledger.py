"""flask ledger: the proofs of the money."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.reporting import ledger_proof


@click.group("ledger")
def ledger() -> None:
    """The ledger."""


@ledger.command("verify")
@with_appcontext
def verify() -> None:
    """Prove every invariant; exits with 1 and names the first row that breaks one."""
    checks = ledger_proof.prove()
    for check in checks:
        click.echo(f"{'ok   ' if check.ok else 'WRONG'}  {check.name}: {check.detail}")
    if not all(check.ok for check in checks):
        raise SystemExit(1)
