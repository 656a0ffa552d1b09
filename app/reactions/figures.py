"""The admin's figures are forgotten when something that they count happens."""

from __future__ import annotations

from app.ad_requests import events as ad_requests
from app.campaigns import events as campaigns
from app.core.caching import invalidate
from app.identity import events as identity
from app.moderation import events as moderation
from app.payments import events as payments
from app.reporting.proof_record import AREA

COUNTED: tuple[type, ...] = (
    identity.UserRegistered,
    identity.UserDecided,
    moderation.AccountClosed,
    moderation.FlagRaised,
    moderation.FlagLifted,
    moderation.FlagUpheld,
    moderation.AppealMade,
    campaigns.CampaignSubmitted,
    campaigns.CampaignReturned,
    campaigns.CampaignPublished,
    campaigns.CampaignPaused,
    campaigns.CampaignResumed,
    campaigns.CampaignCompleted,
    campaigns.CampaignArchived,
    campaigns.CampaignDeleted,
    ad_requests.AdRequestProposed,
    ad_requests.AdRequestAccepted,
    ad_requests.AdRequestRejected,
    ad_requests.AdRequestWithdrawn,
    ad_requests.AdRequestExpired,
    ad_requests.AdRequestCompleted,
    ad_requests.AdRequestCancelled,
    ad_requests.DisputeOpened,
    ad_requests.DisputeDecided,
    payments.DepositSettled,
    payments.FundsReleased,
    payments.FundsRefunded,
    payments.WithdrawalPaid,
)


def forget(_fact: object) -> None:
    """Let the next reader of the summary count again, once this unit of work has committed."""
    invalidate(AREA)
