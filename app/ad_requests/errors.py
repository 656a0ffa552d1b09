"""Refusals of agreements."""

from app.core.errors import Conflict


class StaleOffer(Conflict):
    """Another offer is current by now; `current_offer` carries its id and hash."""

    type = "stale-offer"
    title = "Another offer is current by now"


class TermsChanged(Conflict):
    type = "terms-changed"
    title = "The campaign's brief changed after this offer"


class OfferExpired(Conflict):
    type = "offer-expired"
    title = "The time to answer this offer is over"


class OwnOffer(Conflict):
    type = "own-offer"
    title = "The other side answers your own offer"


class NotYourTurn(Conflict):
    type = "not-your-turn"
    title = "The other side acts next"


class AwaitingConsent(Conflict):
    type = "awaiting-consent"
    title = "The sponsor has not consented to this assignment yet"


class AlreadyLive(Conflict):
    """There is an open or active ad request; `ad_request_id` names it."""

    type = "already-live"
    title = "This campaign and influencer have a live ad request already"


class AlreadyExtended(Conflict):
    type = "already-extended"
    title = "This deadline was extended once already"


class CounterpartySuspended(Conflict):
    type = "counterparty-suspended"
    title = "The other side cannot act at the moment"


class TeamSuspended(Conflict):
    type = "team-suspended"
    title = "Your team cannot agree to anything at the moment"


class InfluencerNotRegistered(Conflict):
    type = "influencer-not-registered"
    title = "Nobody has registered this profile yet"


class AwaitingClearance(Conflict):
    type = "awaiting-clearance"
    title = "An admin looks at this draft first"


class CampaignEnded(Conflict):
    type = "campaign-ended"
    title = "This campaign has ended"


class TooManyOffers(Conflict):
    type = "too-many-offers"
    title = "This negotiation has reached its limit of offers"


class TooManyDrafts(Conflict):
    type = "too-many-drafts"
    title = "This deliverable has reached its limit of drafts"


class NothingToCancel(Conflict):
    type = "nothing-to-cancel"
    title = "There is nothing that could be cancelled"


class NothingToExtend(Conflict):
    type = "nothing-to-extend"
    title = "There is no deadline of yours to extend"


class DisputeClosed(Conflict):
    type = "dispute-closed"
    title = "This can no longer be disputed"


class CommissionCapReached(Conflict):
    """`left` minor units of the cap remain."""

    type = "commission-cap-reached"
    title = "The commission's cap does not cover this"


class AlreadyRated(Conflict):
    type = "already-rated"
    title = "You have rated this agreement"


class RatingClosed(Conflict):
    type = "rating-closed"
    title = "This agreement cannot be rated now"


class ChecksOff(Conflict):
    type = "checks-off"
    title = "Live checks are switched off"


class CheckedAlready(Conflict):
    type = "checked-already"
    title = "This post was looked at a moment ago"
