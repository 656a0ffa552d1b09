"""A real Celery worker in a process of its own."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.services.processes import spawn, stop, wait_until


class CeleryWorker:
    """Started on creation, ready when it returns; `kill` is kill -9."""

    def __init__(self, environ: Mapping[str, str], log: Path, *, concurrency: int = 1) -> None:
        self.log = log
        self.environ = environ
        self.concurrency = concurrency
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> None:
        """Start it, again after `kill`."""
        before = self.log.stat().st_size if self.log.exists() else 0
        self.process = spawn(
            [sys.executable, "-m", "celery", "-A", "celery_worker:celery_app", "worker",
             f"--concurrency={self.concurrency}", "--without-gossip", "--without-mingle",
             "--without-heartbeat", "--loglevel=INFO"],
            self.log, environ=self.environ,
        )  # fmt: skip
        wait_until(
            lambda: b" ready." in self.log.read_bytes()[before:] or self._ended(),
            "the Celery worker",
            within=60,
            log=self.log,
        )

    def _ended(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the Celery worker ended:\n{self.log.read_text()[-3000:]}")
        return False

    def kill(self) -> None:
        """Kill it without warning, with its pool."""
        self.process.kill()
        stop(self.process)

    def stop(self) -> None:
        """End it as `run.py` would."""
        stop(self.process)
