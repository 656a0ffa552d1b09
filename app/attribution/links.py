"""Use cases of links: made by a sponsor or with an agreement, changed, paused, ended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from app.ad_requests import service as ad_requests
from app.ad_requests.lifecycle import AdRequestStatus
from app.ad_requests.models import AdRequest
from app.attribution import codes, link_table, queries, targets
from app.attribution.errors import AgreementNotActive, TooManyLinks
from app.attribution.events import LinkMade
from app.attribution.lifecycle import LINK, LinkEvent, LinkStatus
from app.attribution.link_models import LinkHealth, TrackingLink
from app.audit.service import record
from app.brands.domains import verified_hosts
from app.campaigns.models import Campaign, CampaignProduct
from app.core.actor import SYSTEM, Actor
from app.core.batches import ids_in_batches
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.events import publish
from app.core.extensions import db
from app.core.folding import fold
from app.core.paging import Page, PageRequest, paginate
from app.core.settings import settings
from app.core.transaction import unit_of_work
from app.identity.models import Influencer

MAX_LINKS = 50
_NO_LETTER = re.compile(r"[^a-z0-9]+")


def get_for(actor: Actor, link_id: str, *, lock: bool = False) -> TrackingLink:
    """A link that the actor may see, with what is shown of it. Raises NotFound."""
    statement = queries.links().where(TrackingLink.id == link_id, *queries.seen_by(actor))
    if lock:
        statement = statement.with_for_update(of=TrackingLink)
    link = db.session.scalar(statement)
    if link is None:
        raise NotFound
    return link


def by_code(text: str) -> TrackingLink:
    """The link that a code names, for anyone. Raises NotFound."""
    code = codes.read(text)
    link = db.session.scalar(queries.links().where(TrackingLink.code == code)) if code else None
    if link is None:
        raise NotFound
    return link


def list_for(
    actor: Actor,
    page: PageRequest,
    *,
    campaign_id: str | None = None,
    ad_request_id: str | None = None,
    influencer_id: str | None = None,
    sponsor_id: str | None = None,
    status: str | None = None,
    broken: bool | None = None,
    blocked: bool | None = None,
    q: str = "",
) -> Page[TrackingLink]:
    """Links that the actor may see, the newest first; `q` is the code of one."""
    statement = queries.links().where(*queries.seen_by(actor))
    for column, wanted in (
        (TrackingLink.campaign_id, campaign_id),
        (TrackingLink.ad_request_id, ad_request_id),
        (TrackingLink.influencer_id, influencer_id),
        (TrackingLink.sponsor_id, sponsor_id),
    ):
        if wanted is not None:
            statement = statement.where(column == wanted)
    if status is not None:
        statement = statement.where(TrackingLink.status == LinkStatus(status))
    for moment, there in ((TrackingLink.broken_since, broken), (TrackingLink.blocked_at, blocked)):
        if there is not None:
            statement = statement.where(moment.is_not(None) if there else moment.is_(None))
    if q:
        # People paste the whole address.
        statement = statement.where(TrackingLink.code == (codes.read(q.rpartition("/")[2]) or ""))
    return paginate(
        statement,
        page,
        sorts={"created_at": TrackingLink.created_at},
        default="-created_at",
        id_column=TrackingLink.id,
    )


def make(
    actor: Actor,
    *,
    ad_request_id: str,
    target: str,
    utm: Mapping[str, str] | None = None,
    expires_at: datetime | None = None,
) -> TrackingLink:
    """Make a further link for an agreement. Raises NotFound, AgreementNotActive, TooManyLinks, and
    Invalid for a target outside the verified domains."""
    ad_request = ad_requests.get_for(actor, ad_request_id, lock=True)
    if ad_request.status is not AdRequestStatus.ACTIVE:
        raise AgreementNotActive("Links are made while an agreement is active.")
    made = select(func.count(TrackingLink.id)).where(TrackingLink.ad_request_id == ad_request_id)
    if (db.session.scalar(made) or 0) >= MAX_LINKS:
        raise TooManyLinks(f"An agreement has at most {MAX_LINKS} links.")
    require_future(expires_at)
    link = _of_agreement(
        ad_request, allowed_target(ad_request.sponsor_id, target), utm=utm, expires_at=expires_at
    )
    record(actor, "link.made", subject_type="link", subject_id=link.id, ad_request_id=ad_request_id)
    return link


def make_automatic(ad_request_id: str) -> list[TrackingLink]:
    """The links that an active agreement has by itself and lacks yet: to the campaign's page and
    to the page of each product, as far as they lie within the verified domains."""
    ad_request = db.session.get(AdRequest, ad_request_id)
    if ad_request is None or ad_request.status is not AdRequestStatus.ACTIVE:
        return []
    there = set(
        db.session.scalars(
            select(TrackingLink.product_id).where(
                TrackingLink.ad_request_id == ad_request_id, TrackingLink.automatic
            )
        )
    )
    hosts = verified_hosts(ad_request.sponsor_id)
    made = []
    for product_id, url in _pages(ad_request.campaign_id):
        target = targets.parse(url, public=settings().domain_checks)
        if product_id in there or target is None or not targets.is_within(target, hosts):
            continue
        made.append(_of_agreement(ad_request, target, product_id=product_id, automatic=True))
    return made


def make_missing(sponsor_id: str) -> int:
    """Make the automatic links that wait for a domain which is verified now (opens its own
    units); returns how many were made."""
    waiting = ids_in_batches(
        AdRequest.created_at,
        AdRequest.id,
        AdRequest.sponsor_id == sponsor_id,
        AdRequest.status == AdRequestStatus.ACTIVE,
        batch=200,
    )

    def of_one(ad_request_id: str) -> int:
        db.session.get(AdRequest, ad_request_id, with_for_update=True)
        return len(make_automatic(ad_request_id))

    return sum(unit_of_work(partial(of_one, one)) for one in waiting)


def edit(actor: Actor, link: TrackingLink, **values: Any) -> TrackingLink:
    """Change what `values` names of a link got with `get_for(lock=True)`. Raises Invalid."""
    LINK.target(link.status, LinkEvent.END)  # an ended link stays as it is
    if "target" in values:
        link.target = str(allowed_target(link.sponsor_id, values["target"]))
        link.health, link.health_detail, link.checked_at = LinkHealth.UNKNOWN, "", None
        link.broken_since = None
    if "utm" in values:
        link.utm = filled(values["utm"])
    if "expires_at" in values:
        require_future(values["expires_at"])
        link.expires_at = values["expires_at"]
    link.touch()
    db.session.flush()
    link_table.changed()
    record(actor, "link.edited", subject_type="link", subject_id=link.id, fields=sorted(values))
    return link


def move(actor: Actor, *, link_id: str, event: LinkEvent) -> TrackingLink:
    """Pause, resume or end a link. Raises NotFound, RefusedTransition."""
    link = get_for(actor, link_id, lock=True)
    LINK.move(link, actor, event)
    link_table.changed()
    record(actor, f"link.{event.value}", subject_type="link", subject_id=link.id)
    return link


def address_of(link: TrackingLink) -> str:
    """What stands in a post."""
    return f"{settings().public_url}/r/{link.code}"


def fact_of(link: TrackingLink) -> dict[str, Any]:
    """What every fact about a link says of it."""
    return {
        "link_id": link.id,
        "sponsor_id": link.sponsor_id,
        "influencer_id": link.influencer_id,
        "campaign_id": link.campaign_id,
        "ad_request_id": link.ad_request_id,
    }


def _pages(campaign_id: str) -> Iterator[tuple[str | None, str]]:
    """The pages that a campaign advertises: its own, then those of its products."""
    campaign = db.session.scalar(
        select(Campaign)
        .where(Campaign.id == campaign_id)
        .options(selectinload(Campaign.product_rows).joinedload(CampaignProduct.product))
        .execution_options(populate_existing=True)
    )
    if campaign is None:
        return
    yield None, campaign.product_url
    for product in campaign.products:
        yield product.id, product.url


def _of_agreement(
    ad_request: AdRequest,
    target: targets.Target,
    *,
    utm: Mapping[str, str] | None = None,
    expires_at: datetime | None = None,
    product_id: str | None = None,
    automatic: bool = False,
) -> TrackingLink:
    title, brand_id = db.session.execute(
        select(Campaign.title, Campaign.brand_id).where(Campaign.id == ad_request.campaign_id)
    ).one()
    link = TrackingLink(
        code=codes.new_code(),
        influencer_id=ad_request.influencer_id,
        sponsor_id=ad_request.sponsor_id,
        brand_id=brand_id,
        campaign_id=ad_request.campaign_id,
        ad_request_id=ad_request.id,
        product_id=product_id,
        automatic=automatic,
        target=str(target),
        utm=filled(utm) if utm is not None else usual_utm(ad_request.influencer_id, title),
        expires_at=expires_at,
    )
    return keep(link)


def keep(link: TrackingLink) -> TrackingLink:
    """Let a link that was put together lead, and say that it is made."""
    db.session.add(link)
    db.session.flush()
    link_table.changed()
    publish(LinkMade(**fact_of(link), automatic=link.automatic))
    return link


def filled(utm: Mapping[str, str]) -> dict[str, str]:
    """The fields that are added to a target: an empty one is left out."""
    return {name: value for name, value in utm.items() if value}


def usual_utm(influencer_id: str, title: str) -> dict[str, str]:
    """The fields of a link whose maker named none; `title` is that of the campaign or brand."""
    slug = db.session.scalar(select(Influencer.slug).where(Influencer.id == influencer_id))
    campaign = _NO_LETTER.sub("-", fold(title).lower()).strip("-")[:80]
    return {
        "utm_source": slug or "",
        "utm_medium": "influencer",
        "utm_campaign": campaign or "campaign",
    }


def allowed_target(sponsor_id: str, text: str) -> targets.Target:
    """The page that `text` names. Raises Invalid for one outside the verified domains."""
    target = targets.parse(text, public=settings().domain_checks)
    if target is None:
        raise Invalid(target="Give the whole address of a page, such as https://shop.example/tea.")
    if not targets.is_within(target, verified_hosts(sponsor_id)):
        raise Invalid(target=f"{target.host} is none of your verified domains: verify it first.")
    return target


def require_future(moment: datetime | None) -> None:
    """Raise Invalid for an end that has passed."""
    if moment is not None and moment <= now():
        raise Invalid(expires_at="Give a moment that is still to come.")


def on_accepted(ad_request_id: str) -> None:
    """Give an agreement that has just become active its links."""
    for link in make_automatic(ad_request_id):
        record(
            SYSTEM,
            "link.made",
            subject_type="link",
            subject_id=link.id,
            ad_request_id=ad_request_id,
        )
