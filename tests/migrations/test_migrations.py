"""The migrations make what the models say, on both databases, and can be taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, inspect, text

from app import create_app
from app.core.extensions import db
from app.core.models import Base
from config import Settings

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' ORDER BY name",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname",
}
# Trigram indexes are made by the migrations alone; metadata cannot say them.
OPTIONS = {
    "compare_type": True,
    "include_name": lambda name, _kind, _parents: not (name or "").endswith("_trgm"),
}


@pytest.fixture
def empty(settings: Settings, another_database: Callable[[str], str]) -> Iterator[Flask]:
    """An app on a database without tables."""
    app = create_app(replace(settings, database_url=another_database("migrations")))
    with app.app_context():
        downgrade(revision="base")
        yield app
        db.session.remove()
        db.engine.dispose()


def triggers(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(text(TRIGGERS[engine.dialect.name])))


def test_migrations_make_what_the_models_say_and_can_be_taken_back(
    empty: Flask, another_database: Callable[[str], str], settings: Settings
) -> None:
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    assert triggers(db.engine) == []
    upgrade()
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        assert compare_metadata(context, Base.metadata) == []
    migrated = triggers(db.engine)
    downgrade(revision="base")
    assert inspect(db.engine).get_table_names() == ["alembic_version"]
    Base.metadata.create_all(db.engine)
    assert triggers(db.engine) == migrated
    assert len(migrated) >= 5
