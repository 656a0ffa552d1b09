"""Ad requests and all that hangs on them."""

from __future__ import annotations

from app.ad_requests.models.agreements import AdRequest, Offer
from app.ad_requests.models.deliverables import Deliverable, Dispute, Submission
from app.ad_requests.models.exchange import Message, MessageMark, Rating

__all__ = [
    "AdRequest",
    "Deliverable",
    "Dispute",
    "Message",
    "MessageMark",
    "Offer",
    "Rating",
    "Submission",
]
