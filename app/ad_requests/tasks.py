"""Jobs of agreements."""

from __future__ import annotations

from app.ad_requests import punctuality, service
from app.core.jobs import OUTBOUND, enqueue, job
from app.core.transaction import unit_of_work


@job("ad_requests.enforce_deadlines", queue="deadlines")
def enforce_deadlines() -> dict[str, int]:
    """Expire, approve, complete, cancel, escalate and remind whatever is due."""
    return service.enforce_deadlines()


@job("ad_requests.close_proposals")
def close_proposals(campaign_id: str, reason: str) -> None:
    """Expire the open proposals of a campaign that has ended."""
    service.close_all_proposals(campaign_id, reason=reason)


@job("ad_requests.check_publication", queue=OUTBOUND)
def check_publication(ad_request_id: str, deliverable_id: str) -> dict[str, str]:
    """Look whether a published post is there; the result says what came of it."""
    return service.check_publication(ad_request_id, deliverable_id)


@job("ad_requests.tell_of_new_terms")
def tell_of_new_terms(campaign_id: str, terms_version: int, after: str = "") -> None:
    """Tell a batch of those with an open proposal; the rest is a job of its own, made with it.

    So a batch that fails is told again as a whole, and nobody before it.
    """

    def batch() -> None:
        last = service.tell_of_new_terms(campaign_id, terms_version=terms_version, after=after)
        if last is not None:
            enqueue(
                "ad_requests.tell_of_new_terms",
                campaign_id=campaign_id,
                terms_version=terms_version,
                after=last,
            )

    unit_of_work(batch)


@job("ad_requests.time_payments")
def time_payments(sponsor_id: str) -> None:
    """Measure anew how punctually a sponsor pays."""
    punctuality.measure(sponsor_id)


@job("ad_requests.time_all_payments")
def time_all_payments() -> dict[str, int]:
    """Measure the sponsors whose last year has moved on by a day."""
    return {"measured": punctuality.measure_all()}
