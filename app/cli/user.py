"""flask user: accounts from the command line."""

from __future__ import annotations

import sys

import click
from flask.cli import with_appcontext

from app.core.errors import DomainError
from app.core.transaction import unit_of_work
from app.identity import passwords, service


@click.group("user")
def user() -> None:
    """Accounts."""


@user.command("create-admin")
@click.option("--email", required=True, help="The email to sign in with.")
@click.option("--name", default="Admin", show_default=True, help="The name that pages show.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@with_appcontext
def create_admin(email: str, name: str, password_stdin: bool) -> None:
    """Make an admin."""
    password = (
        sys.stdin.readline().rstrip("\n")
        if password_stdin
        else click.prompt("Password", hide_input=True, confirmation_prompt=True)
    )
    if not 10 <= len(password) <= 200:
        raise click.ClickException("The password needs 10 to 200 characters.")
    if "@" not in email or len(email) > 254:
        raise click.ClickException(f"{email!r} is no email address.")
    password_hash = passwords.hash_password(password)
    try:
        admin = unit_of_work(
            lambda: service.create_admin(email=email, password_hash=password_hash, name=name)
        )
    except DomainError as error:
        raise click.ClickException(f"{error.title}. {error.detail or ''}") from error
    click.echo(f"Made admin {admin.id} ({admin.email}).")
