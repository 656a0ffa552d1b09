"""The services of the tests do what the tests rely on."""

from __future__ import annotations

import smtplib
import socket
from collections.abc import Callable
from email.message import EmailMessage

import pytest
import redis
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, func, insert, inspect, select

from app.core.extensions import db
from app.core.jobs import JobStatus, JobWindow
from app.core.models import Base
from app.core.transaction import unit_of_work
from config import sqlalchemy_url
from tests.services.mail import MailServer
from tests.services.network import OutsideConnectionError
from tests.services.processes import wait_until
from tests.services.worker import CeleryWorker


@pytest.mark.parametrize("_turn", [1, 2])
def test_each_test_finds_an_empty_database(app: Flask, _turn: int) -> None:
    assert unit_of_work(lambda: db.session.scalar(select(func.count(JobWindow.job)))) == 0
    unit_of_work(lambda: db.session.add(JobWindow(job="left behind", window="1")))


def test_the_database_has_every_table_of_the_models(app: Flask) -> None:
    found = set(inspect(db.engine).get_table_names())
    assert set(Base.metadata.tables) <= found


def test_another_database_is_apart_and_empty(
    app: Flask, database: str, another_database: Callable[[str], str]
) -> None:
    unit_of_work(lambda: db.session.add(JobWindow(job="here", window="1")))
    for _ in range(2):
        other = another_database("apart")
        assert other != database
        engine = create_engine(sqlalchemy_url(other))
        with engine.begin() as connection:
            assert connection.scalar(select(func.count(JobWindow.job))) == 0
            connection.execute(insert(JobWindow).values(job="there", window="1"))
        engine.dispose()


def test_a_client_is_answered(client: FlaskClient) -> None:
    assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("_turn", [1, 2])
def test_each_test_finds_an_empty_redis(redis_url: str, _turn: int) -> None:
    with redis.Redis.from_url(redis_url) as client:
        assert client.dbsize() == 0
        client.set("left", "behind")


def test_mail_that_is_sent_arrives(smtp: MailServer) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Héllo", "a@example.org", "b@example.org"
    message.set_content("Grüße")
    host, port = smtp.url.removeprefix("smtp://").split(":")
    with smtplib.SMTP(host, int(port)) as server:
        server.send_message(message)
    assert [got["subject"] for got in smtp.messages] == ["Héllo"]
    assert smtp.recipients == [["b@example.org"]]


@pytest.mark.parametrize("host", ["example.org", "93.184.216.34", "10.0.0.1", "2001:db8::1"])
def test_no_test_reaches_another_machine(host: str) -> None:
    with pytest.raises(OutsideConnectionError):
        socket.create_connection((host, 80), timeout=1)


@pytest.mark.process
def test_a_celery_worker_shares_the_database_and_the_broker(
    app: Flask, celery_worker: CeleryWorker
) -> None:
    """A job that nobody registered is taken, tried, and put aside as dead."""
    from app.core.jobs import Job, ring

    row = Job(name="nobody", queue="mail", requested_by="test")
    unit_of_work(lambda: db.session.add(row))
    ring(row.id, row.queue)

    def dead() -> bool:
        query = select(Job.status).where(Job.id == row.id)
        return unit_of_work(lambda: db.session.scalar(query)) == JobStatus.DEAD

    wait_until(dead, "the worker to take the job", log=celery_worker.log)
