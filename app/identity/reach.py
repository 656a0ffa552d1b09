"""How many people a profile reaches with one post: an estimate from followers and activity.

Platforms show a post to part of the followers, and to more of them where people respond. Per
account: `followers × min(1, floor + slope × rate)`, with rate = average engagement / followers.
With floor 0.1 and slope 4 an account without response reaches a tenth of its followers, one at
5 % engagement 30 %. The constants are a decision of ours, not a measurement; pages mark the figure
as an estimate.
"""

from __future__ import annotations

from collections.abc import Iterable

FLOOR = 0.1
SLOPE = 4.0


def account_reach(followers: int, average_engagement: int | None) -> int:
    """Estimated people per post of one account; 0 for an account without followers."""
    if followers <= 0:
        return 0
    rate = (average_engagement or 0) / followers
    return round(followers * min(1.0, FLOOR + SLOPE * rate))


def reach(accounts: Iterable[tuple[int, int | None]]) -> int:
    """The sum over `(followers, average engagement)` of a profile's accounts."""
    return sum(account_reach(followers, engagement) for followers, engagement in accounts)


def engagement_rate(accounts: Iterable[tuple[int, int | None]]) -> float | None:
    """Average engagement over followers, of the accounts where both are known; else None."""
    known = [(f, e) for f, e in accounts if f > 0 and e is not None]
    if not known:
        return None
    return sum(e for _, e in known) / sum(f for f, _ in known)
