"""Where a link may lead, and what is added on the way (pure).

A target is taken apart by one strict pattern and written anew from its parts, so that no browser
reads it in another way than we do. What the pattern does not know is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from app.attribution.click_ids import PARAMETER
from app.brands.hosts import covers, plain_host

LONGEST_TARGET = 2000
# The signs that RFC 3986 allows in a path, a query and a fragment; the rest is written in percent.
_ALLOWED = "!$&'()*+,;=:@/?%-._~"
_URL = re.compile(
    r"(?P<scheme>https?)://(?P<host>[^\s/?#\\@:\[\]%<>\"'|^`{}]+)(?::(?P<port>[0-9]{1,5}))?"
    r"(?P<path>/[^?#\\\s]*)?(?:\?(?P<query>[^#\\\s]*))?(?:#(?P<fragment>[^#\\\s]*))?",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}
# A percent sign that starts no escape would be read in several ways.
_BAD_ESCAPE = re.compile(r"%(?![0-9a-fA-F]{2})")


@dataclass(frozen=True)
class Target:
    """An http(s) address in its parts, as browsers read them."""

    scheme: str
    host: str
    port: int | None
    path: str
    query: str
    fragment: str

    @property
    def origin(self) -> str:
        """Scheme, host and port."""
        port = "" if self.port is None else f":{self.port}"
        return f"{self.scheme}://{self.host}{port}"

    def __str__(self) -> str:
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.origin}{self.path}{query}{fragment}"


def parse(text: str, *, public: bool = True) -> Target | None:
    """The target that `text` names; None for what is no plain http(s) address.

    With `public` the host needs a dot and the port is the scheme's own.
    """
    found = _URL.fullmatch(text) if len(text) <= LONGEST_TARGET else None
    if found is None or not text.isprintable() or _BAD_ESCAPE.search(text):
        return None
    scheme = found["scheme"].lower()
    host = plain_host(found["host"], public=public)
    port = int(found["port"]) if found["port"] else None
    if port == _PORTS[scheme]:
        port = None
    if host is None or (port is not None and (public or not 0 < port < 65536)):
        return None
    try:
        rest = [quote(found[part] or "", safe=_ALLOWED) for part in ("path", "query", "fragment")]
    except UnicodeError:
        return None
    target = Target(scheme, host, port, rest[0] or "/", rest[1], rest[2])
    return target if len(str(target)) <= LONGEST_TARGET else None


def is_within(target: Target, domains: Iterable[str]) -> bool:
    """Whether the host of a target is one of `domains` or lies below one."""
    return covers(domains, target.host)


def around(target: Target, utm: Mapping[str, str]) -> tuple[str, str]:
    """What stands before and after the click id in the address that a visitor is sent to.

    `utm` replaces fields of the same name that the target has, and the click id an older one.
    """
    replaced = {*utm, PARAMETER}
    kept = [
        part for part in target.query.split("&") if part and part.partition("=")[0] not in replaced
    ]
    added = [urlencode(utm)] if utm else []
    query = "&".join([*kept, *added, f"{PARAMETER}="])
    fragment = f"#{target.fragment}" if target.fragment else ""
    return f"{target.origin}{target.path}?{query}", fragment
