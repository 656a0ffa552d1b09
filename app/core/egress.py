"""The one way out: HTTP to hosts that others name (collectors, webhooks, checks of links).

http and https on ports 80 and 443 to addresses of the public internet, looked up once a hop and
connected to as found; Host and certificate keep the name. No proxies or credentials from the
environment or the URL, redirects by choice and each looked at like the first request, everything
within 10 seconds and 1 MiB. `EGRESS_HOSTS` names host:port places that development and tests may
reach besides; production refuses that setting. Never inside a transaction, which it would hold
open for as long as somebody else's server likes.
"""

from __future__ import annotations

import re
import ssl
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

import httpcore
import httpx
from flask import has_app_context

from app.core.egress_connections import Deadline, GuardedNetwork, Resolve, look_up, place
from app.core.egress_errors import (
    ConnectionFailed,
    EgressError,
    RequestRefused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    UnreadableAnswer,
    UrlRefused,
)
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import in_unit_of_work

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
MOST_BYTES = 1024 * 1024
MOST_REDIRECTS = 5
LONGEST_URL = 2000
PORTS = {"http": 80, "https": 443}
REDIRECTS = {301, 302, 303, 307, 308}
AGENT = "Accord/1"
_HOST = re.compile(r"[a-z0-9_-]+(\.[a-z0-9_-]+)*|[0-9a-f:.]*:[0-9a-f:.]*")
# Python knows more, some of which take minutes for a megabyte.
_CHARSETS = re.compile(
    r"us-ascii|utf-?8|utf-16(le|be)?|iso-8859-([1-9]|1[013-6])|windows-125[0-8]|koi8-[ru]"
    r"|shift_jis|euc-(jp|kr)|gb(k|2312|18030)|big5"
)


@dataclass(frozen=True)
class Answer:
    """What a server said; `url` is the address that answered, after `redirects` redirects."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    complete: bool = True
    redirects: int = 0

    @property
    def media_type(self) -> str:
        """The type of the body in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def text(self) -> str:
        """The body as text, by the answer's charset or as UTF-8; what cannot be read shows as �."""
        _, _, named = self.headers.get("content-type", "").lower().partition("charset=")
        charset = named.partition(";")[0].strip(" \"'")
        known = _CHARSETS.fullmatch(charset)
        return self.body.decode(charset if known else "utf-8", "replace")


@dataclass(frozen=True)
class Egress:
    """A way out with its limits; `fetch` of this module is the one of the running instance."""

    trusted: frozenset[str] = frozenset()
    resolve: Resolve = look_up
    network: httpcore.NetworkBackend = field(default_factory=httpcore.SyncBackend)
    certificates: ssl.SSLContext | None = None
    connect_seconds: float = CONNECT_SECONDS
    total_seconds: float = TOTAL_SECONDS
    most_bytes: int = MOST_BYTES

    def fetch(
        self,
        url: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        content: bytes = b"",
        follow: bool = False,
        cut: bool = False,
    ) -> Answer:
        """Send one request and return the answer, whatever its status.

        `follow` goes after redirects (of a GET or HEAD without a body), `cut` keeps the first
        bytes of a body that is too large and marks it as not `complete`. Raises EgressError.
        """
        _require_no_transaction()
        if follow and (method not in ("GET", "HEAD") or content):
            raise ValueError("only a GET or HEAD without a body follows redirects")
        deadline = Deadline(self.total_seconds, self.connect_seconds)
        target = self._allowed(url)
        sent = dict(headers or {})
        for hop in range(MOST_REDIRECTS + 1):
            with _own_errors():
                answer = self._exchange(target, method, sent, content, deadline, cut, hop)
            location = answer.headers.get("location")
            if not (follow and answer.status in REDIRECTS and location):
                return answer
            before, target = target, self._allowed(_joined(target, location))
            if _origin(before) != _origin(target):
                # What was meant for one server is not told to another.
                sent = {}
        raise TooManyRedirects(f"{target.host} redirects more than {MOST_REDIRECTS} times.")

    def _allowed(self, text: str) -> httpx.URL:
        """A URL that may be asked for; where it leads is looked at when connecting."""
        url = _parsed(text)
        port = url.port or PORTS.get(url.scheme, 0)
        if url.scheme not in PORTS or not url.host:
            raise UrlRefused("Give an address that starts with http:// or https://.")
        if url.userinfo:
            raise UrlRefused("Give an address without a user name or password.")
        host = url.raw_host.decode("ascii").lower().rstrip(".")
        if port not in PORTS.values() and place(host, port) not in self.trusted:
            raise UrlRefused(f"Port {port} is not allowed: only 80 and 443 are.")
        if not _HOST.fullmatch(host):
            raise UrlRefused("Give an address with a host name.")
        return url.copy_with(host=host, fragment=None)

    def _exchange(
        self,
        url: httpx.URL,
        method: str,
        headers: dict[str, str],
        content: bytes,
        deadline: Deadline,
        cut: bool,
        hop: int,
    ) -> Answer:
        network = GuardedNetwork(deadline, self.trusted, self.resolve, self.network)
        target = httpcore.URL(
            scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path
        )
        sent = {
            "user-agent": AGENT,
            **{name.lower(): value for name, value in headers.items()},
            "host": url.netloc.decode("ascii"),
            "accept-encoding": "gzip",
            "connection": "close",
        }
        with (
            httpcore.ConnectionPool(
                ssl_context=self.certificates or _certificates(),
                max_connections=1,
                retries=0,
                network_backend=network,
            ) as pool,
            pool.stream(method, target, headers=list(sent.items()), content=content) as response,
        ):
            seen = httpx.Headers(response.headers)
            expected = method != "HEAD" and response.status not in (204, 304)
            body, complete = self._body(response, seen, cut) if expected else (b"", True)
        return Answer(str(url), response.status, seen, body, complete, hop)

    def _body(
        self, response: httpcore.Response, headers: httpx.Headers, cut: bool
    ) -> tuple[bytes, bool]:
        body = bytearray()
        for piece in _unpacked(response, headers.get("content-encoding", ""), self.most_bytes + 1):
            body += piece
            if len(body) > self.most_bytes:
                if not cut:
                    raise TooLarge(f"The answer is larger than {self.most_bytes} bytes.")
                return bytes(body[: self.most_bytes]), False
        return bytes(body), True


def fetch(
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
    follow: bool = False,
    cut: bool = False,
) -> Answer:
    """`Egress.fetch` of the running instance. Raises EgressError."""
    hosts = frozenset(host.lower() for host in settings().egress_hosts)
    return Egress(trusted=hosts).fetch(
        url, method=method, headers=headers, content=content, follow=follow, cut=cut
    )


def _unpacked(response: httpcore.Response, encoding: str, most: int) -> Iterator[bytes]:
    """The body in pieces of at most `most` bytes: a small one that unpacks to gigabytes ends the
    reading as soon as it has become too large."""
    pieces = response.iter_stream()
    packing = encoding.strip().lower()
    if packing in ("", "identity"):
        yield from pieces
        return
    if packing not in ("gzip", "x-gzip"):
        raise UnreadableAnswer("The answer is packed in a way that was not asked for.")
    unpacker = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    empty = True
    for piece in pieces:
        rest = piece
        empty = empty and not piece
        while rest and not unpacker.eof:
            yield unpacker.decompress(rest, most)
            rest = unpacker.unconsumed_tail
    if not (empty or unpacker.eof):
        raise UnreadableAnswer("The answer broke off.")


def _parsed(text: str) -> httpx.URL:
    if len(text) > LONGEST_URL:
        raise UrlRefused(f"The address is longer than {LONGEST_URL} characters.")
    try:
        return httpx.URL(text)
    except (httpx.InvalidURL, ValueError) as error:
        raise UrlRefused("This is no address.") from error


def _joined(url: httpx.URL, location: str) -> str:
    try:
        return str(url.join(location))
    except (httpx.InvalidURL, ValueError) as error:
        raise UrlRefused("The redirect leads to no address.") from error


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port


@cache
def _certificates() -> ssl.SSLContext:
    return httpx.create_ssl_context()


@contextmanager
def _own_errors() -> Iterator[None]:
    """The library's errors as ours."""
    try:
        yield
    except EgressError:
        raise
    except httpcore.TimeoutException as error:
        raise TimedOut("The server took too long.") from error
    except (httpcore.LocalProtocolError, httpcore.UnsupportedProtocol) as error:
        raise RequestRefused("This request cannot be sent.") from error
    except (httpcore.ProtocolError, zlib.error) as error:
        raise UnreadableAnswer("The answer cannot be read.") from error
    except (httpcore.NetworkError, OSError) as error:
        raise ConnectionFailed("The server cannot be reached.") from error


def _require_no_transaction() -> None:
    if in_unit_of_work() or (has_app_context() and db.session().in_transaction()):
        raise RuntimeError("a request to the outside inside a transaction")
