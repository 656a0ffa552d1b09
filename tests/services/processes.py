"""Start a real process for the tests, wait for it, and leave none behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from run import die_with_parent

ROOT = Path(__file__).resolve().parents[2]


def spawn(
    command: Sequence[str | os.PathLike[str]],
    log: Path,
    *,
    environ: Mapping[str, str] | None = None,
    user: int | None = None,
    death_signal: int = signal.SIGKILL,
) -> subprocess.Popen[bytes]:
    """A process in a session of its own that ends with this one; its output goes to `log`."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=ROOT if user is None else "/",
            env=environ,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=user,
            preexec_fn=lambda: die_with_parent(death_signal),
        )


def stop(
    process: subprocess.Popen[bytes], signum: int = signal.SIGTERM, within: float = 10
) -> None:
    """End a process that `spawn` started, with all of its session."""
    if process.poll() is None:
        process.send_signal(signum)
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait()


def wait_until(
    condition: Callable[[], bool], what: str, *, within: float = 30, log: Path | None = None
) -> None:
    """Return once `condition` holds; fail with the end of `log` when it does not in time."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            tail = log.read_text(errors="replace")[-3000:] if log and log.exists() else ""
            raise AssertionError(f"waited {within:.0f} s for {what}\n{tail}")
        time.sleep(0.02)


def free_port() -> int:
    """A TCP port of the loopback that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port: int = server.getsockname()[1]
    return port


def accepts(address: str | tuple[str, int]) -> bool:
    """Whether somebody accepts connections at a socket path or a host and port."""
    family = socket.AF_UNIX if isinstance(address, str) else socket.AF_INET
    with socket.socket(family) as connection:
        return connection.connect_ex(address) == 0
