"""Names of hosts as they are compared: lower case and in ASCII (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterable

import idna

LONGEST_HOST = 253
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_NUMBER = re.compile(r"\d+|0x[0-9a-f]*")


def plain_host(text: str, *, public: bool = True) -> str | None:
    """The host that browsers would ask for `text`; None for what is no name of a host.

    Capitals, wide letters and scripts other than Latin come out as browsers write them (IDNA,
    UTS 46). With `public` a name needs a dot and may not be an address of numbers.
    """
    try:
        host = idna.encode(text, uts46=True, transitional=False).decode().lower()
    except (idna.IDNAError, UnicodeError):
        return None
    labels = host.split(".")
    if len(host) > LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if public and (len(labels) < 2 or _NUMBER.fullmatch(labels[-1])):
        return None
    return host


def covers(domains: Iterable[str], host: str) -> bool:
    """Whether `host` is one of `domains` or lies below one; all of them plain."""
    return any(host == domain or host.endswith("." + domain) for domain in domains)
