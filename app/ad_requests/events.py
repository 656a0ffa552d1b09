"""Facts of agreements. Every one names the ad request and both parties, so that hearers need no
look-up to know whom it concerns.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, kw_only=True)
class AgreementFact:
    """Base of all facts here. `by` is who did it: sponsor, influencer, admin or system."""

    ad_request_id: str
    campaign_id: str
    sponsor_id: str
    influencer_id: str
    by: str


# --- offers -------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class AdRequestProposed(AgreementFact):
    """An invitation, application or assignment was made. `waits_for` answers it."""

    origin: str
    offer_id: str
    waits_for: str


@dataclass(frozen=True, kw_only=True)
class AssignmentConsented(AgreementFact):
    """The sponsor consented to an admin's assignment; the influencer answers now."""

    offer_id: str


@dataclass(frozen=True, kw_only=True)
class OfferCountered(AgreementFact):
    """A further offer was made; the other side answers it."""

    offer_id: str
    waits_for: str


@dataclass(frozen=True, kw_only=True)
class OfferExtended(AgreementFact):
    """The time to answer was extended, once."""

    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class AdRequestAccepted(AgreementFact):
    """Both sides accepted the same offer; the funds are held."""

    offer_id: str
    held_amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class AdRequestRejected(AgreementFact):
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class AdRequestWithdrawn(AgreementFact):
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class AdRequestExpired(AgreementFact):
    """Nobody answered in time, or the campaign ended. `reason` says which, if not the time."""

    reason: str | None


@dataclass(frozen=True, kw_only=True)
class ApplicantToldOfTerms(AgreementFact):
    """The campaign's terms changed while this proposal is open; a new offer is invited."""


# --- the agreement ------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class DeliverableFact(AgreementFact):
    """Base of facts about one deliverable."""

    deliverable_id: str


@dataclass(frozen=True, kw_only=True)
class DeliverableDueSoon(DeliverableFact):
    """A reminder: `deadline` comes within `hours`. `status` says what is to be done."""

    status: str
    hours: int
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class DeliverableSubmitted(DeliverableFact):
    submission_id: str


@dataclass(frozen=True, kw_only=True)
class ChangesRequested(DeliverableFact):
    note: str | None


@dataclass(frozen=True, kw_only=True)
class ReviewExtended(DeliverableFact):
    deadline: datetime


@dataclass(frozen=True, kw_only=True)
class DeliverableApproved(DeliverableFact):
    """By the sponsor, or by the system when nobody answered in time."""


@dataclass(frozen=True, kw_only=True)
class DeliverablePublished(DeliverableFact):
    url: str


@dataclass(frozen=True, kw_only=True)
class LiveCheckFailed(DeliverableFact):
    """The post was missing twice, an hour apart; the influencer publishes again."""


@dataclass(frozen=True, kw_only=True)
class DeliverableCompleted(DeliverableFact):
    """`amount` (minor units) was released to the influencer, into the hold period."""

    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CancellationRequested(DeliverableFact):
    """One side asks the other to agree to a cancellation."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class DeliverableCancelled(DeliverableFact):
    """`amount` (minor units) went back to the sponsor."""

    amount: int
    currency: str
    reason: str | None


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(DeliverableFact):
    dispute_id: str


@dataclass(frozen=True, kw_only=True)
class DisputeAnswered(DeliverableFact):
    dispute_id: str


@dataclass(frozen=True, kw_only=True)
class DisputeEscalated(DeliverableFact):
    dispute_id: str


@dataclass(frozen=True, kw_only=True)
class DisputeDecided(DeliverableFact):
    dispute_id: str
    to_influencer_percent: int


@dataclass(frozen=True, kw_only=True)
class AdRequestCompleted(AgreementFact):
    """Every deliverable is closed and at least one was carried out."""


@dataclass(frozen=True, kw_only=True)
class AdRequestCancelled(AgreementFact):
    """Every deliverable was cancelled."""


# --- between people -----------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class MessagePosted(AgreementFact):
    message_id: str


@dataclass(frozen=True, kw_only=True)
class RatingsRevealed(AgreementFact):
    """The ratings of an agreement became visible to both sides."""
