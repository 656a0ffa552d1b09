"""Jobs of links, clicks and orders; each is safe to run twice."""

from __future__ import annotations

from app.attribution import consumer, exchange_rates, link_health, links
from app.core.jobs import OUTBOUND, job


@job("attribution.consume_clicks")
def consume_clicks() -> dict[str, int]:
    """Turn the clicks of the logs into rows."""
    return consumer.consume()


@job("attribution.make_links")
def make_links(sponsor_id: str) -> dict[str, int]:
    """Make the links that waited for a domain of the sponsor."""
    return {"made": links.make_missing(sponsor_id)}


@job("attribution.check_links", queue=OUTBOUND)
def check_links() -> dict[str, int]:
    """Look whether the pages of links answer."""
    return link_health.check_due()


@job("attribution.count_waiting")
def count_waiting(sponsor_id: str) -> dict[str, int]:
    """Count and pay the orders that waited for a rate."""
    return {"counted": exchange_rates.count_waiting(sponsor_id)}
