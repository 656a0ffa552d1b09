"""Both sides hear when a link is made, breaks, works again or is blocked; sponsors of domains."""

from __future__ import annotations

from typing import Any

from app.attribution.events import (
    LinkBlocked,
    LinkBroken,
    LinkFact,
    LinkMade,
    LinkRestored,
    LinkWorksAgain,
)
from app.attribution.link_models import TrackingLink
from app.attribution.links import address_of
from app.brands.events import DomainFact, DomainLapsed, DomainProofLost
from app.brands.models import SponsorDomain
from app.campaigns.models import Campaign
from app.core.events import Handler
from app.core.extensions import db
from app.identity import people
from app.identity.models import Influencer, Sponsor
from app.notifications.service import notify
from app.reactions.agreement_news import DECIDING


def made(fact: LinkMade) -> None:
    """Tell the influencer; several links of one agreement are one line."""
    notify(
        people.behind(fact.influencer_id),
        "link_made",
        subject_id=fact.ad_request_id or fact.link_id,
        params=_params(fact),
        link=f"/influencer/links/{fact.link_id}",
    )


def link_news(kind: str) -> Handler:
    """A handler that tells the sponsor and the influencer of a link's fact."""

    def tell(fact: LinkFact) -> None:
        params = _params(fact)
        sides = {
            "sponsor": people.members(fact.sponsor_id, DECIDING),
            "influencer": people.behind(fact.influencer_id),
        }
        for side, users in sides.items():
            notify(
                users,
                kind,
                subject_id=fact.link_id,
                params=params,
                link=f"/{side}/links/{fact.link_id}",
            )

    return tell


def domain_news(kind: str) -> Handler:
    """A handler that tells a sponsor of a domain that is no longer shown to be its own."""

    def tell(fact: DomainFact) -> None:
        until = getattr(fact, "until", None)
        notify(
            people.members(fact.sponsor_id, DECIDING),
            kind,
            subject_id=fact.domain_id,
            params={
                "host": db.session.get_one(SponsorDomain, fact.domain_id).host,
                "until": until and {"at": until.isoformat()},
            },
            link="/sponsor/settings/domains",
        )

    return tell


def _params(fact: LinkFact) -> dict[str, Any]:
    link = db.session.get_one(TrackingLink, fact.link_id)
    sponsor = db.session.get_one(Sponsor, fact.sponsor_id).name
    campaign = db.session.get(Campaign, fact.campaign_id) if fact.campaign_id else None
    return {
        "sponsor": sponsor,
        "influencer": db.session.get_one(Influencer, fact.influencer_id).name,
        "about": campaign.title if campaign else sponsor,
        "address": address_of(link),
        "detail": link.health_detail,
        "reason": getattr(fact, "reason", None),
    }


TOLD: tuple[tuple[type, Handler], ...] = (
    (LinkMade, made),
    (LinkBroken, link_news("link_broken")),
    (LinkWorksAgain, link_news("link_works")),
    (LinkBlocked, link_news("link_blocked")),
    (LinkRestored, link_news("link_restored")),
    (DomainProofLost, domain_news("domain_lost")),
    (DomainLapsed, domain_news("domain_lapsed")),
)
