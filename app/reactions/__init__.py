"""When X happened, tell Y: one file for each reacting concern, wired here in one table.

Handlers run inside the unit of work of the fact; slow things become jobs.
"""

from __future__ import annotations

from app.ad_requests.events import (
    AdRequestAccepted,
    DeliverableCancelled,
    DeliverableCompleted,
    DeliverablePublished,
)
from app.ad_requests.naming import name_agreements
from app.brands.events import BrandChanged, DomainsChanged
from app.campaigns.events import CampaignArchived, CampaignCompleted, CampaignTermsChanged
from app.core.events import Handler, subscribe
from app.identity.events import SponsorChanged
from app.payments.naming import name_by
from app.reactions import (
    agreements,
    campaigns,
    counting,
    figures,
    link_news,
    links,
    notify,
    orders,
)

REACTIONS: tuple[tuple[type, Handler], ...] = (
    (BrandChanged, campaigns.on_brand_changed),
    (SponsorChanged, campaigns.on_sponsor_changed),
    (DomainsChanged, links.on_domains_changed),
    (AdRequestAccepted, links.on_accepted),
    (CampaignCompleted, agreements.close_proposals),
    (CampaignArchived, agreements.close_proposals),
    (CampaignTermsChanged, agreements.tell_of_new_terms),
    (DeliverablePublished, agreements.check_publication),
    (DeliverableCompleted, agreements.time_payments),
    (DeliverableCancelled, agreements.time_payments),
    *((fact, orders.on_order) for fact in orders.HEARD),
    *((fact, figures.forget) for fact in figures.COUNTED),
    *counting.COUNTED,
    *notify.TOLD,
    *link_news.TOLD,
)


def register_reactions() -> None:
    """Subscribe every reaction of the table, and let documents of money name agreements."""
    name_by(name_agreements)
    for fact, handler in REACTIONS:
        subscribe(fact, handler)
