"""The tables of attribution."""

from __future__ import annotations

from app.attribution.link_models import Click, ClickSegment, CouponCode, LinkTable, TrackingLink

__all__ = ["Click", "ClickSegment", "CouponCode", "LinkTable", "TrackingLink"]
