"""The README lists every command that there is."""

from __future__ import annotations

import click
from flask import Flask

from app.cli import register_commands
from config import ROOT


def paths(name: str, command: click.Command) -> set[str]:
    """How a command, or each of a group, is called."""
    if not isinstance(command, click.Group):
        return {name}
    return {
        f"{name} {path}" for part, child in command.commands.items() for path in paths(part, child)
    }


def test_every_command_stands_in_the_readme():
    app = Flask("commands")
    register_commands(app)
    ours = {path for name, command in app.cli.commands.items() for path in paths(name, command)}
    assert len(ours) > 5
    listed = (ROOT / "README.md").read_text().split("## Command line")[1].split("```")[1]
    calls = [f"{line} " for line in listed.splitlines()]
    missing = {
        path for path in ours if not any(f"flask --app app {path} " in call for call in calls)
    }
    assert missing == set()
