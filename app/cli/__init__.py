"""The command line: flask seed, user, openapi, doctor and what later domains add."""

from __future__ import annotations

from flask import Flask

from app.cli.audit import audit
from app.cli.clicks import clicks
from app.cli.collect import collect
from app.cli.diagram import diagram
from app.cli.doctor import doctor
from app.cli.ledger import ledger
from app.cli.openapi import openapi
from app.cli.seed import seed
from app.cli.start_check import start_check
from app.cli.statistics import statistics
from app.cli.user import user


def register_commands(app: Flask) -> None:
    """Add every command group to `app`."""
    for command in (
        *(user, seed, collect, openapi, diagram, audit, ledger, clicks, statistics),
        *(doctor, start_check),
    ):
        app.cli.add_command(command)
