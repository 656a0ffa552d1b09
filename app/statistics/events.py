"""Facts of statistics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class ReportChanged:
    """What the report of a campaign counts has changed. `influencer_id` is whose part it is."""

    campaign_id: str
    sponsor_id: str
    influencer_id: str
