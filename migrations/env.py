"""Runs the migrations on the database of the current application."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app

from app.core.models import Base, UtcDateTime

migrate = current_app.extensions["migrate"]


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Migrations name SQLAlchemy's own types, so that they outlive our classes."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Leave out the trigram indexes: metadata cannot say them, the migrations make them."""
    return not (kind == "index" and name is not None and name.endswith("_trgm"))


def run() -> None:
    """Run on a live connection."""
    options = {
        "target_metadata": Base.metadata,
        "render_item": render_item,
        "include_name": include_name,
        **migrate.configure_args,
    }
    if context.is_offline_mode():
        context.configure(url=str(migrate.db.engine.url), literal_binds=True, **options)
        with context.begin_transaction():
            context.run_migrations()
        return
    with migrate.db.engine.connect() as connection:
        context.configure(connection=connection, **options)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
