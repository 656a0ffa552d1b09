"""Why a click is not counted: pure, over the raw facts that are kept of each click.

A new version of the rules is a change here with a higher RULES_VERSION; `flask clicks recount`
then goes over the clicks that were kept. What was paid stays paid.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

RULES_VERSION = 1
# Ten a second for a whole hour on one link; no post of one person brings that.
MOST_AN_HOUR = 36_000
LONGEST_AGENT = 120


class Reason(StrEnum):
    """What a click is; every click has exactly one, so raw = counted + every other reason."""

    COUNTED = "counted"
    HEAD = "head"
    PREFETCH = "prefetch"
    EXPIRED = "expired"
    BOT = "bot"
    OWN_TEAM = "own_team"
    DUPLICATE = "duplicate"
    OVER_LIMIT = "over_limit"


class Facts(NamedTuple):
    """The raw facts of one click that the rules look at; `hour` counts hours since 1970 (UTC)."""

    link_id: str
    hour: int
    address_hash: str
    agent: str
    is_head: bool = False
    is_prefetch: bool = False
    is_expired: bool = False
    is_own_team: bool = False


class Judge:
    """Gives each click its reason, in the order in which they are counted.

    Of several clicks on a link from one network in one hour the first that counts is counted. The
    judge remembers what it counted; `remember` and `counted_before` tell it of earlier clicks.
    """

    def __init__(self, most_an_hour: int = MOST_AN_HOUR) -> None:
        self.most_an_hour = most_an_hour
        self._seen: set[tuple[str, int, str]] = set()
        self._counted: dict[tuple[str, int], int] = defaultdict(int)

    def remember(self, seen: Iterable[tuple[str, int, str]]) -> None:
        """Counted before: (link, hour, address hash), without raising how many were."""
        self._seen.update(seen)

    def counted_before(self, link_id: str, hour: int, number: int) -> None:
        """So many clicks of this link and hour were counted before."""
        self._counted[link_id, hour] = number

    def judge(self, facts: Facts) -> Reason:
        """The reason of the next click."""
        reason = _alone(facts) or self._among_others(facts)
        if reason is Reason.COUNTED:
            self._seen.add((facts.link_id, facts.hour, facts.address_hash))
            self._counted[facts.link_id, facts.hour] += 1
        return reason

    def _among_others(self, facts: Facts) -> Reason:
        if (facts.link_id, facts.hour, facts.address_hash) in self._seen:
            return Reason.DUPLICATE
        if self._counted[facts.link_id, facts.hour] >= self.most_an_hour:
            return Reason.OVER_LIMIT
        return Reason.COUNTED


def _alone(facts: Facts) -> Reason | None:
    """Why a click is not counted whatever came before it; None for one that may be."""
    if facts.is_head:
        return Reason.HEAD
    if facts.is_prefetch:
        return Reason.PREFETCH
    if is_bot(facts.agent):
        return Reason.BOT
    if facts.is_own_team:
        return Reason.OWN_TEAM
    if facts.is_expired:
        return Reason.EXPIRED
    return None


# --- user agents ----------------------------------------------------------------------------------

_WORD = re.compile(r"[a-z]{2,}")
# Programs that fetch pages for themselves or for a preview, by a word of their user agent. Polite
# ones name their own page, browsers never do: hence http.
_BOT_WORDS = frozenset(
    "apache axios curl wget libwww lwp scrapy httpx aiohttp httpclient okhttp urllib requests java "
    "php ruby perl phantomjs headlesschrome headless puppeteer playwright selenium webdriver "
    "lighthouse pagespeed gtmetrix pingdom uptimerobot statuscake monitoring monitor checker "
    "validator preview previewer prerender fetch fetcher scanner scraper archiver archive indexer "
    "facebookexternalhit facebookcatalog externalagent whatsapp skypeuripreview embedly "
    "flipboardproxy vkshare bitly mediapartners feedfetcher feedburner feedparser slurp heritrix "
    "zgrab masscan nmap nikto sqlmap wpscan nessus insomnia http https".split()
)
_BOT_ENDINGS = ("bot", "bots", "crawler", "crawl", "spider")
# A maker of phones.
_NO_BOT = frozenset(["cubot"])


def agent_words(user_agent: str) -> str:
    """The distinct words of a user agent in lower case without versions, at most 120 characters.

    Enough to tell a program from a person, and too little to tell one person from another.
    """
    words = dict.fromkeys(_WORD.findall(user_agent.lower()))
    return " ".join(words)[:LONGEST_AGENT].strip()


@lru_cache(maxsize=4096)
def is_bot(agent: str) -> bool:
    """Whether the words of a user agent name a program; no words are no browser either."""
    words = agent.split()
    return not words or any(
        word in _BOT_WORDS or (word.endswith(_BOT_ENDINGS) and word not in _NO_BOT)
        for word in words
    )


def is_prefetch(*purposes: str) -> bool:
    """Whether one of the headers that say why a page is asked for means nobody looks at it yet."""
    return any(
        word in purpose.lower()
        for purpose in purposes
        for word in ("prefetch", "prerender", "preview")
    )
