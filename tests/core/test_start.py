"""Production serves on a broker that keeps its keys and on the newest schema alone."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
import redis
from flask import Flask
from flask_migrate import downgrade, upgrade

from app import create_app
from app.core.extensions import db
from app.factory import create_server
from config import ConfigurationError, Settings

POLICY = "maxmemory-policy"


@pytest.fixture
def production(settings: Settings) -> Settings:
    """Settings of production on the services of this test."""
    return replace(settings, env="production")


@pytest.fixture
def broker(redis_url: str) -> Iterator[redis.Redis]:
    """The broker, with its policy as it was afterwards."""
    with redis.Redis.from_url(redis_url) as client:
        before = client.config_get(POLICY)[POLICY]
        yield client
        client.config_set(POLICY, before)


def _at(settings: Settings, work: Callable[[], object]) -> None:
    """Do the work of a migration command as `flask db` does."""
    app = create_app(settings)
    with app.app_context():
        work()
        db.session.remove()
        db.engine.dispose()


def test_production_serves_on_a_broker_that_keeps_its_keys(
    production: Settings, broker: redis.Redis
):
    broker.config_set(POLICY, "noeviction")
    assert isinstance(create_server(production), Flask)


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_broker_that_drops_keys_is_refused(
    production: Settings, broker: redis.Redis, policy: str
):
    broker.config_set(POLICY, policy)
    with pytest.raises(ConfigurationError) as refused:
        create_server(production)
    text = str(refused.value)
    assert text.startswith("REDIS_URL")
    assert policy in text
    assert "noeviction" in text
    assert "\n" not in text
    assert isinstance(create_server(replace(production, env="test")), Flask)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_broker_that_forbids_config_is_a_warning(
    production: Settings, broker: redis.Redis, caplog: pytest.LogCaptureFixture
):
    broker.config_set(POLICY, "allkeys-lru")
    broker.acl_setuser(
        "tenant", enabled=True, passwords=["+secret"], keys=["*"], channels=["*"],
        categories=["+@all"], commands=["-config"], reset=True,
    )  # fmt: skip
    scheme, _, place = production.redis_url.partition("://")
    as_tenant = f"{scheme}://tenant:secret@{place}"
    try:
        with caplog.at_level(logging.WARNING):
            assert isinstance(create_server(replace(production, redis_url=as_tenant)), Flask)
        assert "does not tell its maxmemory-policy" in caplog.text
    finally:
        broker.acl_deluser("tenant")


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_broker_that_is_away_is_a_warning(production: Settings, caplog: pytest.LogCaptureFixture):
    with caplog.at_level(logging.WARNING):
        create_server(replace(production, redis_url="redis://127.0.0.1:9"))
    assert "REDIS_URL does not answer" in caplog.text


def test_a_database_one_migration_behind_is_refused_until_it_is_migrated(
    production: Settings, another_database: Callable[[str], str]
):
    behind = replace(production, database_url=another_database("behind"))
    _at(behind, lambda: downgrade(revision="-1"))
    with pytest.raises(ConfigurationError) as refused:
        create_server(behind)
    text = str(refused.value)
    assert text.startswith("DATABASE_URL")
    assert "flask --app app db upgrade" in text
    assert "\n" not in text
    _at(behind, upgrade)
    app = create_server(behind)
    with app.app_context():
        db.engine.dispose()


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_database_that_does_not_answer_is_refused_without_its_password(production: Settings):
    away = replace(production, database_url="postgresql://accord:hidden@127.0.0.1:9/accord")
    with pytest.raises(ConfigurationError) as refused:
        create_server(away)
    assert str(refused.value).startswith("DATABASE_URL")
    assert "hidden" not in str(refused.value)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_doctor_and_the_check_before_the_start_name_what_is_wrong(
    app: Flask, broker: redis.Redis
):
    broker.config_set(POLICY, "noeviction")
    for command in ("doctor", "start-check"):
        assert app.test_cli_runner().invoke(args=[command]).exit_code == 0
    broker.config_set(POLICY, "allkeys-lru")
    for command in ("doctor", "start-check"):
        done = app.test_cli_runner().invoke(args=[command])
        assert done.exit_code == 1
        assert "set it to noeviction there" in done.output
