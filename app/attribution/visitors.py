"""Who clicks, without knowing who: a random cookie, and a hash of the network (pure).

The id of a visitor is another for every sponsor, so that two shops cannot tell that the same person
came to both. The hash of a network has a key of its own each day, so that nobody can follow one
over days, or find addresses by trying them out later.
"""

from __future__ import annotations

import hmac
import re
import secrets
from functools import lru_cache
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network

from app.attribution.click_ids import VISITOR_LENGTH

COOKIE = "accord_visitor"
TEAM_COOKIE = "accord_team"
PATH = "/r/"
_COOKIE_VALUE = re.compile(r"[0-9a-f]{16}")
_PREFIX = {4: 24, 6: 48}
_MARK_LENGTH = 32


def cookie_in(header: str, name: str) -> str:
    """The value of a cookie in a Cookie header, empty without one."""
    for part in header.split(";"):
        key, _, value = part.strip().partition("=")
        if key == name:
            return value
    return ""


def new_cookie() -> str:
    """A fresh value of the visitor's cookie."""
    return secrets.token_hex(8)


def is_cookie(value: str) -> bool:
    """Whether a value may be one of ours."""
    return bool(_COOKIE_VALUE.fullmatch(value))


def visitor_of(key: bytes, cookie: str, sponsor_id: str) -> str:
    """The id under which a sponsor's clicks know the visitor with this cookie."""
    text = f"visitor\0{sponsor_id}\0{cookie}".encode()
    return blake2b(text, key=key, digest_size=VISITOR_LENGTH // 2).hexdigest()


@lru_cache(maxsize=8192)
def address_hash(key: bytes, address: str, day: int) -> str:
    """A keyed hash of the /24 or /48 that an address lies in, on a day (since 1970)."""
    text = f"address\0{day}\0{_network(address)}".encode()
    return blake2b(text, key=key, digest_size=8).hexdigest()


def _network(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    return str(ip_network((found, _PREFIX[found.version]), strict=False))


def team_mark(key: bytes, party_id: str) -> str:
    """The cookie that tells browsers of a sponsor's team, or of an influencer, from others."""
    return f"{party_id}.{_mark(key, party_id)}"


def party_of_mark(key: bytes, mark: str) -> str | None:
    """The sponsor or influencer that a mark names; None for what `team_mark` did not make."""
    party_id, _, signature = mark.rpartition(".")
    if not party_id or not signature.isascii():
        return None
    return party_id if hmac.compare_digest(signature, _mark(key, party_id)) else None


def _mark(key: bytes, party_id: str) -> str:
    return hmac.digest(key, f"team\0{party_id}".encode(), "sha256").hex()[:_MARK_LENGTH]
