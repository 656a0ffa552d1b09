"""Which touch an order belongs to: pure, over the touches that led to it.

A touch is a click on a link, or a coupon code named in the order. The rule has a side (the first
or the last click), a window in days before the order, and says whether a coupon beats a link or a
link a coupon. Each touch gets one word for what became of it, so a receipt can show all of them.

Touches of several campaigns may lead to one order. Each must lie within the window of its own
agreement, and the rule of the campaign that was touched last decides between them; a coupon is
touched at the order itself, so one that counts is always the last.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from app.campaigns.lifecycle import AttributionTouch

RULE_VERSION = 1
# The clocks of a shop and ours differ a little: a click is not behind its order for that.
CLOCKS_DIFFER = timedelta(minutes=5)


class TouchKind(StrEnum):
    CLICK = "click"
    COUPON = "coupon"


class TouchOutcome(StrEnum):
    """What became of a touch: `won`, or why it did not."""

    WON = "won"
    EARLIER = "earlier"
    LATER = "later"
    COUPON_BEATS_LINK = "coupon_beats_link"
    LINK_BEATS_COUPON = "link_beats_coupon"
    OUTSIDE_WINDOW = "outside_window"
    AFTER_ORDER = "after_order"
    BOT = "bot"
    PREFETCH = "prefetch"
    OVER_LIMIT = "over_limit"
    OWN_TEAM = "own_team"
    DOUBTED = "doubted"
    LINK_ENDED = "link_ended"
    BEFORE_AGREEMENT = "before_agreement"
    AGREEMENT_ENDED = "agreement_ended"


@dataclass(frozen=True)
class Rule:
    """How orders are credited: `window_days` before the order, 1 to 90."""

    touch: AttributionTouch = AttributionTouch.LAST
    window_days: int = 30
    coupon_beats_link: bool = True


@dataclass(frozen=True, kw_only=True)
class Touch:
    """One touch with the rule of its own agreement. `barred` says why it can never win."""

    kind: TouchKind
    at: datetime
    rule: Rule
    barred: TouchOutcome | None = None


@dataclass(frozen=True)
class Credit:
    """The rule that decided, the place of the winner in what was given (None: nobody), and what
    became of each touch, in the order given."""

    rule: Rule
    winner: int | None
    outcomes: tuple[TouchOutcome, ...]


def credit(touches: Sequence[Touch], ordered_at: datetime, rule: Rule | None = None) -> Credit:
    """Who is credited with an order of this moment.

    `rule` replaces the rules of the touches (a replay). Of two touches at the same moment the one
    that stands later in `touches` is the later one.
    """
    closed = [_closed(touch, ordered_at, rule or touch.rule) for touch in touches]
    open_ones = sorted(
        (place for place, why in enumerate(closed) if why is None),
        key=lambda place: (touches[place].kind is TouchKind.COUPON, touches[place].at, place),
    )
    if not open_ones:
        return Credit(rule or Rule(), None, tuple(why for why in closed if why is not None))
    deciding = rule or touches[open_ones[-1]].rule
    winner = _winner(touches, open_ones, deciding)
    outcomes = [
        why or (TouchOutcome.WON if place == winner else _lost(touches, place, winner, deciding))
        for place, why in enumerate(closed)
    ]
    return Credit(deciding, winner, tuple(outcomes))


def _closed(touch: Touch, ordered_at: datetime, rule: Rule) -> TouchOutcome | None:
    if touch.barred is not None:
        return touch.barred
    if touch.kind is TouchKind.COUPON:
        return None
    if touch.at > ordered_at + CLOCKS_DIFFER:
        return TouchOutcome.AFTER_ORDER
    if ordered_at - touch.at > timedelta(days=rule.window_days):
        return TouchOutcome.OUTSIDE_WINDOW
    return None


def _winner(touches: Sequence[Touch], in_order: Sequence[int], rule: Rule) -> int:
    coupons = [place for place in in_order if touches[place].kind is TouchKind.COUPON]
    clicks = [place for place in in_order if touches[place].kind is TouchKind.CLICK]
    if coupons and (rule.coupon_beats_link or not clicks):
        # The code that the order names first.
        return coupons[0]
    return clicks[0] if rule.touch is AttributionTouch.FIRST else clicks[-1]


def _lost(touches: Sequence[Touch], place: int, winner: int, rule: Rule) -> TouchOutcome:
    if touches[place].kind is not touches[winner].kind:
        by_coupon = touches[winner].kind is TouchKind.COUPON
        return TouchOutcome.COUPON_BEATS_LINK if by_coupon else TouchOutcome.LINK_BEATS_COUPON
    by_first = touches[winner].kind is TouchKind.COUPON or rule.touch is AttributionTouch.FIRST
    return TouchOutcome.LATER if by_first else TouchOutcome.EARLIER
