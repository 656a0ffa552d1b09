"""Jobs of agreements."""

from __future__ import annotations

from app.ad_requests import punctuality, service
from app.core.jobs import job


@job("ad_requests.enforce_deadlines", queue="deadlines")
def enforce_deadlines() -> dict[str, int]:
    """Expire, approve, complete, cancel, escalate and remind whatever is due."""
    return service.enforce_deadlines()


@job("ad_requests.close_proposals")
def close_proposals(campaign_id: str, reason: str) -> None:
    """Expire the open proposals of a campaign that has ended."""
    service.close_all_proposals(campaign_id, reason=reason)


@job("ad_requests.time_payments")
def time_payments(sponsor_id: str) -> None:
    """Measure anew how punctually a sponsor pays."""
    punctuality.measure(sponsor_id)


@job("ad_requests.time_all_payments")
def time_all_payments() -> dict[str, int]:
    """Measure the sponsors whose last year has moved on by a day."""
    return {"measured": punctuality.measure_all()}
