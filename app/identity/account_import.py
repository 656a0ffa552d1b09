"""Profiles from tables of accounts that others published: parsing is pure, storing is one upsert.

Lines that cannot be taken are reported with their number and reason; the rest is imported.
Importing the same file again changes nothing.
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TextIO

from sqlalchemy import select

from app.core.caching import invalidate
from app.core.extensions import db
from app.identity.models import Influencer, InfluencerNiche, Platform, SocialAccount
from app.identity.reach import engagement_rate, reach

_COUNT = re.compile(r"([0-9]+(?:\.[0-9]+)?)\s*([KMB]?)\Z", re.IGNORECASE | re.ASCII)
_SCALE = {"": 1, "K": 10**3, "M": 10**6, "B": 10**9}
_HANDLE = re.compile(r"[A-Za-z0-9._]{1,60}\Z")
_MISSING = {"", "N/A", "n/a", "-"}

INSTAGRAM_COLUMNS = (
    "Influencer insta name",
    "instagram name",
    "category_1",
    "category_2",
    "Followers",
    "Audience country(mostly)",
    "Authentic engagement",
    "Engagement avg",
)


@dataclass(frozen=True)
class AccountLine:
    """One account as a table states it. Counts are whole numbers, None where not stated."""

    platform: Platform
    handle: str
    name: str
    niches: tuple[str, ...]
    followers: int
    audience_country: str
    average_engagement: int | None
    authentic_engagement: int | None


@dataclass(frozen=True)
class RefusedLine:
    """A line that was not taken, and why."""

    number: int
    reason: str


def parse_count(text: str) -> int | None:
    """`48.1M` as 48100000, `383.1K` as 383100; None where nothing is stated.

    Raises ValueError for anything else.
    """
    text = text.strip()
    if text in _MISSING:
        return None
    match = _COUNT.match(text)
    if match is None:
        raise ValueError(f"{text!r} is no count")
    whole, _, fraction = match[1].partition(".")
    scale = _SCALE[match[2].upper()]
    # Whole-number arithmetic: 48.1 * 10**6 as a float would be off by a few.
    return int(whole) * scale + (int(fraction) * scale // 10 ** len(fraction) if fraction else 0)


def read_instagram(table: TextIO) -> Iterator[AccountLine | RefusedLine]:
    """The accounts of an Instagram table (columns INSTAGRAM_COLUMNS), in the order of its lines.

    Raises ValueError when the header lacks a column.
    """
    reader = csv.DictReader(table)
    missing = [name for name in INSTAGRAM_COLUMNS if name not in (reader.fieldnames or [])]
    if missing:
        raise ValueError(f"the table lacks the columns: {', '.join(missing)}")
    seen: set[str] = set()
    for row in reader:
        line = reader.line_num
        try:
            account = _instagram_line(row)
        except ValueError as error:
            yield RefusedLine(line, str(error))
            continue
        if account.handle in seen:
            yield RefusedLine(line, f"{account.handle} stands in the table already")
            continue
        seen.add(account.handle)
        yield account


def _instagram_line(row: dict[str, str]) -> AccountLine:
    if None in row or any(value is None for value in row.values()):
        raise ValueError("the line has another number of columns than the header")
    handle = row["Influencer insta name"].strip().lower()
    if not _HANDLE.match(handle):
        raise ValueError(f"{handle!r} is no Instagram handle")
    followers = parse_count(row["Followers"])
    if followers is None:
        raise ValueError("no followers are stated")
    niches = []
    for column in ("category_1", "category_2"):
        niche = row[column].strip().lower()
        if niche not in _MISSING and niche not in niches:
            niches.append(niche[:60])
    country = row["Audience country(mostly)"].strip()
    return AccountLine(
        platform=Platform.INSTAGRAM,
        handle=handle,
        name=(row["instagram name"].replace("\x00", "").strip() or handle)[:120],
        niches=tuple(niches),
        followers=followers,
        audience_country="" if country in _MISSING else country[:80],
        average_engagement=parse_count(row["Engagement avg"]),
        authentic_engagement=parse_count(row["Authentic engagement"]),
    )


def store_accounts(lines: Iterable[AccountLine], *, source: str) -> tuple[int, int]:
    """Store accounts with a profile each, that nobody has registered yet.

    Returns how many were new and how many stood there with other figures and were brought up to
    date. Runs inside a unit of work; hand it a few hundred lines at a time.
    """
    batch = list(lines)
    handles = [line.handle for line in batch]
    known = {
        (account.platform, account.handle): account
        for account in db.session.scalars(
            select(SocialAccount).where(SocialAccount.handle.in_(handles))
        )
    }
    new = changed = 0
    for line in batch:
        account = known.get((line.platform, line.handle))
        if account is None:
            _add_profile(line, source)
            new += 1
        elif account.source == source and _bring_up_to_date(account, line):
            changed += 1
    db.session.flush()
    if new or changed:
        invalidate("influencers")
    return new, changed


def _add_profile(line: AccountLine, source: str) -> None:
    pair = [(line.followers, line.average_engagement)]
    influencer = Influencer(
        slug=f"{line.platform.value}-{re.sub(r'[^a-z0-9]+', '-', line.handle).strip('-') or 'x'}"
        f"-{_fingerprint(line.handle)}",
        name=line.name,
        reach=reach(pair),
        followers=line.followers,
        engagement_rate=engagement_rate(pair),
        niche_rows=[InfluencerNiche(niche=niche) for niche in line.niches],
    )
    db.session.add(influencer)
    db.session.flush()
    db.session.add(
        SocialAccount(
            influencer_id=influencer.id,
            platform=line.platform,
            handle=line.handle,
            url=f"https://www.instagram.com/{line.handle}/",
            followers=line.followers,
            average_engagement=line.average_engagement,
            authentic_engagement=line.authentic_engagement,
            audience_country=line.audience_country,
            source=source,
        )
    )


def _bring_up_to_date(account: SocialAccount, line: AccountLine) -> bool:
    figures = ("followers", "average_engagement", "authentic_engagement", "audience_country")
    if all(getattr(account, name) == getattr(line, name) for name in figures):
        return False
    for name in figures:
        setattr(account, name, getattr(line, name))
    influencer = db.session.get_one(Influencer, account.influencer_id)
    pair = [(line.followers, line.average_engagement)]
    influencer.reach, influencer.followers = reach(pair), line.followers
    influencer.engagement_rate = engagement_rate(pair)
    influencer.touch()
    return True


def _fingerprint(handle: str) -> str:
    # Handles that fold to the same letters (a.b, a_b) keep different addresses.
    return hashlib.sha256(handle.encode()).hexdigest()[:4]
