"""Publishing what happened to an ad request."""

from __future__ import annotations

from typing import Any

from app.ad_requests.events import AgreementFact
from app.ad_requests.models import AdRequest
from app.ad_requests.ownership import party_of
from app.core.actor import Actor
from app.core.events import publish


def tell(fact: type[AgreementFact], ad_request: AdRequest, actor: Actor, **more: Any) -> None:
    """Publish a fact about an ad request that the actor brought about."""
    publish(
        fact(
            ad_request_id=ad_request.id,
            campaign_id=ad_request.campaign_id,
            sponsor_id=ad_request.sponsor_id,
            influencer_id=ad_request.influencer_id,
            by=party_of(actor).value,
            **more,
        )
    )
