"""A whole instance of Accord: `run.py` on a folder and a port of its own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import redis

from run import IMPORTANT
from tests.services.processes import ROOT, free_port, stop, wait_until


class Instance:
    """One `run.py`, without the demo and without a built page unless `environ` says otherwise."""

    def __init__(self, home: Path, *, port: int | None = None, **environ: str) -> None:
        self.home = home
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        page = home.parent / "page"
        page.mkdir(parents=True, exist_ok=True)
        (page / "index.html").write_text("<!doctype html><title>Accord</title>")
        services = ("DATABASE_URL", "REDIS_URL", "SMTP_URL", "ACCORD_ENV")
        inherited = {key: value for key, value in os.environ.items() if key not in services}
        self.environ = {
            **inherited,
            "ACCORD_HOME": str(home),
            "PORT": str(self.port),
            "FRONTEND_DIST": str(page),
            "ACCORD_SEED": "none",
            "DEMO_ACCOUNTS": "false",
            **environ,
        }
        self.output = home.parent / f"{home.name[:20]}.out"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def process(self) -> subprocess.Popen[bytes]:
        """The supervisor, once it was started."""
        assert self._process is not None
        return self._process

    def start(self) -> Instance:
        """Start it and wait until it says where it is."""
        before = self.text().count("Accord is at")
        with self.output.open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "run.py"],
                cwd=ROOT,
                env=self.environ,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        wait_until(
            lambda: self.text().count("Accord is at") > before or self.process.poll() is not None,
            "run.py to start",
            within=300,
            log=self.output,
        )
        assert self.process.poll() is None, self.text()
        return self

    def refused(self) -> str:
        """Start it where it must refuse, and return the one line that it says."""
        done = self.attempt()
        assert done.returncode == 1, done.stdout + done.stderr
        assert done.stdout == ""
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr

    def attempt(self) -> subprocess.CompletedProcess[str]:
        """Run it to its end, where that comes by itself."""
        return subprocess.run(
            [sys.executable, "run.py"],
            cwd=ROOT,
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def text(self) -> str:
        """What it said so far."""
        return self.output.read_text() if self.output.exists() else ""

    def complaints(self) -> str:
        """The errors of its logs, the last of each."""
        found = [
            f"{log.stem} | {line.decode(errors='replace')}"
            for log in sorted((self.home / "log").glob("*.log"))
            for line in [line for line in log.read_bytes().splitlines() if IMPORTANT.search(line)][
                -5:
            ]
        ]
        return "\n".join(found)

    def family(self) -> list[psutil.Process]:
        """The supervisor and everything that it started, directly or not."""
        supervisor = psutil.Process(self.process.pid)
        return [supervisor, *supervisor.children(recursive=True)]

    def call(
        self, path: str, body: dict[str, object] | None = None, *, host: str | None = None
    ) -> tuple[int, bytes]:
        """A request: GET, or POST with a body."""
        request = urllib.request.Request(
            f"{self.url}{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Host": host or f"127.0.0.1:{self.port}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as fault:
            with fault:
                return fault.code, fault.read()

    def ready(self) -> bool:
        """Whether it answers that it can work."""
        try:
            return self.call("/readyz")[0] == 200
        except OSError:
            return False

    def broker(self) -> redis.Redis:
        """A client of its private broker."""
        return redis.Redis(unix_socket_path=str(self.home / "run" / "valkey.sock"))

    def clean_up(self) -> None:
        """End it whatever happened."""
        if self._process is not None:
            stop(self._process, within=30)

    def end(self, signum: int = signal.SIGTERM) -> tuple[int, list[psutil.Process]]:
        """End it and return its exit code and what is still alive five seconds later."""
        family = self.family()
        self.process.send_signal(signum)
        code = self.process.wait(30)
        until = time.monotonic() + 5
        while (left := [one for one in family if alive(one)]) and time.monotonic() < until:
            time.sleep(0.1)
        return code, left


def alive(process: psutil.Process) -> bool:
    """Whether a process still runs; one that only waits to be reaped does not."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
