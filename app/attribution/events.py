"""Facts of links and clicks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.attribution.click_rules import Reason


@dataclass(frozen=True)
class ClickChange:
    """So many more clicks (fewer if negative) of a link have a reason, in the quarter of an hour
    that begins `at`: within one it is the same day everywhere."""

    link_id: str
    at: datetime
    reason: Reason
    number: int


@dataclass(frozen=True)
class ClicksCounted:
    """Clicks became rows, or were counted anew: the sum of their changes, in the unit of work in
    which the rows changed."""

    changes: tuple[ClickChange, ...]


@dataclass(frozen=True, kw_only=True)
class LinkFact:
    """Base of the facts about one link."""

    link_id: str
    sponsor_id: str
    influencer_id: str
    campaign_id: str | None
    ad_request_id: str | None


@dataclass(frozen=True, kw_only=True)
class LinkMade(LinkFact):
    """A link was made, by somebody or because an ad request became active."""

    automatic: bool


@dataclass(frozen=True, kw_only=True)
class LinkBroken(LinkFact):
    """The page that a link leads to no longer answers."""


@dataclass(frozen=True, kw_only=True)
class LinkWorksAgain(LinkFact):
    """The page of a link that was broken answers again."""


@dataclass(frozen=True, kw_only=True)
class LinkBlocked(LinkFact):
    """An admin lets a link lead nowhere."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class LinkRestored(LinkFact):
    """An admin lets a link lead on that was blocked."""
