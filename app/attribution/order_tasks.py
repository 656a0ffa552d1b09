"""Jobs of orders; each is safe to run twice."""

from __future__ import annotations

from app.attribution import exchange_rates
from app.core.jobs import job


@job("attribution.count_waiting")
def count_waiting(sponsor_id: str) -> dict[str, int]:
    """Count and pay the orders that waited for a rate."""
    return {"counted": exchange_rates.count_waiting(sponsor_id)}
