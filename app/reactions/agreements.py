"""Open proposals follow their campaign: they end with it, and hear of new terms. A publication is
looked at."""

from __future__ import annotations

from app.ad_requests import service
from app.ad_requests.events import (
    DeliverableCancelled,
    DeliverableCompleted,
    DeliverablePublished,
)
from app.campaigns.events import CampaignArchived, CampaignCompleted, CampaignTermsChanged
from app.core.jobs import enqueue


def close_proposals(fact: CampaignCompleted | CampaignArchived) -> None:
    """Expire the open proposals; what is many or being answered right now is left to a job."""
    reason = "The campaign has ended."
    if service.close_proposals(fact.campaign_id, reason=reason):
        enqueue("ad_requests.close_proposals", campaign_id=fact.campaign_id, reason=reason)


def tell_of_new_terms(fact: CampaignTermsChanged) -> None:
    """Leave it to a job to tell everyone with an open proposal; accepted offers stand."""
    enqueue(
        "ad_requests.tell_of_new_terms",
        campaign_id=fact.campaign_id,
        terms_version=fact.terms_version,
    )


def check_publication(fact: DeliverablePublished) -> None:
    """Leave it to jobs to look whether the post is there, now and later."""
    service.plan_checks(ad_request_id=fact.ad_request_id, deliverable_id=fact.deliverable_id)


def time_payments(fact: DeliverableCompleted | DeliverableCancelled) -> None:
    """Let a job measure how punctually the sponsor pays, off the path of the payment."""
    enqueue("ad_requests.time_payments", sponsor_id=fact.sponsor_id)
