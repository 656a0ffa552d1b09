"""What the answer of a server says about a published post. Reads values, asks nobody.

Only an answer that the post is not there counts against it. Whatever else keeps a stranger from
looking (a login, a block, an outage) says nothing, and is kept as "could not be checked".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from html import unescape
from urllib.parse import urlsplit

HTML = ("text/html", "application/xhtml+xml")
# Less than this is a page that shows itself to a browser alone.
READABLE_CHARACTERS = 200

_LOGIN = re.compile(
    r"(?:^|/)(?:log-?in|sign-?in|sign-?up|auth|authwall|oauth|sso|checkpoint|challenge|consent)"
    r"(?:/|\.|$)",
    re.IGNORECASE,
)
_LOGIN_HOST = re.compile(r"(?:login|accounts?|auth|sso|consent)\.", re.IGNORECASE)
_TAG = re.compile(r"<(?:(!--|(?:script|style|template|noscript|svg)\b)|[a-z/!?])", re.IGNORECASE)
_CLOSING = {
    "": re.compile(">"),
    "!--": re.compile("-->"),
    **{
        name: re.compile(rf"</{name}\s{{0,20}}>", re.IGNORECASE)
        for name in ("script", "style", "template", "noscript", "svg")
    },
}
# A bounded run without "<": a page of nothing but opening brackets is read once.
_META = re.compile(r"<meta\b[^<>]{0,4000}>", re.IGNORECASE)
_META_TEXT = re.compile(r"content\s*=\s*(?:\"([^\"]*)\"|'([^']*)')", re.IGNORECASE)


class CheckReason(StrEnum):
    """Why a check ended as it did."""

    FOUND = "found"
    NOT_FOUND = "not_found"
    GONE = "gone"
    LOGIN_WALL = "login_wall"
    MOVED = "moved"
    REFUSED = "refused"
    BUSY = "busy"
    SERVER_ERROR = "server_error"
    OTHER_ANSWER = "other_answer"
    UNREACHABLE = "unreachable"
    NOT_PUBLIC = "not_public"
    SWITCHED_OFF = "switched_off"


_BY_STATUS = {
    401: CheckReason.LOGIN_WALL,
    403: CheckReason.REFUSED,
    404: CheckReason.NOT_FOUND,
    407: CheckReason.REFUSED,
    410: CheckReason.GONE,
    429: CheckReason.BUSY,
    451: CheckReason.REFUSED,
}
_MISSING = (CheckReason.NOT_FOUND, CheckReason.GONE)


@dataclass(frozen=True)
class Seen:
    """An answer as far as a check looks at it; `url` is the address that gave it in the end."""

    url: str
    status: int
    media_type: str
    text: str
    complete: bool


@dataclass(frozen=True)
class Finding:
    """What a check came to: `passed` is None where nothing could be learned, `disclosure_found`
    where the campaign asks for none or the page cannot be read."""

    passed: bool | None
    reason: CheckReason
    detail: str = ""
    disclosure_found: bool | None = None


def finding(asked: str, seen: Seen, tags: Iterable[str]) -> Finding:
    """What `seen` says about the post at the address `asked`."""
    reason = _reason(asked, seen)
    if reason is CheckReason.FOUND:
        return Finding(True, reason, f"HTTP {seen.status}", disclosure(seen, tags))
    return Finding(False if reason in _MISSING else None, reason, f"HTTP {seen.status}")


def disclosure(seen: Seen, tags: Iterable[str]) -> bool | None:
    """Whether one of the tags stands in the page; None without tags, and where a page does not
    show its text to a reader without a browser."""
    wanted = [tag for tag in (_plain(tag) for tag in tags) if tag]
    if not wanted:
        return None
    shown, described = _texts(seen)
    if any(_contains(f"{shown}\n{described}", tag) for tag in wanted):
        return True
    return False if seen.complete and len(shown) >= READABLE_CHARACTERS else None


def _reason(asked: str, seen: Seen) -> CheckReason:
    if seen.status in _BY_STATUS:
        return _BY_STATUS[seen.status]
    if seen.status >= 500:
        return CheckReason.SERVER_ERROR
    if not 200 <= seen.status < 300:
        return CheckReason.OTHER_ANSWER
    if seen.url == asked:
        return CheckReason.FOUND
    before, after = urlsplit(asked), urlsplit(seen.url)
    to_login = _LOGIN.search(after.path) and not _LOGIN.search(before.path)
    if to_login or (_LOGIN_HOST.match(after.netloc) and before.netloc != after.netloc):
        return CheckReason.LOGIN_WALL
    if before.path.strip("/") and not after.path.strip("/"):
        return CheckReason.MOVED
    return CheckReason.FOUND


def _texts(seen: Seen) -> tuple[str, str]:
    """What the page shows, and what it says about itself to others."""
    if seen.media_type == "text/plain":
        return _plain(seen.text), ""
    if seen.media_type not in HTML:
        return "", ""
    said = " ".join(
        first or second
        for tag in _META.findall(seen.text)
        for first, second in _META_TEXT.findall(tag)
    )
    return _plain(unescape(_shown(seen.text))), _plain(unescape(said))


def _shown(page: str) -> str:
    """The text of a page without its tags, comments, scripts and styles.

    Goes over the page once, whatever stands in it: a parser that builds the tree takes minutes for
    a page of nothing but opening tags.
    """
    texts: list[str] = []
    at = 0
    while tag := _TAG.search(page, at):
        # A space for each tag: two paragraphs are not one word.
        texts += (page[at : tag.start()], " ")
        closing = _CLOSING[(tag[1] or "").lower()].search(page, tag.end())
        if closing is None:
            return "".join(texts)
        at = closing.end()
    texts.append(page[at:])
    return "".join(texts)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _contains(text: str, tag: str) -> bool:
    # Whole words: "#ad" is not in "#adventure", and "#ad" is not in "/page#ad".
    return re.search(rf"(?<![\w#/&]){re.escape(tag)}(?![\w])", text) is not None
