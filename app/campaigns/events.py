"""Facts of campaigns."""

from dataclasses import dataclass


@dataclass(frozen=True)
class CampaignSubmitted:
    """A sponsor asked for publication and an admin has to approve it."""

    campaign_id: str


@dataclass(frozen=True)
class CampaignReturned:
    """An admin sent a submitted campaign back."""

    campaign_id: str
    reason: str


@dataclass(frozen=True)
class CampaignPublished:
    campaign_id: str


@dataclass(frozen=True)
class CampaignPaused:
    """No new proposals from here on; open ones go on."""

    campaign_id: str


@dataclass(frozen=True)
class CampaignResumed:
    campaign_id: str


@dataclass(frozen=True)
class CampaignCompleted:
    """Open proposals end with it; no agreement was active."""

    campaign_id: str


@dataclass(frozen=True)
class CampaignArchived:
    """Open proposals end with it; no agreement was active."""

    campaign_id: str


@dataclass(frozen=True)
class CampaignEdited:
    """An edit after publication that left the terms as they were. `fields` are their names."""

    campaign_id: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class CampaignTermsChanged:
    """An edit after publication that changed terms: accepted offers stand, open ones are stale."""

    campaign_id: str
    fields: tuple[str, ...]
    terms_version: int


@dataclass(frozen=True)
class CampaignDeleted:
    campaign_id: str


@dataclass(frozen=True)
class CampaignEffectsChanged:
    """Moderation hid, suspended or restored a campaign."""

    campaign_id: str
    hidden: bool
    suspended: bool
