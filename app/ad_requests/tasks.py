"""Jobs of agreements."""

from __future__ import annotations

from app.ad_requests import service
from app.core.jobs import job


@job("ad_requests.enforce_deadlines", queue="deadlines")
def enforce_deadlines() -> dict[str, int]:
    """Expire, approve, complete, cancel, escalate and remind whatever is due."""
    return service.enforce_deadlines()


@job("ad_requests.close_proposals")
def close_proposals(campaign_id: str, reason: str) -> None:
    """Expire the open proposals of a campaign that has ended."""
    service.close_all_proposals(campaign_id, reason=reason)
