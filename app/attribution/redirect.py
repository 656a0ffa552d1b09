"""GET /r/{code}: a WSGI callable in front of the application, for the one path that must be fast.

It writes the click to the log of its worker and sends the visitor on; it counts nothing and knows
no rules beyond the raw facts that they need. Every other path goes to the application behind it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from app.attribution import click_ids, codes, link_pages, visitors
from app.attribution.click_log import (
    EXPIRED,
    HEAD,
    OWN_TEAM,
    PREFETCH,
    ClickLog,
    folder_of,
)
from app.attribution.click_rules import agent_words, is_prefetch
from app.attribution.lifecycle import LinkStatus
from app.attribution.link_table import KnownLink, Links
from app.core.extensions import db
from config import Settings

if TYPE_CHECKING:
    from flask import Flask

log = logging.getLogger(__name__)

DAY = 24 * 60 * 60 * 1000  # milliseconds
_STATUS = {
    302: "302 Found",
    404: "404 Not Found",
    405: "405 Method Not Allowed",
    410: "410 Gone",
    503: "503 Service Unavailable",
}
_COMMON = [
    ("Cache-Control", "no-store"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-Robots-Tag", "noindex, nofollow"),
]
_OF_PAGES = [
    ("Content-Type", "text/html; charset=utf-8"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]

Environ = dict[str, Any]
StartResponse = Callable[..., Any]


class Redirect:
    """The callable that granian serves."""

    def __init__(self, app: Flask) -> None:
        settings: Settings = app.config["ACCORD"]
        self.app = app
        self.key = click_ids.key_of(settings.secret_key)
        self.hops = settings.trusted_proxies or 0
        self.secure = "; Secure" if settings.cookie_secure else ""
        self.log = ClickLog(folder_of(settings), settings.click_durability)
        with app.app_context():
            self.links = Links(db.engine, public=settings.domain_checks)

    def __call__(self, environ: Environ, start_response: StartResponse) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if not path.startswith(visitors.PATH):
            return self.app(environ, start_response)
        method: str = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD"):
            return _page(start_response, 405, b"", ("Allow", "GET, HEAD"))
        answer = self._answer(path, method, environ, start_response)
        return () if method == "HEAD" else answer

    def _answer(
        self, path: str, method: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        code = codes.read(path[len(visitors.PATH) :])
        try:
            link = self.links.find(code) if code else None
        except SQLAlchemyError:
            log.exception("a link could not be looked up")
            return _page(start_response, 503, link_pages.UNAVAILABLE, ("Retry-After", "5"))
        if link is None:
            return _page(start_response, 404, link_pages.UNKNOWN)
        return self._follow(link, method, environ, start_response)

    def _follow(
        self, link: KnownLink, method: str, environ: Environ, start_response: StartResponse
    ) -> Iterable[bytes]:
        at = time.time_ns() // 1_000_000
        cookies: str = environ.get("HTTP_COOKIE", "")
        cookie = visitors.cookie_in(cookies, visitors.COOKIE)
        if not visitors.is_cookie(cookie):
            cookie = visitors.new_cookie()
        visitor = visitors.visitor_of(self.key, cookie, link.sponsor_id)
        leads = (
            link.status is LinkStatus.ACTIVE
            and bool(link.head)
            and (link.ends is None or at < link.ends)
        )
        flags = self._flags(link, method, environ, cookies) | (0 if leads else EXPIRED)
        self._write(link, at, visitor, flags, environ)
        if not leads:
            return _page(start_response, 410, link_pages.ENDED)
        click_id = click_ids.sign(self.key, link.link_id, at, visitor)
        headers = [("Location", f"{link.head}{click_id}{link.tail}"), ("Content-Length", "0")]
        if not flags:
            headers.append(("Set-Cookie", self._cookie(cookie, link.window)))
        start_response(_STATUS[302], headers + _COMMON)
        return [b""]

    def _flags(self, link: KnownLink, method: str, environ: Environ, cookies: str) -> int:
        """The raw facts that are yes or no."""
        flags = HEAD if method == "HEAD" else 0
        if is_prefetch(*(environ.get(name, "") for name in _PURPOSES)):
            flags |= PREFETCH
        if visitors.TEAM_COOKIE in cookies:
            mark = visitors.cookie_in(cookies, visitors.TEAM_COOKIE)
            party = visitors.party_of_mark(self.key, mark)
            if party is not None and party in (link.sponsor_id, link.influencer_id):
                flags |= OWN_TEAM
        return flags

    def _write(self, link: KnownLink, at: int, visitor: str, flags: int, environ: Environ) -> None:
        click = (
            link.link_id,
            at,
            visitor,
            visitors.address_hash(self.key, self._address(environ), at // DAY),
            _agent(environ.get("HTTP_USER_AGENT", "")),
            _host(environ.get("HTTP_REFERER", "")),
            flags,
        )
        try:
            self.log.write(click)
        except OSError:
            # A visitor is sent on all the same: the signed id lets an order still be credited.
            log.critical("a click could not be written", exc_info=True)

    def _address(self, environ: Environ) -> str:
        """Where the visitor is, behind as many proxies as the settings trust."""
        direct: str = environ.get("REMOTE_ADDR", "")
        if not self.hops:
            return direct
        named = environ.get("HTTP_X_FORWARDED_FOR", "").split(",")
        return named[-self.hops].strip() if len(named) >= self.hops else direct

    def _cookie(self, value: str, seconds: int) -> str:
        place = f"Max-Age={seconds}; Path={visitors.PATH}"
        return f"{visitors.COOKIE}={value}; {place}; HttpOnly; SameSite=Lax{self.secure}"


_PURPOSES = ("HTTP_PURPOSE", "HTTP_SEC_PURPOSE", "HTTP_X_PURPOSE", "HTTP_X_MOZ")


@lru_cache(maxsize=4096)
def _agent(user_agent: str) -> str:
    return agent_words(user_agent[:1000])


@lru_cache(maxsize=4096)
def _host(referrer: str) -> str:
    """The host that a Referer header names, empty for none that is one."""
    try:
        host = urlsplit(referrer[:2000]).hostname or ""
    except ValueError:
        return ""
    return host if len(host) <= 253 and host.isascii() and host.isprintable() else ""


def _page(
    start_response: StartResponse, status: int, body: bytes, *headers: tuple[str, str]
) -> Iterable[bytes]:
    start_response(
        _STATUS[status], [*headers, ("Content-Length", str(len(body))), *_OF_PAGES, *_COMMON]
    )
    return [body]
