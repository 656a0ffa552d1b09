"""`python run.py` in real processes: what it starts, what it refuses, what it leaves behind."""

from __future__ import annotations

import os
import secrets
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from cryptography.fernet import Fernet

from run import socket_path
from tests.services.instance import Instance, alive
from tests.services.processes import free_port, wait_until

pytestmark = pytest.mark.process

PASSWORD = "correct-horse-battery-staple"
HOST = "accord.example.org"


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A development instance with the demo, as `make run` starts it."""
    home = tmp_path_factory.mktemp("shared") / "home"
    instance = Instance(home, ACCORD_SEED="demo", DEMO_ACCOUNTS="true").start()
    yield instance
    instance.clean_up()


@pytest.fixture(scope="module")
def production(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """A production instance, in a folder whose name is too long for a socket."""
    folder = tmp_path_factory.mktemp("production") / ("a-folder-with-a-long-name-" * 4)
    instance = Instance(
        folder / "home",
        ACCORD_ENV="production",
        SECRET_KEY=secrets.token_urlsafe(48),
        ENCRYPTION_KEYS=Fernet.generate_key().decode(),
        METRICS_TOKEN=secrets.token_urlsafe(),
        PUBLIC_URL="https://accord.example.org",
        TRUSTED_HOSTS=HOST,
        TRUSTED_PROXIES="1",
        SMTP_URL=f"smtp://127.0.0.1:{free_port()}",
    )
    del instance.environ["DEMO_ACCOUNTS"]
    yield instance.start()
    instance.clean_up()
    socket_path(instance.home).parent.rmdir()


def each_start(instance: Instance) -> list[str]:
    """What the instance said at each of its starts, to the end of its announcement."""
    starts = instance.text().count("Accord is at")
    wait_until(lambda: instance.text().count("Stop it with") == starts, "the announcement")
    return instance.text().split("Accord is preparing its database.")[1:]


def sign_ins(said: str) -> int:
    return sum("@" in line for line in said.splitlines())


def test_a_started_instance_is_healthy_and_ready(running: Instance) -> None:
    assert running.call("/healthz")[0] == 200
    code, checks = running.call("/readyz")
    assert code == 200, checks


def test_its_figures_are_those_of_all_processes(running: Instance) -> None:
    def figure(start: str) -> float:
        """The value of the line that begins like this; 0 without one."""
        lines = running.call("/metrics")[1].decode().splitlines()
        return next((float(line.split()[-1]) for line in lines if line.startswith(start)), 0.0)

    healthy = (
        'accord_requests_total{endpoint="health.healthz",method="GET",status="200"}',
        'accord_request_seconds_count{endpoint="health.healthz",method="GET",status="200"}',
    )
    before = [figure(name) for name in healthy]
    for _ in range(40):
        running.call("/healthz")
    # Whichever of the two processes answers, it knows what the other one counted.
    seen = [[figure(name) for name in healthy] for _ in range(6)]
    assert seen == [[count + 40 for count in before]] * 6

    new = {"email": "counted@example.org", "password": PASSWORD, "role": "influencer", "name": "C"}
    assert running.call("/api/v1/auth/register", new)[0] == 201
    wait_until(
        lambda: figure('accord_jobs_total{end="done",job="notifications.send_mail"}') > 0,
        "the worker to count a mail",
        log=running.output,
    )
    assert figure("accord_dead_jobs") == 0
    assert figure("accord_outbox_age_seconds") < 60


def test_it_listens_on_its_port_of_the_loopback_alone(running: Instance) -> None:
    listening = {
        connection.laddr
        for process in running.family()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", running.port)}


def test_its_folder_is_readable_by_its_owner_alone(running: Instance) -> None:
    open_to_others = [
        str(path)
        for path in (running.home, *running.home.rglob("*"))
        if not path.is_symlink() and path.stat().st_mode & 0o077
    ]
    assert open_to_others == []


def test_a_second_start_on_the_same_folder_is_refused(running: Instance) -> None:
    line = Instance(running.home).refused()
    assert f"Another Accord runs on {running.home}" in line


def test_a_port_that_is_taken_is_refused(running: Instance, tmp_path: Path) -> None:
    line = Instance(tmp_path / "other", port=running.port).refused()
    assert f"127.0.0.1:{running.port} is not free" in line


def test_a_port_that_another_program_has_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        line = Instance(tmp_path / "other", port=port).refused()
    assert f"127.0.0.1:{port} is not free" in line


def test_a_page_that_is_not_built_is_refused(tmp_path: Path) -> None:
    line = Instance(tmp_path / "home", FRONTEND_DIST=str(tmp_path / "nowhere")).refused()
    assert "run `make run`" in line


def test_a_setting_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    assert "PORT" in Instance(tmp_path / "home", PORT="many").refused()


def test_a_database_that_does_not_answer_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql://accord:hidden@127.0.0.1:{free_port()}/accord"
    instance = Instance(tmp_path / "home", DATABASE_URL=url, ACCORD_SEED="demo")
    line = instance.refused()
    assert "set DATABASE_URL" in line
    assert "hidden" not in line


@pytest.mark.parametrize(
    "name", ["--exclude-queues=outbound", "--queues=outbound", "granian", "valkey"]
)
def test_a_child_that_is_killed_is_started_again(running: Instance, name: str) -> None:
    def children() -> set[int]:
        return {
            child.pid
            for child in psutil.Process(running.process.pid).children()
            if alive(child) and name in " ".join(child.cmdline())
        }

    (before,) = children()
    os.kill(before, signal.SIGKILL)
    wait_until(lambda: len(children() - {before}) == 1, f"{name} to come back", log=running.output)
    wait_until(running.ready, "the instance to be ready again", log=running.output)


def test_the_first_start_seeds_the_demo_and_tells_how_to_sign_in(running: Instance) -> None:
    first = each_start(running)[0]
    assert "seeding the demo" in first
    assert sign_ins(first) == 3


def test_sigterm_ends_everything_and_a_second_start_keeps_the_data(running: Instance) -> None:
    account: dict[str, object] = {"email": "ada@example.org", "password": PASSWORD}
    new = {**account, "role": "sponsor", "name": "Ada"}
    assert running.call("/api/v1/auth/register", new)[0] == 201
    with running.broker() as broker:
        broker.set("kept", "yes")

    code, left = running.end(signal.SIGTERM)
    assert (code, left) == (0, [])
    assert not (running.home / "run" / "valkey.sock").exists()

    running.start()
    signed_in = running.call("/api/v1/auth/login", {**account, "transport": "header"})
    assert signed_in[0] == 200
    with running.broker() as broker:
        assert broker.get("kept") == b"yes"
    second = each_start(running)[-1]
    assert "seeding the demo" not in second
    assert sign_ins(second) == 3


def test_production_refuses_to_start_unsafe(tmp_path: Path) -> None:
    instance = Instance(tmp_path / "home", ACCORD_ENV="production")
    done = instance.attempt()
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr
    assert "TRUSTED_HOSTS" in done.stderr


def test_production_starts_behind_its_own_host_name_and_seeds_nothing(
    production: Instance,
) -> None:
    assert production.call("/healthz")[0] == 400
    assert production.call("/healthz", host=HOST)[0] == 200
    assert "seeding" not in production.text()


def test_a_long_folder_name_gets_its_socket_elsewhere(production: Instance) -> None:
    assert production.call("/readyz", host=HOST)[0] == 200
    assert not (production.home / "run" / "valkey.sock").exists()


def test_kill_9_of_the_supervisor_leaves_no_orphan_and_the_folder_usable(
    production: Instance,
) -> None:
    _, left = production.end(signal.SIGKILL)
    assert left == []
    production.start()
    assert production.call("/readyz", host=HOST)[0] == 200
    code, left = production.end(signal.SIGINT)
    assert (code, left) == (0, [])
