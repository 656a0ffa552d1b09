"""A campaign as one actor sees it: the row, and what is derived from it for this reader."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.campaigns.actions import actions
from app.campaigns.models import Campaign
from app.core.actor import Actor
from app.core.folding import fold
from app.core.markdown import to_html, to_plain
from app.core.paging import Page
from app.identity.models import Influencer

EXCERPT_CHARACTERS = 220
_EXCERPT_SOURCE = 2000


@dataclass(frozen=True)
class Shown:
    """What the schemas read. `profile` is the influencer for whom the fit is told, `ad_request`
    what there is between the two: `{id, status, live}`."""

    campaign: Campaign
    actor: Actor
    profile: Influencer | None = None
    ad_request: Mapping[str, Any] | None = None

    def __getattr__(self, name: str) -> Any:
        return getattr(self.campaign, name)

    @property
    def actions(self) -> list[str]:
        found = actions(self.actor, self.campaign)
        if self.ad_request is not None and self.ad_request["live"]:
            return [name for name in found if name != "apply"]
        return found

    @property
    def product_ids(self) -> list[str]:
        return [product.id for product in self.campaign.products]

    @property
    def description_html(self) -> str:
        return to_html(self.campaign.description)

    @property
    def excerpt(self) -> str:
        return to_plain(self.campaign.description[:_EXCERPT_SOURCE], EXCERPT_CHARACTERS)

    @property
    def fit(self) -> dict[str, Any] | None:
        return fit(self.campaign, self.profile) if self.profile else None


def shown_page(
    page: Page[Campaign], actor: Actor, profile: Influencer | None = None
) -> Page[Shown]:
    """A page of campaigns as the actor sees them."""
    return Page([Shown(campaign, actor, profile) for campaign in page.items], page.next)


def fit(campaign: Campaign, profile: Influencer) -> dict[str, Any]:
    """Where a campaign and a profile (with niches and accounts) meet.

    What the campaign leaves open fits everyone.
    """
    wanted, own = set(campaign.platforms), {account.platform.value for account in profile.accounts}
    language, countries = campaign.language, {fold(name) for name in campaign.countries}
    return {
        "reach": profile.reach >= campaign.min_reach,
        "language": not language or language.split("-")[0] == profile.language.split("-")[0],
        "country": not countries or fold(profile.country) in countries,
        "platforms": not wanted or bool(wanted & own),
        "niches": sorted(set(campaign.niches) & set(profile.niches)),
    }
