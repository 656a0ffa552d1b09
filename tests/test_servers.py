"""How each server of an instance is started."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

from celery import Celery
from cryptography.fernet import Fernet
from kombu import Queue

from app.core.jobs import OUTBOUND, QUEUES
from config import ROOT, Settings
from run import command, figures


def test_web_threads_is_what_granian_gets():
    words = command(replace(Settings(), web_threads=7, host="0.0.0.0", port=8123), "web")
    assert words[words.index("--blocking-threads") + 1] == "7"
    assert words[-4:] == ("--host", "0.0.0.0", "--port", "8123")


def test_containers_start_their_servers_by_run_py():
    image = (ROOT / "deploy" / "Dockerfile").read_text()
    assert 'CMD ["python", "run.py", "web"]' in image
    containers = (ROOT / "deploy" / "docker-compose.yml").read_text()
    assert "python, run.py, worker" in containers
    assert "python, run.py, outbound" in containers
    assert "python, run.py, beat" in containers


def test_the_proxy_hands_on_whole_requests_alone():
    proxy = (ROOT / "deploy" / "nginx.conf").read_text()
    assert re.search(r"^ +proxy_request_buffering on;$", proxy, re.MULTILINE)
    assert "proxy_request_buffering off" not in proxy
    assert re.search(r"^ +client_body_timeout \d+s;$", proxy, re.MULTILINE)


def queues_of(name: str) -> set[str]:
    """The queues from which a worker takes, as Celery reads its options."""
    words = command(Settings(), name)
    given = dict(word.split("=", 1) for word in words if word.startswith("--") and "=" in word)
    probe = Celery(set_as_current=False)
    probe.conf.task_queues = [Queue(queue, routing_key=queue) for queue in QUEUES]
    if "--queues" in given:
        probe.amqp.queues.select(given["--queues"].split(","))
    if "--exclude-queues" in given:
        probe.amqp.queues.deselect(given["--exclude-queues"].split(","))
    return set(probe.amqp.queues.consume_from)


def test_what_waits_for_foreign_servers_has_a_worker_of_its_own():
    assert queues_of("outbound") == {OUTBOUND}
    assert queues_of("worker") == set(QUEUES) - {OUTBOUND}
    words = command(Settings(), "outbound")
    assert "--concurrency=1" in words


def test_a_server_of_another_name_is_refused():
    done = subprocess.run(
        [sys.executable, "run.py", "mail"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    known = "web, worker, outbound, beat, or none"
    assert done.stderr == f"accord: mail is no server: name one of {known}.\n"


def test_a_server_takes_the_place_of_run_py():
    done = subprocess.run(
        [sys.executable, "run.py", "web", "--help"],
        cwd=ROOT, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert done.returncode == 0
    assert "--blocking-threads" in done.stdout


def test_a_server_leaves_the_figures_of_a_living_one_alone(tmp_path: Path):
    settings = replace(Settings(), home=tmp_path)
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = {"living": os.getppid(), "dead": ended.pid, "own": os.getpid()}
    base = settings.figures_of("web")
    folders = {name: base.with_name(f"{base.name}-{pid}") for name, pid in names.items()}
    for folder in folders.values():
        folder.mkdir(parents=True)
        (folder / "counter_1.db").touch()
    assert figures(settings, "web") == {"PROMETHEUS_MULTIPROC_DIR": str(folders["own"])}
    assert (folders["living"] / "counter_1.db").exists()
    assert not folders["dead"].exists()
    assert list(folders["own"].iterdir()) == []


def test_production_serves_nothing_before_the_migration(tmp_path: Path, redis_url: str):
    environ = {
        "PATH": os.environ["PATH"],
        "ACCORD_ENV": "production",
        "ACCORD_HOME": str(tmp_path),
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "ENCRYPTION_KEYS": Fernet.generate_key().decode(),
        "METRICS_TOKEN": secrets.token_urlsafe(),
        "PUBLIC_URL": "https://accord.example.org",
        "TRUSTED_HOSTS": "accord.example.org",
        "TRUSTED_PROXIES": "1",
        "SMTP_URL": "smtp://127.0.0.1:9",
    }

    def start(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120,
        )  # fmt: skip

    refused = start("run.py", "worker", "--help")
    assert refused.returncode == 1
    assert refused.stdout == ""
    assert refused.stderr.startswith("accord: DATABASE_URL is a database at migration None")
    assert refused.stderr.count("\n") == 1
    direct = start("-m", "celery", "-A", "celery_worker:celery_app", "worker", "--help")
    assert "db upgrade" in direct.stdout + direct.stderr

    assert start("-m", "flask", "--app", "app", "db", "upgrade").returncode == 0
    assert start("run.py", "worker", "--help").returncode == 0
