"""The links as the redirect knows them: in memory, read from the database when missed.

A row of one number grows whenever a link or a domain changes (`changed`). It is looked at once a
second; when it has grown, everything is forgotten and read again as it is asked for. While the
database does not answer, what is known is served on.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from app.ad_requests.models import AdRequest
from app.attribution import targets
from app.attribution.lifecycle import LinkStatus
from app.attribution.link_models import LinkTable, TrackingLink
from app.brands.models import SponsorDomain
from app.campaigns.models import Campaign
from app.core.extensions import db
from app.core.statements import changed_rows
from app.core.transaction import before_commit

log = logging.getLogger(__name__)

DEFAULT_WINDOW_DAYS = 30
LOOK_EACH = 1.0  # seconds
# Codes that nobody made are remembered too; a flood of them must not fill the memory.
MOST_KNOWN = 200_000

_WINDOW = func.coalesce(
    AdRequest.attribution_window_days, Campaign.attribution_window_days, DEFAULT_WINDOW_DAYS
)
_LINKS = (
    select(
        TrackingLink.id,
        TrackingLink.code,
        TrackingLink.sponsor_id,
        TrackingLink.influencer_id,
        TrackingLink.target,
        TrackingLink.utm,
        TrackingLink.expires_at,
        TrackingLink.status,
        TrackingLink.blocked_at,
        _WINDOW.label("window_days"),
    )
    .outerjoin(AdRequest, AdRequest.id == TrackingLink.ad_request_id)
    .outerjoin(Campaign, Campaign.id == TrackingLink.campaign_id)
)
_DOMAINS = select(SponsorDomain.host).where(SponsorDomain.verified_at.is_not(None))
_VERSION = select(LinkTable.version)


@dataclass(frozen=True, slots=True)
class KnownLink:
    """What a redirect needs of a link. The address is `head`, the click id, `tail`; `head` is
    empty where the link leads nowhere (no verified domain, or blocked). `ends` is in milliseconds.
    """

    link_id: str
    sponsor_id: str
    influencer_id: str
    head: str
    tail: str
    status: LinkStatus
    ends: int | None
    window: int  # seconds


class Links:
    """The table of one process; its threads may ask at once."""

    def __init__(self, engine: Engine, public: bool) -> None:
        self.engine = engine
        self.public = public
        self._known: dict[str, KnownLink | None] = {}
        self._version: int | None = None
        self._looked = float("-inf")
        self._looking = threading.Lock()

    def find(self, code: str) -> KnownLink | None:
        """The link of a code. Raises SQLAlchemyError for one that is not known while the database
        does not answer."""
        if time.monotonic() - self._looked > LOOK_EACH:
            self._look()
        known = self._known
        try:
            return known[code]
        except KeyError:
            found = self._read(code)
        if len(known) >= MOST_KNOWN:
            known.clear()
        # Into the table that was there before the read: one that is newer stays without it.
        known[code] = found
        return found

    def _look(self) -> None:
        if not self._looking.acquire(blocking=False):
            return
        try:
            with self.engine.connect() as connection:
                version = connection.scalar(_VERSION)
            if version != self._version:
                self._known, self._version = {}, version
        except SQLAlchemyError as error:
            log.warning("the links could not be looked at: %s", type(error).__name__)
        finally:
            self._looked = time.monotonic()
            self._looking.release()

    def _read(self, code: str) -> KnownLink | None:
        with self.engine.connect() as connection:
            row = connection.execute(_LINKS.where(TrackingLink.code == code)).one_or_none()
            return None if row is None else self._link(connection, row)

    def _link(self, connection: Connection, row: Any) -> KnownLink:
        hosts = connection.scalars(_DOMAINS.where(SponsorDomain.sponsor_id == row.sponsor_id))
        target = targets.parse(row.target, public=self.public)
        head = tail = ""
        within = target is not None and targets.is_within(target, list(hosts))
        if target is not None and within and row.blocked_at is None:
            head, tail = targets.around(target, row.utm)
        ends = None if row.expires_at is None else int(row.expires_at.timestamp() * 1000)
        return KnownLink(
            link_id=row.id,
            sponsor_id=row.sponsor_id,
            influencer_id=row.influencer_id,
            head=head,
            tail=tail,
            status=row.status,
            ends=ends,
            window=row.window_days * 24 * 60 * 60,
        )


def changed() -> None:
    """Let every web worker read its links anew within a second; the last step of the open unit,
    since all who change a link wait for this row."""
    before_commit(_grow, None)


def _grow(_asked: list[None]) -> None:
    grown = update(LinkTable).values(version=LinkTable.version + 1)
    if changed_rows(grown.execution_options(synchronize_session=False)) == 0:
        db.session.execute(insert(LinkTable).values(id=1, version=1))
