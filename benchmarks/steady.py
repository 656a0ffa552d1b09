"""A steady rate of requests, whether or not the server keeps up with it.

Every request has a moment at which it is due, and its time counts from there: one that waits for
the answer before it has waited too. A loader that sends the next one only after an answer leaves
out the very requests that would have been slow.
"""

from __future__ import annotations

import re
import socket
import statistics
import threading
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Steady:
    """What a steady rate met: p99 in milliseconds, and how many requests were answered by a 302."""

    p99: float
    answered: int


def ask_steadily(url: str, agent: str, *, rate: int, seconds: int, connections: int = 32) -> Steady:
    """Ask `rate` times a second over `connections`, each in its turn.

    Raises RuntimeError when the server answers with anything but a 302.
    """
    where = urlsplit(url)
    request = (
        f"GET {where.path} HTTP/1.1\r\nHost: {where.netloc}\r\nUser-Agent: {agent}\r\n\r\n"
    ).encode()
    begun = time.perf_counter() + 0.05
    took: list[float] = []
    failed: list[Exception] = []

    def client(number: int) -> None:
        try:
            with socket.create_connection((where.hostname, where.port), timeout=60) as connection:
                for due in range(number, rate * seconds, connections):
                    _wait_for(begun + due / rate)
                    _ask(connection, request)
                    took.append(time.perf_counter() - begun - due / rate)
        except (OSError, RuntimeError) as error:
            failed.append(error)

    threads = [threading.Thread(target=client, args=(number,)) for number in range(connections)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(f"{url}: {failed[0]}") from failed[0]
    return Steady(statistics.quantiles(took, n=100)[98] * 1000, len(took))


def _wait_for(moment: float) -> None:
    left = moment - time.perf_counter()
    if left > 0:
        time.sleep(left)


def _ask(connection: socket.socket, request: bytes) -> None:
    """Send a request and read its answer whole."""
    connection.sendall(request)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _more(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    length = _LENGTH.search(head)
    if not head.startswith(b"HTTP/1.1 302") or length is None:
        raise RuntimeError(f"no redirect: {head[:80]!r}")
    missing = int(length[1]) - len(body)
    while missing > 0:
        missing -= len(_more(connection))


def _more(connection: socket.socket) -> bytes:
    found = connection.recv(65536)
    if not found:
        raise RuntimeError("the connection was closed")
    return found
