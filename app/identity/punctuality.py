"""How punctually a sponsor pays, as it is shown. Pure."""

from __future__ import annotations

from typing import Any

WINDOW_DAYS = 365
FLOOR = 3
"""Fewer payments than this say nothing about a sponsor."""


def shown(count: int, on_time: int, seconds: int) -> dict[str, Any]:
    """`count` payments that took `seconds` together, `on_time` of them made by the sponsor: mean
    days to pay, and the percent on time rounded down, so that 100 means every one."""
    enough = count >= FLOOR
    return {
        "count": count,
        "days_to_pay": round(seconds / count / 86400, 1) if enough else None,
        "on_time_percent": on_time * 100 // count if enough else None,
        "window_days": WINDOW_DAYS,
    }
