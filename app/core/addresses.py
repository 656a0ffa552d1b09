"""Which addresses count as one place."""

from __future__ import annotations

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network

from flask import request

_ONE_LINE = 64  # bits: what one IPv6 line has to itself


def place() -> str:
    """Where the request comes from, as rate limits count it."""
    return place_of(request.remote_addr or "")


@lru_cache(maxsize=4096)
def place_of(address: str) -> str:
    """An IPv4 address by itself, an IPv6 one as its /64: whoever has one has all of them."""
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address):
        if found.ipv4_mapped is not None:
            return str(found.ipv4_mapped)
        return str(ip_network((found, _ONE_LINE), strict=False))
    return str(found)
