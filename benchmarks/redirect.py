"""Requests a second of GET /r/{code}, against nginx `return 302` on the same cores.

wrk with 32 connections, in turn, at least 5 rounds; p99 at a steady 1,000 a second, waiting counted
in (steady.py). The redirect is the web server as `run.py web` starts it; a first version as it is
often written (naive_redirect.py) runs beside it. After the rounds every answered click must stand
in the logs. Needs nginx and wrk (`apt-get install nginx-light wrk`).
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from app import create_app
from app.attribution.click_log import folder_of
from app.core.extensions import db
from app.core.models import Base
from benchmarks import naive_redirect
from benchmarks.harness import RESULTS
from benchmarks.steady import ask_steadily
from config import ROOT, Settings
from run import GRANIAN
from tests.factories.links import BROWSER, make_link
from tests.services import redis
from tests.services.processes import free_port, spawn, stop, wait_until

CONNECTIONS = 32
STEADY = 1_000  # requests a second
NGINX = """
daemon off; worker_processes 2; pid {home}/nginx.pid; error_log {home}/nginx.log crit;
events {{ worker_connections 1024; }}
http {{
  access_log off; client_body_temp_path {home}; proxy_temp_path {home};
  fastcgi_temp_path {home}; uwsgi_temp_path {home}; scgi_temp_path {home};
  server {{ listen 127.0.0.1:{port}; location / {{ return 302 https://shop.example/tea; }} }}
}}
"""
# What the first version cannot keep up with, it is not asked for.
NAIVE_STEADY = 20
NAIVE = "naive view"
SECRET = "benchmarks-only-" * 3
BARS = {"100ms": 0.35, "group": 0.12}
BEATS_NAIVE = 40  # times its requests a second


@dataclass
class Contender:
    """A server that answers with 302, and what was measured of it."""

    url: str
    steady: int = STEADY
    rates: list[float] = field(default_factory=list)
    steady_p99: list[float] = field(default_factory=list)
    answered: int = 0

    def round(self, seconds: int) -> None:
        """One round: as many as possible, then a steady rate."""
        rate, answered = _wrk(self.url, seconds)
        self.rates.append(rate)
        steady = ask_steadily(
            self.url, BROWSER, rate=self.steady, seconds=seconds, connections=CONNECTIONS
        )
        self.steady_p99.append(steady.p99)
        self.answered += answered + steady.answered


def run(rounds: int = 5, seconds: int = 3) -> None:
    """Measure nginx and the redirect with each durability, in turn."""
    missing = [name for name in ("nginx", "wrk") if shutil.which(name) is None]
    if missing:
        print(f"\nGET /r/{{code}}: left out, {' and '.join(missing)} is not there", file=sys.stderr)
        return
    broker = redis.start()
    try:
        with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
            home = Path(folder)
            contenders = {"nginx return 302": Contender(stack.enter_context(_nginx(home)))}
            homes = {}
            for durability in ("page", "100ms", "group"):
                homes[durability] = home / durability
                server = _redirect(homes[durability], broker.url, durability)
                contenders[durability] = Contender(stack.enter_context(server))
            naive = stack.enter_context(_naive(home))
            contenders[NAIVE] = Contender(naive, steady=NAIVE_STEADY)
            for contender in contenders.values():
                _wrk(contender.url, 1)
            before = {name: _lines(place) for name, place in homes.items()}
            for _ in range(rounds):
                for contender in contenders.values():
                    contender.round(seconds)
            lost = {
                name: max(0, contenders[name].answered - (_lines(place) - before[name]))
                for name, place in homes.items()
            }
        _report(contenders, lost)
    finally:
        broker.stop()


@contextmanager
def _nginx(home: Path) -> Iterator[str]:
    port = free_port()
    config = home / "nginx.conf"
    config.write_text(NGINX.format(home=home, port=port))
    log = home / "nginx.log"
    server = spawn(["nginx", "-p", str(home), "-c", str(config)], log)
    try:
        yield _waited(f"http://127.0.0.1:{port}/", log)
    finally:
        stop(server)


@contextmanager
def _redirect(home: Path, broker: str, durability: str) -> Iterator[str]:
    home.mkdir()
    port, database = free_port(), f"sqlite:///{home / 'accord.db'}"
    settings = replace(
        Settings(env="test", secret_key=SECRET, rate_limits=False),
        home=home, database_url=database, redis_url=broker, limiter_storage_url="memory://",
    )  # fmt: skip
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        path = make_link().path
        db.session.remove()
        db.engine.dispose()
    environ = {
        **os.environ, "ACCORD_ENV": "test", "ACCORD_HOME": str(home), "DATABASE_URL": database,
        "REDIS_URL": broker, "SECRET_KEY": SECRET, "CLICK_DURABILITY": durability,
        "HOST": "127.0.0.1", "PORT": str(port),
    }  # fmt: skip
    log = home / "web.log"
    server = spawn([sys.executable, str(ROOT / "run.py"), "web"], log, environ=environ)
    try:
        yield _waited(f"http://127.0.0.1:{port}{path}", log)
    finally:
        stop(server)


@contextmanager
def _naive(home: Path) -> Iterator[str]:
    port, database = free_port(), f"sqlite:///{home / 'naive.db'}"
    naive_redirect.fill(database, "tea", "https://shop.example/tea")
    log = home / "naive.log"
    words = "benchmarks.naive_redirect:make --interface wsgi --factory --no-ws --workers 2"
    server = spawn(
        [*GRANIAN, *words.split(), "--host", "127.0.0.1", "--port", str(port)],
        log,
        environ={**os.environ, "NAIVE_DATABASE": database},
    )
    try:
        yield _waited(f"http://127.0.0.1:{port}/r/tea", log)
    finally:
        stop(server)


def _waited(url: str, log: Path) -> str:
    ask = ["curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "-A", BROWSER, url]

    def answers() -> bool:
        done = subprocess.run(ask, capture_output=True, text=True, check=False)
        return done.stdout == "302"

    wait_until(answers, url, within=120, log=log)
    return url


def _wrk(url: str, seconds: int) -> tuple[float, int]:
    """Requests that were redirected a second, and all in all."""
    words = ("wrk", "-t2", f"-c{CONNECTIONS}", f"-d{seconds}s")
    done = subprocess.run(
        [*words, "-H", f"User-Agent: {BROWSER}", url], capture_output=True, text=True, check=True
    )
    rate = re.search(r"Requests/sec: +([\d.]+)", done.stdout)
    answered = re.search(r"(\d+) requests in", done.stdout)
    if not (rate and answered):
        raise RuntimeError(done.stdout)
    failed = re.search(r"Non-2xx or 3xx responses: (\d+)", done.stdout)
    right = int(answered[1]) - (int(failed[1]) if failed else 0)
    return float(rate[1]) * right / max(1, int(answered[1])), right


def _lines(home: Path) -> int:
    time.sleep(0.2)
    folder = folder_of(replace(Settings(), home=home))
    return sum(path.read_bytes().count(b"\n") for path in folder.glob("*.clicks"))


def _report(contenders: dict[str, Contender], lost: dict[str, int]) -> None:
    """Print a table and keep it in results.json, beside what other benchmarks kept."""
    floor = next(iter(contenders.values()))
    rate, p99 = statistics.median(floor.rates), statistics.median(floor.steady_p99)
    table = {}
    print(f"\nGET /r/{{code}}\n{'':24}{'requests/s':>12}{'ratio':>8}{'p99 ms, steady':>20}")
    for name, contender in contenders.items():
        mine, steady = statistics.median(contender.rates), statistics.median(contender.steady_p99)
        table[name] = {
            "requests_per_second": round(mine),
            "ratio": round(mine / rate, 3),
            f"p99_ms_at_{contender.steady}": round(steady, 2),
            "answered": contender.answered,
            "lost": lost.get(name, 0),
        }
        if contender.steady == STEADY:
            table[name]["p99_ratio"] = round(steady / p99, 2)
        bar = BARS.get(name)
        verdict = f"  {'reaches' if mine / rate >= bar else 'MISSES'} {bar}" if bar else ""
        print(f"  {name:22}{mine:12,.0f}{mine / rate:8.3f}{steady:20.2f}{verdict}")
    times = table["100ms"]["requests_per_second"] / table[NAIVE]["requests_per_second"]
    verdict = "reaches" if times >= BEATS_NAIVE else "MISSES"
    print(f"  100ms is {times:.0f} times the {NAIVE}  {verdict} {BEATS_NAIVE}")
    print(f"  answered clicks that are in no log: {sum(lost.values())}")
    kept = json.loads(RESULTS.read_text()) if RESULTS.is_file() else {}
    kept["GET /r/{code}, 32 connections"] = table
    RESULTS.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n")
