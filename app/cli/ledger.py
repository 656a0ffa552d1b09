"""flask ledger: the proofs of the money."""

from __future__ import annotations

import click
from flask.cli import with_appcontext

from app.core.transaction import unit_of_work
from app.payments.invoices import issue_missing
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


@ledger.command("issue-invoices")
@with_appcontext
def issue_invoices() -> None:
    """Issue the invoices of releases from before there were any; safe to run again."""
    issued = 0
    while documents := unit_of_work(issue_missing):
        issued += len(documents)
    click.echo(f"{issued} documents issued")
