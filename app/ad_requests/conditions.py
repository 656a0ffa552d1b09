"""What of its campaign's brief holds for an agreement, beside its offer.

It is kept at the acceptance: an edit of the campaign never touches what was agreed.
"""

from __future__ import annotations

from typing import Any, TypedDict

from app.ad_requests.models import AdRequest
from app.campaigns.models import Campaign
from app.payments import service as payments


class Conditions(TypedDict):
    """`hold_days`: days from a release until its money may be withdrawn; `time_zone`: in which
    the days of deadlines end."""

    hold_days: int
    time_zone: str
    disclosure_rule: str
    disclosure_tags: list[str]


def offered(campaign: Campaign) -> Conditions:
    """What holds for an agreement that begins now."""
    own = campaign.hold_days
    return {
        "hold_days": payments.hold_days() if own is None else own,
        "time_zone": campaign.time_zone,
        "disclosure_rule": campaign.disclosure_rule,
        "disclosure_tags": list(campaign.disclosure_tags),
    }


def of(ad_request: AdRequest) -> Conditions:
    """What holds for an agreement; for an open proposal what would, were it accepted now (with
    `campaign` loaded)."""
    return known(ad_request.conditions, ad_request.campaign)


def known(kept: dict[str, Any] | None, campaign: Campaign) -> Conditions:
    """`kept` with what it leaves open taken from the campaign, as `of`."""
    found = offered(campaign)
    for name, value in (kept or {}).items():
        if value is not None:
            # What is kept was written from Conditions, so its names are known.
            found[name] = value  # type: ignore[literal-required]
    return found


def shown(ad_request: AdRequest) -> dict[str, Any]:
    """All conditions for the wire, with the rule by which orders count."""
    campaign, agreed = ad_request.campaign, ad_request.accepted_at is not None
    kept = agreed and ad_request.attribution_touch is not None
    rule = ad_request if kept else campaign
    assert rule.attribution_touch is not None
    holds = of(ad_request)
    if not agreed and ad_request.current_offer is not None:
        holds["hold_days"] = ad_request.current_offer.hold_days
    return {
        "agreed": agreed,
        **holds,
        "attribution_touch": rule.attribution_touch.value,
        "attribution_window_days": rule.attribution_window_days,
        "coupon_beats_link": rule.coupon_beats_link,
    }
