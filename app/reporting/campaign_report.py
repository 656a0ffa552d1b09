"""From what was counted to the rates of a campaign's report (pure).

Source of the rates: "ADVO: A System to Manage Influencer Marketing Campaigns on Social Networks",
Applied Sciences 2021, 11(14), 6497, Tables 2 to 4 and Figure 9. What was not counted gives no rate
(None), never 0. Rates are fractions (0.2232 is 22.32 %), amounts minor units of one currency.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from operator import attrgetter

from app.reporting.intervals import newcombe

SENTIMENTS = ("positive", "negative", "neutral", "not_concerned")


class Base(StrEnum):
    """What interactions are measured against."""

    VIEWS = "views"
    FOLLOWERS = "followers"
    MIXED = "mixed"


@dataclass(frozen=True, kw_only=True)
class Counts:
    """What was counted in one phase, of one influencer or for one way of choosing.

    `authors` are the influencers with a published post. `figured` posts have figures; `engaged` are
    the interactions of those whose base is known: their `views`, or for a post whose views nobody
    knows the `followers` at its posting. `revenue` is net of tax and shipping, before `refunds`.
    """

    authors: frozenset[str] = frozenset()
    posts: int = 0
    figured: int = 0
    views: int = 0
    followers: int = 0
    engaged: int = 0
    reactions: int = 0
    comments: int = 0
    shares: int = 0
    positive: int = 0
    negative: int = 0
    neutral: int = 0
    not_concerned: int = 0
    clicks: int = 0
    orders: int = 0
    revenue: int = 0
    refunds: int = 0
    spend: int = 0

    @property
    def interactions(self) -> int:
        """Reactions, comments and shares."""
        return self.reactions + self.comments + self.shares

    @property
    def labelled(self) -> int:
        """Comments whose sentiment is known."""
        return sum(getattr(self, name) for name in SENTIMENTS)


_SUMMED = tuple(field.name for field in fields(Counts) if field.name != "authors")


@dataclass(frozen=True, kw_only=True)
class Rates:
    """What follows from the counts; None where there is nothing to divide by."""

    engagement_rate: float | None
    engagement_base: Base | None
    sentiment: Mapping[str, float | None]
    click_per_interaction: float | None
    conversion_per_click: float | None
    cost_per_click: int | None
    cost_per_order: int | None
    roi: float | None
    orders_per_influencer: float | None
    revenue_per_influencer: int | None


@dataclass(frozen=True)
class Change:
    """What became of a figure from one phase to the next.

    `value` is the relative change of a count or an amount (−0.15 is 15 % less), and the difference
    of two rates (0.12 is 12 points more) where `in_points`. `low` and `high` hold that difference
    with 95 % certainty, where the rate is a share of what it is counted from.
    """

    value: float | None
    in_points: bool = False
    low: float | None = None
    high: float | None = None


def total(parts: Iterable[Counts]) -> Counts:
    """All of them together; an influencer of two parts counts once."""
    every = list(parts)
    sums = {name: sum(map(attrgetter(name), every)) for name in _SUMMED}
    return Counts(authors=frozenset().union(*(one.authors for one in every)), **sums)


def rates(counts: Counts) -> Rates:
    """The rates of what was counted.

    Engagement rate: interactions / views where views are known, else / followers at posting.
    Click per interaction: clicks / interactions. Conversion per click: orders / clicks. Cost per
    click and per order: spend / clicks, spend / orders. ROI: (revenue − refunds − spend) / spend.
    Average influencer efficiency: orders, and revenue, per influencer with a published post.
    """
    authors = len(counts.authors)
    return Rates(
        engagement_rate=_ratio(counts.engaged, counts.views + counts.followers),
        engagement_base=_base(counts),
        sentiment={name: _ratio(getattr(counts, name), counts.labelled) for name in SENTIMENTS},
        click_per_interaction=_ratio(counts.clicks, counts.interactions),
        conversion_per_click=_ratio(counts.orders, counts.clicks),
        cost_per_click=_each(counts.spend, counts.clicks),
        cost_per_order=_each(counts.spend, counts.orders),
        roi=_ratio(counts.revenue - counts.refunds - counts.spend, counts.spend),
        orders_per_influencer=_ratio(counts.orders, authors),
        revenue_per_influencer=_each(counts.revenue, authors),
    )


# A rate's share and whole, as the paper divides them.
_SHARES = {
    "click_per_interaction": ("clicks", "interactions"),
    "conversion_per_click": ("orders", "clicks"),
    **{name: (name, "labelled") for name in SENTIMENTS},
}
_COUNTED = (
    *("posts", "views", "reactions", "comments", "shares", "interactions"),
    *("clicks", "orders", "revenue", "refunds", "spend"),
)
_DIVIDED = (
    *("cost_per_click", "cost_per_order", "orders_per_influencer", "revenue_per_influencer"),
)


def changes(before: Counts, after: Counts) -> dict[str, Change]:
    """What became of each figure from `before` to `after`, by the figure's name."""
    earlier, later = rates(before), rates(after)
    found = {
        name: Change(_relative(getattr(before, name), getattr(after, name))) for name in _COUNTED
    }
    for name in _DIVIDED:
        found[name] = Change(_relative(getattr(earlier, name), getattr(later, name)))
    for name, (part, whole) in _SHARES.items():
        found[name] = _points(
            (getattr(before, part), getattr(before, whole)),
            (getattr(after, part), getattr(after, whole)),
        )
    found["roi"] = Change(_difference(earlier.roi, later.roi), in_points=True)
    same_base = earlier.engagement_base is later.engagement_base
    found["engagement_rate"] = Change(
        _difference(earlier.engagement_rate, later.engagement_rate) if same_base else None,
        in_points=True,
    )
    return found


def _points(before: tuple[int, int], after: tuple[int, int]) -> Change:
    low, high = newcombe(*before, *after) or (None, None)
    return Change(_difference(_ratio(*before), _ratio(*after)), True, low, high)


def _base(counts: Counts) -> Base | None:
    if counts.views and counts.followers:
        return Base.MIXED
    if counts.views:
        return Base.VIEWS
    return Base.FOLLOWERS if counts.followers else None


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole > 0 else None


def _each(amount: int, count: int) -> int | None:
    """`amount` for each of `count`, rounded half up to a minor unit."""
    return (2 * amount + count) // (2 * count) if count > 0 else None


def _relative(before: float | None, after: float | None) -> float | None:
    if before is None or after is None or before <= 0:
        return None
    return after / before - 1


def _difference(before: float | None, after: float | None) -> float | None:
    return None if before is None or after is None else after - before
