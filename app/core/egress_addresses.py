"""Which hosts and addresses the outside is made of.

`ipaddress.is_global` is not enough: it calls NAT64 and 6to4 forms of a loopback address global. So
an address must be global and outside an explicit list; of IPv6 only 2000::/3 is allowed at all,
which leaves out mapped and compatible IPv4, NAT64, unique local and link-local addresses.
"""

from __future__ import annotations

from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
)

_DENIED_4 = tuple(
    IPv4Network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # shared by carriers; 100.100.100.200 tells a machine's secrets
        "127.0.0.0/8",
        "168.63.129.16/32",  # answers machines of one cloud alone
        "169.254.0.0/16",  # 169.254.169.254 tells a machine's secrets
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
_DENIED_6 = tuple(
    IPv6Network(text)
    for text in (
        "2001::/23",  # Teredo, ORCHID and other protocols' own
        "2001:db8::/32",
        "2002::/16",  # 6to4: an IPv4 address inside
        "2620:4f:8000::/48",
        "3fff::/20",
    )
)
# ISATAP carries an IPv4 address behind these 32 bits of the interface part.
_ISATAP = (0x00005EFE, 0x02005EFE)

# Names that never belong to the public internet (RFC 2606, 6761, 6762, 7686, 8375 and habit).
_RESERVED = (
    "alt",
    "arpa",
    "corp",
    "example",
    "example.com",
    "example.net",
    "example.org",
    "home",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localdomain",
    "localhost",
    "onion",
    "private",
    "test",
)


def is_public(address: str) -> bool:
    """Whether an IP address, in the spelling of a resolver, is one of the public internet's."""
    try:
        found = ip_address(address)
    except (ValueError, AddressValueError):
        return False
    if isinstance(found, IPv4Address):
        return found.is_global and not any(found in network for network in _DENIED_4)
    return _is_public_6(found)


def _is_public_6(address: IPv6Address) -> bool:
    if address.scope_id is not None or address not in _UNICAST_6 or not address.is_global:
        return False
    if (int(address) >> 32) & 0xFFFFFFFF in _ISATAP:
        return False
    return not any(address in network for network in _DENIED_6)


def is_reserved(host: str) -> bool:
    """Whether a host name, in lower case, can never be one of the public internet's.

    A name without a dot means another machine in each network; a last label that is a number is
    an address in a spelling that libraries read differently, unless it is the plain one.
    """
    if _is_address(host):
        return False
    labels = host.split(".")
    if len(labels) < 2 or not all(labels) or _is_number(labels[-1]):
        return True
    return any(host == name or host.endswith("." + name) for name in _RESERVED)


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _is_number(label: str) -> bool:
    return label.isdigit() or label.startswith("0x")
