"""Connections to the outside: looked up once, every address looked at, and held to a deadline.

This is the network of the HTTP library: it hands over the name of each connection, so there is no
way around the look-up, and TLS still verifies that name while the socket goes to the address.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

import httpcore

from app.core.egress_addresses import is_public, is_reserved
from app.core.egress_errors import AddressRefused, CertificateRefused, NameNotFound, TimedOut

Resolve = Callable[[str, int], list[str]]

MOST_ADDRESSES = 4
WRITTEN_AT_ONCE = 16 * 1024


def look_up(host: str, port: int) -> list[str]:
    """The addresses of a host by the system's resolver, in its order. Raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class Deadline:
    """A moment that a whole exchange must not pass, and the most that one step may take."""

    def __init__(self, total: float, step: float) -> None:
        self._at = time.monotonic() + total
        self._step = step

    def left(self) -> float:
        """Seconds for the next step. Raises TimedOut when there are none."""
        left = self._at - time.monotonic()
        if left <= 0:
            raise TimedOut("The whole exchange took too long.")
        return min(left, self._step)


class GuardedNetwork(httpcore.NetworkBackend):
    """Connects to public addresses alone; hosts that are `trusted` (host:port) to any."""

    def __init__(
        self,
        deadline: Deadline,
        trusted: frozenset[str],
        resolve: Resolve,
        network: httpcore.NetworkBackend,
    ) -> None:
        self._deadline = deadline
        self._trusted = trusted
        self._resolve = resolve
        self._network = network

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """A connection to one of the host's addresses, each of which is allowed."""
        failed: Exception = NameNotFound(f"{host} has no address.")
        for address in self._addresses(host, port)[:MOST_ADDRESSES]:
            try:
                stream = self._network.connect_tcp(address, port, self._deadline.left())
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
            else:
                return _TimedStream(stream, self._deadline)
        raise failed

    def _addresses(self, host: str, port: int) -> list[str]:
        trusted = place(host, port) in self._trusted
        if not trusted and is_reserved(host):
            raise AddressRefused(f"{host} is not on the public internet.")
        found = _in_time(lambda: self._resolve(host, port), self._deadline.left(), host)
        if not trusted and not all(map(is_public, found)):
            raise AddressRefused(f"{host} is not on the public internet.")
        return found


class _TimedStream(httpcore.NetworkStream):
    """A stream whose every step ends at the deadline, however little comes at a time."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        for start in range(0, len(buffer), WRITTEN_AT_ONCE):
            self._stream.write(buffer[start : start + WRITTEN_AT_ONCE], self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        try:
            secured = self._stream.start_tls(ssl_context, server_hostname, self._deadline.left())
        except httpcore.ConnectError as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise CertificateRefused("The certificate is not valid for this host.") from error
            raise
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def place(host: str, port: int) -> str:
    """A host and a port as the settings write them."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"


def _in_time(work: Callable[[], list[str]], seconds: float, host: str) -> list[str]:
    # The system's resolver takes no time limit: it answers from a thread that may be left behind.
    found: list[list[str]] = []
    failed: list[Exception] = []

    def run() -> None:
        try:
            found.append(work())
        except Exception as error:
            failed.append(error)

    thread = threading.Thread(target=run, name="look-up", daemon=True)
    thread.start()
    thread.join(seconds)
    if found:
        return found[0]
    if not failed:
        raise TimedOut(f"Looking up {host} took too long.")
    if isinstance(failed[0], OSError | UnicodeError):
        raise NameNotFound(f"{host} has no address.") from failed[0]
    raise failed[0]
