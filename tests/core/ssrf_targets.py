"""Places that a server must never be talked into asking, in every spelling that is known."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import IPv4Address, IPv4Network, IPv6Address

_INSIDE_4 = (
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24"
    " 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24"
    " 224.0.0.0/4 240.0.0.0/4"
).split()
_METADATA = "169.254.169.254 100.100.100.200 168.63.129.16 192.0.0.192 169.254.170.2".split()
_INSIDE_6 = (
    ":: ::1 fc00::1 fd00::1 fd00:ec2::254 fdff:ffff::1 fe80::1 febf::1 fec0::1 ff02::1 ff0e::1"
    " 100::1 2001:db8::1 2001:10::1 2001:20::1 2001:2::1 3fff::1 5f00::1 4000::1 64:ff9b:1::1"
    " 2620:4f:8000::1 fe80::1%eth0 ::ffff:0:127.0.0.1"
).split()
_NAMES = (
    "localhost LOCALHOST localhost. localhost.localdomain app.localhost ip6-localhost redis"
    " postgres metadata metadata.google.internal instance-data.ec2.internal printer.local"
    " router.lan wiki.corp db.intranet nas.home gateway.home.arpa hidden.onion shop.example"
    " example.com www.example.org nothing.invalid server.test kubernetes.default.svc.cluster.local"
    " 1.0.0.127.in-addr.arpa"
).split()


def inside_4() -> list[str]:
    """IPv4 addresses that are not public: both ends and the middle of each network."""
    found: list[str] = []
    for text in _INSIDE_4:
        network = IPv4Network(text)
        found += [str(network[0]), str(network[network.num_addresses // 2]), str(network[-1])]
    return list(dict.fromkeys([*found, *_METADATA, "127.0.0.1", "10.0.0.1", "192.168.1.1"]))


def embedded(address: str) -> Iterator[str]:
    """IPv6 addresses that carry an IPv4 address: each way of reaching IPv4 from IPv6."""
    number = int(IPv4Address(address))
    for high in (
        0xFFFF << 32,  # mapped
        0,  # compatible
        0x0064_FF9B << 96,  # NAT64
        0x0064_FF9B_0001 << 80,  # local NAT64
        (0x2002 << 112) | (number << 80),  # 6to4
        (0x2001_0000 << 96) | (number << 64),  # Teredo, its server
        (0x2600_1F00 << 96) | (0x0000_5EFE << 32),  # ISATAP
        (0x2600_1F00 << 96) | (0x0200_5EFE << 32),
    ):
        yield str(IPv6Address(high | number))
    yield str(IPv6Address((0x2001_0000 << 96) | (number ^ 0xFFFF_FFFF)))  # Teredo, its client


def spelled(address: str) -> Iterator[str]:
    """The spellings of an IPv4 address that some library or other reads as one."""
    number = int(IPv4Address(address))
    parts = address.split(".")
    yield str(number)
    yield hex(number)
    yield f"0{number:o}"
    yield ".".join(hex(int(part)) for part in parts)
    yield ".".join(f"0{int(part):o}" for part in parts)
    yield ".".join(f"{int(part):03d}" for part in parts)
    yield f"{parts[0]}.{number & 0xFFFFFF}"
    yield f"{parts[0]}.{parts[1]}.{number & 0xFFFF}"
    yield f"{address}."
    yield "".join(chr(ord("０") + int(sign)) if sign.isdigit() else sign for sign in address)
    yield "".join("①②③④⑤⑥⑦⑧⑨"[int(s) - 1] if s in "123456789" else s for s in address)
    yield address.replace(".", "。")


def addresses() -> list[str]:
    """Every address, as a resolver could answer it."""
    four = inside_4()
    return [*four, *_INSIDE_6, *(six for address in four[::2] for six in embedded(address))]


def hosts() -> list[str]:
    """Every host, as a URL could carry it."""
    bracketed = [f"[{address}]" if ":" in address else address for address in addresses()]
    odd = [text for address in ("127.0.0.1", "169.254.169.254") for text in spelled(address)]
    return [*bracketed, *odd, "[::ffff:7f00:1]", "0", "127.1", *_NAMES]


PUBLIC = (
    "1.1.1.1 8.8.8.8 93.184.216.34 172.15.255.255 172.32.0.1 100.63.255.255 100.128.0.1 11.0.0.1"
    " 198.17.255.255 223.255.255.254 2606:4700:4700::1111 2a00:1450:4001:82a::200e 2620:fe::fe"
).split()
