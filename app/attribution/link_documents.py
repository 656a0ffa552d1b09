"""A link as its sponsor, its influencer and anyone sees it, with what is added on the way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.attribution import targets
from app.attribution.click_ids import PARAMETER
from app.attribution.lifecycle import LINK, LinkStatus
from app.attribution.link_models import TrackingLink
from app.attribution.link_table import DEFAULT_WINDOW_DAYS
from app.attribution.links import address_of
from app.brands.models import SponsorDomain
from app.campaigns.lifecycle import Visibility
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings

_SAMPLE = "CLICK"


def documents(links: Sequence[TrackingLink]) -> list[dict[str, Any]]:
    """The documents of links that were got with `queries.links()`: one statement more."""
    hosts = _hosts(link.sponsor_id for link in links)
    return [_document(link, hosts[link.sponsor_id]) for link in links]


def document(link: TrackingLink) -> dict[str, Any]:
    """The document of one link."""
    return documents([link])[0]


def public_terms(link: TrackingLink) -> dict[str, Any]:
    """What anyone may know of a link: who pays whom for it, where it leads, what is kept."""
    shown = document(link)
    target = targets.parse(link.target, public=False)
    facts = {
        "code": link.code,
        "url": shown["url"],
        "sponsor": link.sponsor.name,
        "influencer": {"name": link.influencer.name, "slug": link.influencer.slug},
        "campaign": _public_title(link),
        "host": target.host if target else "",
        "leads": shown["leads"],
        "window_days": _window(link),
        "paid_by_order": _has_commission(link),
    }
    return {**facts, "terms": _sentences(facts)}


def _document(link: TrackingLink, hosts: list[str]) -> dict[str, Any]:
    target = targets.parse(link.target, public=settings().domain_checks)
    verified = target is not None and targets.is_within(target, hosts)
    head, tail = targets.around(target, link.utm) if target else ("", "")
    expired = link.expires_at is not None and link.expires_at <= now()
    return {
        "id": link.id,
        "code": link.code,
        "url": address_of(link),
        "target": link.target,
        "utm": link.utm,
        "preview": {"url": f"{head}{_SAMPLE}{tail}", "added": [*link.utm, PARAMETER]},
        "leads": (
            link.status is LinkStatus.ACTIVE and verified and not expired and not link.blocked_at
        ),
        "domain_verified": verified,
        "status": link.status.value,
        "expires_at": link.expires_at,
        "actions": [event.value for event in LINK.events(link.status)],
        "ad_request_id": link.ad_request_id,
        "automatic": link.automatic,
        "influencer": {
            "id": link.influencer_id, "name": link.influencer.name, "slug": link.influencer.slug
        },
        "sponsor": {"id": link.sponsor_id, "name": link.sponsor.name},
        "campaign": link.campaign and {"id": link.campaign.id, "title": link.campaign.title},
        "product": link.product and {"id": link.product.id, "name": link.product.name},
        "coupons": [
            {"id": coupon.id, "code": coupon.code, "active": coupon.active}
            for coupon in link.coupons
        ],
        "health": link.health.value,
        "health_detail": link.health_detail,
        "checked_at": link.checked_at,
        "broken_since": link.broken_since,
        "blocked_at": link.blocked_at,
        "block_reason": link.block_reason,
        "created_at": link.created_at,
    }  # fmt: skip


def _hosts(sponsor_ids: Iterable[str]) -> defaultdict[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    verified = select(SponsorDomain.sponsor_id, SponsorDomain.host).where(
        SponsorDomain.sponsor_id.in_(set(sponsor_ids)), SponsorDomain.verified_at.is_not(None)
    )
    for sponsor_id, host in db.session.execute(verified):
        found[sponsor_id].append(host)
    return found


def _window(link: TrackingLink) -> int:
    agreed = link.ad_request.attribution_window_days if link.ad_request else None
    if agreed is not None:
        return agreed
    return link.campaign.attribution_window_days if link.campaign else DEFAULT_WINDOW_DAYS


def _has_commission(link: TrackingLink) -> bool:
    return link.ad_request is not None and link.ad_request.commission_basis_points is not None


def _public_title(link: TrackingLink) -> str | None:
    campaign = link.campaign
    return campaign.title if campaign and campaign.visibility is Visibility.PUBLIC else None


def _sentences(facts: dict[str, Any]) -> list[str]:
    influencer, sponsor = facts["influencer"]["name"], facts["sponsor"]
    days = facts["window_days"]
    return [
        f"This link of {influencer} leads to a page of {sponsor} at {facts['host']}."
        if facts["leads"]
        else f"This link of {influencer} to a page of {sponsor} leads nowhere any more.",
        f"{influencer} is paid by {sponsor} for what you buy through it, at no cost to you."
        if facts["paid_by_order"]
        else f"{influencer} has an agreement with {sponsor}; what you buy changes nothing in it.",
        f"A random number in a cookie remembers for {days} days that you came through it. No "
        "address of yours is kept, only a scrambled form of its network that changes daily.",
        "The page learns which link you came through and when, and nothing else from us.",
    ]
