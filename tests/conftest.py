"""Fixtures of every test: real services, an app on each database, and nothing that leaks out.

The services start when a test first asks for them. Each test gets an empty database, an empty
Redis and an empty mailbox; the app is built once a database, since building it costs more than
most tests.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import hypothesis
import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Settings, limiter_url
from tests.services import databases, mail, network, postgres, redis, standing, worker

_DATABASES = {"sqlite": "_sqlite_database", "postgresql": "_postgres_database"}
# A busy machine is no fault of a property.
hypothesis.settings.register_profile(
    "accord", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("accord")
SECRET = "tests-only-secret-0123456789-abcdefghijklmnop"


# --- the run ------------------------------------------------------------------------------------


def pytest_report_header(config: pytest.Config) -> list[str]:
    """Which servers answer the tests of this run."""
    return [f"services: {redis.describe()}; {postgres.describe()}"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs PostgreSQL, so that `-m "not postgres"` leaves it out."""
    for item in items:
        call = getattr(item, "callspec", None)
        if call is not None and call.params.get("database") == "postgresql":
            item.add_marker(pytest.mark.postgres)


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    network.forbid_outside(monkeypatch)


# --- services, once a process -------------------------------------------------------------------


@pytest.fixture(scope="session")
def _redis_server() -> Iterator[redis.Redis]:
    server = redis.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _postgres_server() -> Iterator[postgres.Postgres]:
    server = postgres.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _mail_server() -> Iterator[mail.MailServer]:
    server = mail.MailServer()
    yield server
    server.stop()


@pytest.fixture(scope="session", autouse=True)
def _nobody_stays() -> Iterator[None]:
    yield
    standing.dismiss()


@pytest.fixture(scope="session")
def _instance(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """ACCORD_HOME of the tests of this process."""
    return tmp_path_factory.mktemp("home")


def prepare_schema(app: Flask) -> None:
    """Migrate the empty database of `app`."""
    from flask_migrate import upgrade

    from app.core.extensions import db

    with app.app_context():
        upgrade()
        db.engine.dispose()


def _prepare(url: str) -> None:
    from app import create_app

    prepare_schema(create_app(_settings(database_url=url)))


@pytest.fixture(scope="session")
def _sqlite_database(_instance: Path) -> databases.Database:
    return databases.SqliteDatabase(_instance, _prepare)


@pytest.fixture(scope="session")
def _postgres_database(_postgres_server: postgres.Postgres) -> Iterator[databases.Database]:
    database = databases.PostgresDatabase(_postgres_server, _prepare)
    yield database
    database.drop()


# --- what a test asks for -----------------------------------------------------------------------


@pytest.fixture
def redis_url(_redis_server: redis.Redis) -> str:
    """The address of an empty Redis-protocol database."""
    _redis_server.flush()
    return _redis_server.url


@pytest.fixture
def smtp(_mail_server: mail.MailServer) -> mail.MailServer:
    """The mail server that the app sends to; `smtp.messages` is what arrived."""
    return _mail_server


@pytest.fixture(autouse=True)
def _no_stray_mail(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test that does not ask for `smtp` sends no mail."""
    watched = "settings" in request.fixturenames or "smtp" in request.fixturenames
    if not watched:
        yield
        return
    server: mail.MailServer = request.getfixturevalue("_mail_server")
    server.clear()
    yield
    if "smtp" not in request.fixturenames and server.messages:
        subjects = [message["subject"] for message in server.messages]
        pytest.fail(f"mail was sent that the test did not expect: {subjects}")


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database; the test runs on SQLite and on PostgreSQL.

    For one of them only: `@pytest.mark.parametrize("database", ["sqlite"], indirect=True)`.
    """
    found: databases.Database = request.getfixturevalue(_DATABASES[request.param])
    found.reset()
    return found.url


@pytest.fixture
def another_database(request: pytest.FixtureRequest, database: str) -> Callable[[str], str]:
    """Makes a further database of the same kind, empty and migrated, and gives its address."""
    kind = database.partition(":")[0]
    found: databases.Database = request.getfixturevalue(_DATABASES[kind])
    return found.copy


def _settings(**changes: object) -> Settings:
    plain = {"env": "test", "secret_key": SECRET, "rate_limits": False, "dev_mailbox": False}
    return replace(Settings(), **{**plain, **changes})


@pytest.fixture
def settings(
    database: str, redis_url: str, _mail_server: mail.MailServer, _instance: Path
) -> Settings:
    """The settings of an instance on the services of this test."""
    return _settings(
        home=_instance,
        database_url=database,
        redis_url=redis_url,
        limiter_storage_url=limiter_url(redis_url),
        smtp_url=_mail_server.url,
        files_url=f"file://{_instance / 'files'}",
    )


@pytest.fixture(scope="session")
def _apps() -> dict[Settings, Flask]:
    return {}


@pytest.fixture
def make_app(_apps: dict[Settings, Flask]) -> Callable[[Settings], Flask]:
    """An app with these settings, built once and kept."""
    from app import create_app
    from app.core.extensions import limiter

    def make(settings: Settings) -> Flask:
        if settings not in _apps:
            _apps[settings] = create_app(settings)
        # The switch is the extension's, shared by all apps of the process.
        limiter.enabled = settings.rate_limits
        return _apps[settings]

    return make


@pytest.fixture
def app(
    settings: Settings,
    make_app: Callable[[Settings], Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Flask]:
    """The app, with its context pushed."""
    from app.core.extensions import db

    built = make_app(settings)
    # An earlier test may have found its broker away.
    monkeypatch.setattr("app.core.jobs._silent_until", 0.0)
    with built.app_context():
        yield built
        db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without cookies."""
    return app.test_client()


@pytest.fixture
def environ(settings: Settings) -> dict[str, str]:
    """The environment that gives another process the settings of this test."""
    return {
        **os.environ,
        "ACCORD_ENV": "test",
        "ACCORD_HOME": str(settings.home),
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "FILES_URL": settings.files_url,
        "SMTP_URL": settings.smtp_url,
        "SECRET_KEY": settings.secret_key,
        "RATE_LIMITS": "false",
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }


@pytest.fixture
def celery_worker(environ: dict[str, str], tmp_path: Path) -> Iterator[worker.CeleryWorker]:
    """A Celery worker in a process of its own, on the services of this test."""
    started = worker.CeleryWorker(environ, tmp_path / "worker.log")
    yield started
    started.kill()
