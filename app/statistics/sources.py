"""Where a figure comes from, and what the figures of a post are (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Source(StrEnum):
    """`measured`: taken from the platform. `reported`: read there and typed in by somebody.
    `estimated`: nobody read it."""

    MEASURED = "measured"
    REPORTED = "reported"
    ESTIMATED = "estimated"


INTERACTIONS = ("reactions", "comments", "shares")
SENTIMENTS = ("positive", "negative", "neutral", "not_concerned")
OPTIONAL = ("views", "followers", *SENTIMENTS)
COUNTS = (*INTERACTIONS, *OPTIONAL)
MOST = 10**12


def problems(values: Mapping[str, int | None]) -> dict[str, str]:
    """What is wrong with the figures of a post, by field; nothing where they can be true."""
    known = [name for name in SENTIMENTS if values.get(name) is not None]
    if known and len(known) < len(SENTIMENTS):
        missing = next(name for name in SENTIMENTS if name not in known)
        return {missing: "Give all four: positive, negative, neutral and not concerned."}
    labelled = sum(values.get(name) or 0 for name in SENTIMENTS)
    comments = values.get("comments") or 0
    if labelled > comments:
        return {"positive": f"The four sum to {labelled}, more than the {comments} comments."}
    return {}
