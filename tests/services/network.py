"""No test reaches past this machine."""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

import pytest

LOCAL_NAMES = {"", "localhost", "localhost.localdomain"}


class OutsideConnectionError(RuntimeError):
    """A test tried to reach another machine."""


def is_local(host: object) -> bool:
    """Whether a host of a socket address is this machine."""
    if host is None:
        return True
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name.lower() in LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(name.partition("%")[0]).is_loopback
    except ValueError:
        return False


def forbid_outside(patch: pytest.MonkeyPatch) -> None:
    """Refuse connections and name look-ups that leave this machine."""

    def guard(name: str) -> None:
        original = getattr(socket.socket, name)

        def guarded(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            inet = self.family in (socket.AF_INET, socket.AF_INET6)
            if inet and not is_local(address[0]):
                self.close()
                raise OutsideConnectionError(f"a test may not {name} to {address}")
            return original(self, *arguments)

        patch.setattr(socket.socket, name, guarded)

    for name in ("connect", "connect_ex", "sendto"):
        guard(name)
    lookup = socket.getaddrinfo

    def guarded_lookup(host: Any, *arguments: Any, **more: Any) -> Any:
        if not is_local(host) and not _is_address(host):
            raise OutsideConnectionError(f"a test may not look up {host}")
        return lookup(host, *arguments, **more)

    patch.setattr(socket, "getaddrinfo", guarded_lookup)


def _is_address(host: Any) -> bool:
    try:
        ipaddress.ip_address(host if isinstance(host, str) else "")
    except ValueError:
        return False
    return True
