"""flask openapi: the document that the client is generated from."""

from __future__ import annotations

import json
from pathlib import Path

import click
from flask.cli import with_appcontext

from app.core.openapi import openapi_document
from config import ROOT

PATH = ROOT / "docs" / "openapi.json"


@click.group("openapi")
def openapi() -> None:
    """The API document."""


@openapi.command("write")
@click.option("--check", is_flag=True, help="Write nothing; fail when the file is out of date.")
@click.option("--out", type=click.Path(path_type=Path), default=PATH, show_default=True)
@with_appcontext
def write(check: bool, out: Path) -> None:
    """Write the OpenAPI document to docs/openapi.json."""
    document = openapi_document()
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if check:
        if not out.is_file() or out.read_text() != text:
            raise click.ClickException(f"{out} is out of date: run flask openapi write.")
        return
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(text)
    click.echo(f"Wrote {out} ({len(document['paths'])} paths).")
