"""Whether the page that a link leads to still answers, looked at once a day."""

from __future__ import annotations

import logging
from collections import Counter
from datetime import timedelta
from urllib.parse import urlsplit

from sqlalchemy import or_, select

from app.attribution.events import LinkBroken, LinkWorksAgain
from app.attribution.lifecycle import LinkStatus
from app.attribution.link_models import LinkHealth, TrackingLink
from app.attribution.links import fact_of
from app.brands.hosts import covers
from app.core import egress
from app.core.clock import now
from app.core.egress_errors import AddressRefused, EgressError, UrlRefused
from app.core.events import publish
from app.core.extensions import db
from app.core.transaction import unit_of_work

log = logging.getLogger(__name__)

EACH = timedelta(days=1)
# Ten seconds each at worst: well within the lease of a job.
BATCH = 20
# Shops often keep programs out; that says nothing about people.
_KEPT_OUT = frozenset([401, 403, 405, 406, 429, 451])
# Names that nobody can have (RFC 2606, RFC 6761): made-up shops stand there.
_SET_ASIDE = (
    "example",
    "test",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
)


def check_due(batch: int = BATCH) -> dict[str, int]:
    """Look at links whose last look is a day ago (opens its own units); returns how many came out
    as what."""
    found = Counter(check(*link) for link in _due(batch))
    return {health.value: number for health, number in found.items()}


def check(link_id: str, target: str) -> LinkHealth:
    """Look at the page of a link and keep what was found (opens its own unit)."""
    health, detail = look(target)
    unit_of_work(lambda: _keep(link_id, target, health, detail))
    return health


def look(target: str) -> tuple[LinkHealth, str]:
    """What a page answers, and in a few words why that is so. What cannot be looked at is not
    broken for that."""
    if covers(_SET_ASIDE, urlsplit(target).hostname or ""):
        return LinkHealth.UNKNOWN, "This name is set aside for examples: no page can be there."
    try:
        answer = egress.fetch(target, follow=True, cut=True, headers={"Accept": "text/html,*/*"})
    except (AddressRefused, UrlRefused) as error:
        return LinkHealth.UNKNOWN, f"It cannot be looked at from here. {error}"[:200]
    except EgressError as error:
        return LinkHealth.BROKEN, str(error)[:200]
    if answer.status in _KEPT_OUT:
        return LinkHealth.UNKNOWN, f"The site lets no program look ({answer.status})."
    if answer.status >= 400:
        return LinkHealth.BROKEN, f"The page answers with {answer.status}."
    if answer.redirects:
        return LinkHealth.REDIRECTED, f"It leads on to {urlsplit(answer.url).hostname}."[:200]
    return LinkHealth.OK, ""


def _due(batch: int) -> list[tuple[str, str]]:
    rows = db.session.execute(
        select(TrackingLink.id, TrackingLink.target)
        .where(
            TrackingLink.status == LinkStatus.ACTIVE,
            or_(TrackingLink.checked_at.is_(None), TrackingLink.checked_at < now() - EACH),
        )
        .limit(batch)
    ).all()
    # The read ends here: nothing is held while somebody else's server answers.
    db.session.rollback()
    return [(link_id, target) for link_id, target in rows]


def _keep(link_id: str, target: str, health: LinkHealth, detail: str) -> None:
    link = db.session.get(TrackingLink, link_id, with_for_update=True)
    if link is None or link.target != target:
        return
    was_broken = link.broken_since is not None
    link.health, link.health_detail, link.checked_at = health, detail, now()
    # A page that lets no program look says nothing either way.
    if health is LinkHealth.BROKEN and not was_broken:
        link.broken_since = link.checked_at
        publish(LinkBroken(**fact_of(link)))
    elif health in (LinkHealth.OK, LinkHealth.REDIRECTED) and was_broken:
        link.broken_since = None
        publish(LinkWorksAgain(**fact_of(link)))
    link.touch()
    db.session.flush()
