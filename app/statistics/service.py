"""The figures of published posts: stated, corrected, and shown with their history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select

from app.ad_requests.lifecycle import Party
from app.ad_requests.models import AdRequest, Deliverable
from app.ad_requests.ownership import FILES, deliverable_for, get_for, party_of
from app.core.actor import Actor
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.files import service as files
from app.identity.models import Influencer, Platform, SocialAccount
from app.statistics import rollups
from app.statistics.daily import is_posted
from app.statistics.errors import CorrectedAlready, NotPublished, TooManyFigures
from app.statistics.models import PostFigures
from app.statistics.sources import COUNTS, Source, problems

MOST = 200
# Clocks of other machines run a little ahead.
AHEAD = timedelta(minutes=5)
# Hosts by which a platform is known; anywhere else a post stands in a blog.
_HOSTS = {
    "instagram.com": Platform.INSTAGRAM,
    "youtube.com": Platform.YOUTUBE,
    "youtu.be": Platform.YOUTUBE,
    "tiktok.com": Platform.TIKTOK,
    "facebook.com": Platform.FACEBOOK,
    "fb.watch": Platform.FACEBOOK,
    "x.com": Platform.X,
    "twitter.com": Platform.X,
    "reddit.com": Platform.REDDIT,
    "bsky.app": Platform.BLUESKY,
}


def state(actor: Actor, *, ad_request_id: str, deliverable_id: str, **values: Any) -> PostFigures:
    """Say what a published post has reached; `values` as `add` takes them.

    Raises NotFound, NotPublished, Invalid, TooManyFigures.
    """
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    return add(actor, ad_request, deliverable, **values)


def correct(
    actor: Actor, *, ad_request_id: str, deliverable_id: str, figures_id: str, **values: Any
) -> PostFigures:
    """Replace figures that the own side has stated; they stay in the history.

    Raises NotFound, NotPublished, Invalid, CorrectedAlready, TooManyFigures.
    """
    ad_request, deliverable = deliverable_for(actor, ad_request_id, deliverable_id)
    before = db.session.scalar(
        select(PostFigures).where(
            PostFigures.id == figures_id, PostFigures.deliverable_id == deliverable.id
        )
    )
    if before is None:
        raise NotFound
    if before.by is not party_of(actor):
        raise CorrectedAlready(
            f"The {before.by.value} stated them. State your own figures beside them."
        )
    values["as_of"] = values.get("as_of") or before.as_of
    return add(actor, ad_request, deliverable, corrects=before, **values)


def add(
    actor: Actor,
    ad_request: AdRequest,
    deliverable: Deliverable,
    *,
    as_of: datetime | None = None,
    source: Source = Source.REPORTED,
    corrects: PostFigures | None = None,
    screenshot_file_id: str | None = None,
    note: str = "",
    **counts: int | None,
) -> PostFigures:
    """Add figures to a deliverable whose ad request was got locked.

    `counts` are those of `sources.COUNTS`; `followers` left out are those of the account on the
    post's platform. Raises NotPublished, Invalid, CorrectedAlready, TooManyFigures.
    """
    _require_post(deliverable)
    moment = as_of or now()
    _require_true(actor, moment, source, counts)
    if screenshot_file_id is not None:
        _attach(actor, ad_request, screenshot_file_id)
    rows = _rows(deliverable.id)
    if len(rows) >= MOST:
        raise TooManyFigures(f"A post keeps {MOST}. Nothing was changed.")
    if corrects is not None and any(row.corrects_id == corrects.id for row in rows):
        raise CorrectedAlready("They were corrected already. Load them again, then repeat.")
    if counts.get("followers") is None:
        counts["followers"] = _followers(ad_request.influencer_id, deliverable.url or "")
    row = PostFigures(
        deliverable_id=deliverable.id,
        number=len(rows) + 1,
        by=party_of(actor),
        author=actor.label,
        source=source,
        as_of=moment,
        screenshot_file_id=screenshot_file_id,
        note=note,
        corrects_id=corrects and corrects.id,
        **{name: counts.get(name) for name in COUNTS},
    )
    _choose_current([*rows, row])
    rollups.changed_agreement(ad_request.id)
    return row


def history(actor: Actor, *, ad_request_id: str, deliverable_id: str) -> dict[str, Any]:
    """All figures of a deliverable, the latest first, with their screenshots: a constant number of
    statements. Raises NotFound."""
    ad_request = get_for(actor, ad_request_id)
    part = next((part for part in ad_request.deliverables if part.id == deliverable_id), None)
    if part is None:
        raise NotFound
    rows = _rows(part.id)
    corrected = {row.corrects_id for row in rows}
    pictures = {row.id: row for row in files.files_of(FILES, [ad_request.id])[ad_request.id]}
    return {
        "published": is_posted(part),
        "items": [
            {
                **shown(row),
                "corrected": row.id in corrected,
                "yours": row.by is party_of(actor),
                "screenshot": _picture(pictures.get(row.screenshot_file_id or "")),
            }
            for row in sorted(rows, key=lambda row: (row.as_of, row.number), reverse=True)
        ],
    }


def shown(row: PostFigures) -> dict[str, Any]:
    """Figures on the wire, without who may see what of them."""
    return {
        **{name: getattr(row, name) for name in COUNTS},
        "id": row.id,
        "by": row.by.value,
        "source": row.source,
        "as_of": row.as_of,
        "interactions": row.interactions,
        "note": row.note,
        "corrects_id": row.corrects_id,
        "current": row.is_current,
        "created_at": row.created_at,
    }


def _require_post(deliverable: Deliverable) -> None:
    if not is_posted(deliverable):
        raise NotPublished("Publish it first; its figures come after. Nothing was changed.")


def _require_true(
    actor: Actor, moment: datetime, source: Source, counts: dict[str, int | None]
) -> None:
    found = problems(counts)
    if moment > now() + AHEAD:
        found["as_of"] = "Give a moment that has passed."
    if source is Source.MEASURED and party_of(actor) is Party.INFLUENCER:
        found["source"] = "What you enter is reported, or estimated."
    if found:
        raise Invalid(**found)


def _attach(actor: Actor, ad_request: AdRequest, file_id: str) -> None:
    try:
        [file] = files.attach(
            actor, file_ids=[file_id], subject_type=FILES, subject_id=ad_request.id
        )
    except Invalid as error:
        raise Invalid(screenshot_file_id=(error.errors or {})["file_ids"]) from None
    if not (file.is_image or file.content_type == "application/pdf"):
        raise Invalid(screenshot_file_id="Give a picture or a PDF.")


def _rows(deliverable_id: str) -> list[PostFigures]:
    statement = select(PostFigures).where(PostFigures.deliverable_id == deliverable_id)
    return list(db.session.scalars(statement.order_by(PostFigures.number)))


def _choose_current(rows: Sequence[PostFigures]) -> None:
    corrected = {row.corrects_id for row in rows}
    standing = [row for row in rows if row.id is None or row.id not in corrected]
    chosen = max(standing, key=lambda row: (row.as_of, row.number))
    for row in rows:
        if row.is_current and row is not chosen:
            row.is_current = False
    db.session.add(rows[-1])
    # The one before steps back first: only one of a deliverable may be current.
    db.session.flush()
    chosen.is_current = True
    db.session.flush()


def _followers(influencer_id: str, url: str) -> int | None:
    """The followers of the influencer's account where the post stands; of all accounts together
    where that is not known."""
    host = (urlsplit(url).hostname or "").removeprefix("www.").removeprefix("m.")
    platform = _HOSTS.get(host)
    found = None
    if platform is not None:
        found = db.session.scalar(
            select(SocialAccount.followers)
            .where(SocialAccount.influencer_id == influencer_id, SocialAccount.platform == platform)
            .order_by(SocialAccount.followers.desc())
            .limit(1)
        )
    if not found:
        found = db.session.scalar(
            select(Influencer.followers).where(Influencer.id == influencer_id)
        )
    return found or None


def _picture(row: Any) -> dict[str, Any] | None:
    return None if row is None else files.describe(row)
