"""Looking whether a published post is there, while its deliverable may still be confirmed.

A job asks the address (outside every transaction) and keeps what it found. A post that is missing
twice, an hour apart, sends its deliverable back to approved; what cannot be checked never does,
and takes nothing back of what was found before.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import select

from app.ad_requests import conditions, figures, timing
from app.ad_requests.errors import CheckedAlready, ChecksOff
from app.ad_requests.events import LiveCheckFailed
from app.ad_requests.facts import tell
from app.ad_requests.lifecycle import DELIVERABLE, DeliverableEvent, DeliverableStatus
from app.ad_requests.live_check_findings import CheckReason, Finding, Seen, finding
from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.ownership import deliverable_for
from app.ad_requests.progress import refresh
from app.campaigns.models import Campaign
from app.core import egress
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.egress_errors import (
    EgressError,
    RequestRefused,
    TooManyRedirects,
    UnreadableAnswer,
)
from app.core.extensions import db
from app.core.host_limit import may_ask
from app.core.jobs import enqueue
from app.core.transaction import unit_of_work

log = logging.getLogger(__name__)

JOB = "ad_requests.check_publication"
AGES = (timedelta(), timedelta(minutes=10), timedelta(hours=24), timedelta(hours=60))
"""How long after its publication a post is looked at."""
AGAIN_AFTER = timedelta(hours=1)
LEAST_BETWEEN = timedelta(minutes=5)
PUT_OFF = (timedelta(minutes=1), timedelta(minutes=10))
"""A look at a host that is asked too much waits for some time between these, spread out."""


def plan(*, ad_request_id: str, deliverable_id: str) -> None:
    """Ask for the checks of a publication that was just made (inside its unit of work)."""
    moment = now()
    for age in AGES:
        enqueue(
            JOB, run_after=moment + age, ad_request_id=ad_request_id, deliverable_id=deliverable_id
        )


def request(actor: Actor, *, ad_request_id: str, deliverable_id: str) -> AdRequest:
    """Ask for a check now. Raises NotFound, RefusedTransition, ChecksOff, CheckedAlready."""
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    DELIVERABLE.target(deliverable.status, DeliverableEvent.FAIL_CHECK)
    if not figures.LIVE_CHECKS.get():
        raise ChecksOff("An admin has switched the live checks off. Look at the post yourself.")
    if _just_checked(deliverable.checked_at, deliverable.check_missing_since):
        raise CheckedAlready("The post was looked at in the last five minutes. Try again later.")
    enqueue(JOB, by=actor, ad_request_id=ad_request_id, deliverable_id=deliverable_id)
    return ad_request


def check(ad_request_id: str, deliverable_id: str) -> dict[str, str]:
    """Look at the post of a deliverable and keep what was found (opens its own unit); returns the
    reason of the finding. Does nothing for one that is not published or was just looked at; asks
    for another look soon when the host is asked too much already."""
    row = db.session.execute(
        select(
            Deliverable.status,
            Deliverable.url,
            Deliverable.checked_at,
            Deliverable.check_missing_since,
            AdRequest.conditions,
            Campaign,
        )
        .join(AdRequest, AdRequest.id == Deliverable.ad_request_id)
        .join(Campaign, Campaign.id == AdRequest.campaign_id)
        .where(Deliverable.id == deliverable_id, AdRequest.id == ad_request_id)
    ).one_or_none()
    wanted = figures.LIVE_CHECKS.get()
    tags = conditions.known(row[4], row[5])["disclosure_tags"] if row else []
    # The read ends here: nothing is held while somebody else's server answers.
    db.session.rollback()
    if row is None or row.status is not DeliverableStatus.PUBLISHED:
        return {}
    url = row.url
    if url is None or _just_checked(row.checked_at, row.check_missing_since):
        return {}
    if wanted and not may_ask(url):
        unit_of_work(lambda: _put_off(ad_request_id, deliverable_id))
        return {"reason": "put_off"}
    found = look(url, tags) if wanted else Finding(None, CheckReason.SWITCHED_OFF)
    unit_of_work(
        lambda: record_live_check(
            ad_request_id=ad_request_id, deliverable_id=deliverable_id, url=url, found=found
        )
    )
    return {"reason": found.reason.value}


def _put_off(ad_request_id: str, deliverable_id: str) -> None:
    least, most = PUT_OFF
    wait = least + timedelta(seconds=secrets.randbelow(round((most - least).total_seconds())))
    enqueue(JOB, run_after=now() + wait, ad_request_id=ad_request_id, deliverable_id=deliverable_id)


def look(url: str, tags: list[str]) -> Finding:
    """Ask an address whether a post is there, and whether it discloses what it is."""
    try:
        answer = egress.fetch(url, follow=True, cut=True, headers={"Accept": "text/html,*/*;q=0.5"})
    except EgressError as error:
        log.info("a post could not be checked: %s", error)
        return Finding(None, _without_answer(error))
    seen = Seen(
        answer.url if answer.redirects else url,
        answer.status,
        answer.media_type,
        answer.text(),
        answer.complete,
    )
    return finding(url, seen, tags)


def _without_answer(error: EgressError) -> CheckReason:
    if isinstance(error, TooManyRedirects | UnreadableAnswer):
        return CheckReason.OTHER_ANSWER
    if isinstance(error, RequestRefused):
        return CheckReason.NOT_PUBLIC
    return CheckReason.UNREACHABLE


def record_live_check(
    *, ad_request_id: str, deliverable_id: str, url: str, found: Finding
) -> AdRequest:
    """Keep what a check of the live post found; a post that is missing for the second time goes
    back to approved. A check of an address that is no longer the current one changes nothing."""
    ad_request, deliverable = deliverable_for(SYSTEM, ad_request_id, deliverable_id)
    if deliverable.url != url or deliverable.status is not DeliverableStatus.PUBLISHED:
        return ad_request
    moment = now()
    missing = found.passed is False
    since = deliverable.check_missing_since
    if missing:
        since = since or moment
    elif found.passed:
        since = None
    columns = {
        "checked_at": moment,
        "check_passed": found.passed,
        "check_reason": found.reason,
        "check_detail": found.detail or None,
        "check_missing_since": since,
        "disclosure_found": found.disclosure_found,
    }
    if missing and since is not None and moment - since >= AGAIN_AFTER:
        return _fail(ad_request, deliverable, columns)
    if missing and since == moment:
        enqueue(
            JOB,
            run_after=moment + AGAIN_AFTER,
            ad_request_id=ad_request_id,
            deliverable_id=deliverable_id,
        )
    for name, value in columns.items():
        setattr(deliverable, name, value)
    deliverable.touch()
    refresh(ad_request)
    return ad_request


def _fail(
    ad_request: AdRequest, deliverable: Deliverable, columns: Mapping[str, object]
) -> AdRequest:
    zone = conditions.of(ad_request)["time_zone"]
    DELIVERABLE.move(
        deliverable,
        SYSTEM,
        DeliverableEvent.FAIL_CHECK,
        note=deliverable.url,
        **columns,
        **timing.approved(deliverable.publish_by, zone, now()),
    )
    refresh(ad_request)
    tell(LiveCheckFailed, ad_request, SYSTEM, deliverable_id=deliverable.id)
    return ad_request


def _just_checked(checked_at: datetime | None, missing_since: datetime | None) -> bool:
    if checked_at is None:
        return False
    if missing_since is not None and checked_at < missing_since + AGAIN_AFTER <= now():
        # The second look, which decides, is not put off by one just before its time.
        return False
    return now() < checked_at + LEAST_BETWEEN
