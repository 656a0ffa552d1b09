"""Links follow agreements and domains: an agreement gets its own, and a domain lets them lead."""

from __future__ import annotations

from app.ad_requests.events import AdRequestAccepted
from app.attribution import link_table, links
from app.brands.events import DomainsChanged
from app.core.jobs import enqueue


def on_accepted(fact: AdRequestAccepted) -> None:
    """Give the agreement the links that it has by itself."""
    links.on_accepted(fact.ad_request_id)


def on_domains_changed(fact: DomainsChanged) -> None:
    """Let links lead, or stop; a job makes those that waited for the domain."""
    link_table.changed()
    enqueue("attribution.make_links", sponsor_id=fact.sponsor_id)
