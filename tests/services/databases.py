"""A migrated, empty database for each test, on SQLite and on PostgreSQL.

The schema is built once a process. Before each test the database is put back in place, so that
engines, pools and other processes that are connected to it stay valid. The code under test commits
for real; nothing is rolled back.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import psycopg
from psycopg import sql

from tests.services.postgres import Postgres

Connection = psycopg.Connection[tuple[Any, ...]]
Prepare = Callable[[str], None]
"""Builds the schema in the database at an address."""


class Database(Protocol):
    """A database that one process of the test run owns."""

    url: str

    def reset(self) -> None:
        """Put it back to what it was just after the migrations."""

    def copy(self, name: str) -> str:
        """The address of a further database, migrated and empty."""


class SqliteDatabase:
    """A file, put back by SQLite's backup API from a file made once."""

    def __init__(self, folder: Path, prepare: Prepare) -> None:
        self.folder = folder
        self.template = folder / "template.db"
        self.path = folder / "test.db"
        self.url = f"sqlite:///{self.path}"
        prepare(f"sqlite:///{self.template}")
        with sqlite3.connect(self.template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        shutil.copyfile(self.template, self.path)

    def reset(self) -> None:
        """Copy the pages of the template over those of the database."""
        source = sqlite3.connect(f"file:{self.template}?mode=ro", uri=True)
        target = sqlite3.connect(self.path, timeout=5)
        target.execute("PRAGMA synchronous = OFF")
        try:
            source.backup(target)
        finally:
            target.close()
            source.close()

    def copy(self, name: str) -> str:
        """A further file, copied from the template."""
        path = self.folder / f"{name}.db"
        for old in self.folder.glob(f"{path.name}*"):
            old.unlink()
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"


class PostgresDatabase:
    """A database whose changed tables are emptied; rows that the migrations wrote come back."""

    def __init__(self, server: Postgres, prepare: Prepare) -> None:
        self.server = server
        mark = f"{os.environ.get('PYTEST_XDIST_WORKER', 'main')}_{os.getpid()}"
        self.template = f"accord_template_{mark}"
        self.name = f"accord_test_{mark}"
        self.copies: set[str] = set()
        prepare(server.create(self.template))
        self.url = server.create(self.name, template=self.template)
        # Kept open: its statements are planned once, which is most of what a reset costs.
        self.connection: Connection = psycopg.connect(
            self.url, options="-c lock_timeout=5s", prepare_threshold=0
        )
        with self.connection.transaction():
            self._keep_first_rows(self.connection)

    def _keep_first_rows(self, connection: Connection) -> None:
        tables = connection.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
        ).fetchall()
        self.tables = [name for (name,) in tables]
        self.first_rows = self._with_rows(connection)
        connection.execute("CREATE SCHEMA first")
        for name in self.first_rows:
            table = sql.Identifier(name)
            connection.execute(
                sql.SQL("CREATE TABLE first.{} AS TABLE public.{}").format(table, table)
            )
        sequences = connection.execute(
            "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public'"
        ).fetchall()
        self.sequences: dict[str, int | None] = dict(sequences)

    def _with_rows(self, connection: Connection) -> list[str]:
        if not self.tables:
            return []
        one = sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM public.{})")
        query = sql.SQL(" UNION ALL ").join(
            one.format(sql.Literal(name), sql.Identifier(name)) for name in self.tables
        )
        return [name for (name,) in connection.execute(query).fetchall()]

    def reset(self) -> None:
        """Empty what has rows, with triggers and foreign keys off, and write the first rows."""
        connection = self.connection
        with connection.transaction():
            connection.execute("SET LOCAL session_replication_role = replica")
            for name in {*self._with_rows(connection), *self.first_rows}:
                connection.execute(sql.SQL("DELETE FROM public.{}").format(sql.Identifier(name)))
            for name in self.first_rows:
                self._write_first_rows(connection, name)
            moved = connection.execute(
                "SELECT sequencename, last_value FROM pg_sequences"
                " WHERE schemaname = 'public' AND last_value IS NOT NULL"
            ).fetchall()
            for name, value in moved:
                if value != self.sequences.get(name):
                    self._set_sequence(connection, name)

    def _write_first_rows(self, connection: Connection, name: str) -> None:
        found = connection.execute(
            "SELECT column_name FROM information_schema.columns WHERE table_schema = 'public'"
            " AND table_name = %s AND is_generated = 'NEVER'",
            [name],
        ).fetchall()
        columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in found)
        connection.execute(
            sql.SQL(
                "INSERT INTO public.{table} ({columns}) OVERRIDING SYSTEM VALUE"
                " SELECT {columns} FROM first.{table}"
            ).format(table=sql.Identifier(name), columns=columns)
        )

    def _set_sequence(self, connection: Connection, name: str) -> None:
        first = self.sequences.get(name)
        if first is None:
            statement = sql.SQL("ALTER SEQUENCE public.{} RESTART").format(sql.Identifier(name))
        else:
            statement = sql.SQL("SELECT setval('public.{}', {})").format(
                sql.Identifier(name), sql.Literal(first)
            )
        connection.execute(statement)

    def copy(self, name: str) -> str:
        """A further database, copied from the template."""
        full = f"{self.name}_{name}"
        self.copies.add(full)
        return self.server.create(full, template=self.template)

    def drop(self) -> None:
        """Drop everything that was made."""
        self.connection.close()
        for name in (*self.copies, self.name, self.template):
            self.server.drop(name)
