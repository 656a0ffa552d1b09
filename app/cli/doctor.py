"""flask doctor: what is configured, reachable and wrong, in plain words."""

from __future__ import annotations

import click
from flask import current_app
from flask.cli import with_appcontext

from app.core.readiness import readiness
from app.core.start import faults_at_start
from app.payments.gateways.state import gateway_states


@click.command("doctor")
@with_appcontext
def doctor() -> None:
    """Say what is configured, reachable and wrong; exits with 1 when something is wrong."""
    settings = current_app.config["ACCORD"]
    click.echo(f"environment  {settings.env}")
    click.echo(f"home         {settings.home}")
    click.echo(f"database     {_without_password(settings.database_url)}")
    click.echo(f"broker       {_without_password(settings.redis_url)}")
    click.echo(f"address      {settings.public_url}")
    click.echo(f"mail         {'SMTP' if settings.smtp_url else 'the development mailbox'}")
    checks = readiness()
    for check in checks:
        click.echo(
            f"{'ok   ' if check['ok'] else 'WRONG'}        {check['name']}: {check['detail']}"
        )
    gateways = gateway_states()
    for gateway in gateways:
        mark = "WRONG" if not gateway.ok else "ok   " if gateway.in_use else "off  "
        click.echo(f"{mark}        gateway {gateway.name}: {gateway.detail}")
    if not any(gateway.in_use for gateway in gateways):
        click.echo("No gateway is in use: nobody can pay in, and nobody is paid out.")
    faults = faults_at_start()
    for fault in faults:
        click.echo(f"WRONG        start: {fault}")
    unsafe = settings.problems()
    if unsafe and settings.env != "production":
        click.echo(f"Before production, {len(unsafe)} settings need a value:")
        for line in unsafe:
            click.echo(f"  {line}")
    well = all(check["ok"] for check in checks) and all(gateway.ok for gateway in gateways)
    if faults or not well:
        raise SystemExit(1)


def _without_password(url: str) -> str:
    scheme, separator, rest = url.partition("://")
    credentials, at, host = rest.rpartition("@")
    user = credentials.partition(":")[0]
    return f"{scheme}{separator}{user + ':…@' if at else ''}{host if at else rest}"
