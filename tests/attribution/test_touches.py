"""Which touch wins an order, for every rule, and what is said of the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attribution.touches import CLOCKS_DIFFER, Credit, Rule, Touch, TouchKind, credit
from app.attribution.touches import TouchOutcome as Outcome
from app.campaigns.lifecycle import AttributionTouch

ORDERED = datetime(2026, 6, 30, 12, tzinfo=UTC)
LAST = Rule()
FIRST = Rule(touch=AttributionTouch.FIRST)
LINK_WINS = Rule(coupon_beats_link=False)


def click(days: float, rule: Rule = LAST, barred: Outcome | None = None) -> Touch:
    """A click so many days before the order."""
    at = ORDERED - timedelta(days=days)
    return Touch(kind=TouchKind.CLICK, at=at, rule=rule, barred=barred)


def coupon(rule: Rule = LAST, barred: Outcome | None = None) -> Touch:
    """A code in the order."""
    return Touch(kind=TouchKind.COUPON, at=ORDERED, rule=rule, barred=barred)


def outcomes(*touches: Touch, rule: Rule | None = None) -> list[str]:
    """What becomes of each."""
    return [outcome.value for outcome in credit(touches, ORDERED, rule).outcomes]


def test_an_order_without_touches_belongs_to_nobody():
    assert credit([], ORDERED) == Credit(Rule(), None, ())


def test_the_last_click_wins_by_the_rule_of_the_last():
    assert outcomes(click(9), click(1), click(3)) == ["earlier", "won", "earlier"]


def test_the_first_click_within_the_window_wins_by_the_rule_of_the_first():
    touches = [click(31, FIRST), click(9, FIRST), click(1, FIRST)]
    assert outcomes(*touches) == ["outside_window", "won", "later"]


def test_the_window_ends_to_the_second():
    edge = click(30)
    just_outside = Touch(kind=edge.kind, at=edge.at - timedelta(seconds=1), rule=LAST)
    assert outcomes(edge) == ["won"]
    assert outcomes(just_outside) == ["outside_window"]


def test_a_click_behind_the_order_did_not_bring_it():
    behind = Touch(
        kind=TouchKind.CLICK, at=ORDERED + CLOCKS_DIFFER + timedelta(seconds=1), rule=LAST
    )
    assert outcomes(behind, click(2)) == ["after_order", "won"]
    in_step = Touch(kind=TouchKind.CLICK, at=ORDERED + CLOCKS_DIFFER, rule=LAST)
    assert outcomes(in_step) == ["won"]


def test_a_coupon_beats_a_later_link():
    assert outcomes(coupon(), click(0)) == ["won", "coupon_beats_link"]


def test_a_link_beats_a_coupon_where_the_campaign_says_so():
    assert outcomes(coupon(LINK_WINS), click(3, LINK_WINS)) == ["link_beats_coupon", "won"]
    assert outcomes(coupon(LINK_WINS), click(40, LINK_WINS)) == ["won", "outside_window"]


def test_of_two_coupons_the_first_named_wins():
    assert outcomes(coupon(), coupon()) == ["won", "later"]


def test_what_is_barred_never_wins_and_says_why():
    touches = [click(1, barred=Outcome.BOT), click(5), click(2, barred=Outcome.OWN_TEAM)]
    assert outcomes(*touches) == ["bot", "won", "own_team"]
    assert outcomes(coupon(barred=Outcome.LINK_ENDED)) == ["link_ended"]


def test_between_campaigns_the_rule_of_the_one_touched_last_decides():
    assert outcomes(click(9, LAST), click(1, FIRST)) == ["won", "later"]
    assert outcomes(click(9, FIRST), click(1, LAST)) == ["earlier", "won"]
    # A coupon that counts is the last touch, so its campaign says whether it beats the link.
    assert outcomes(click(9, LAST), coupon(LINK_WINS)) == ["won", "link_beats_coupon"]


def test_each_touch_has_the_window_of_its_own_agreement():
    short = Rule(window_days=7)
    assert outcomes(click(9, short), click(20, LAST)) == ["outside_window", "won"]


def test_a_replay_puts_one_rule_over_all():
    touches = [click(40, FIRST), click(9, FIRST), click(1, FIRST)]
    other = Rule(touch=AttributionTouch.FIRST, window_days=60)
    assert outcomes(*touches, rule=other) == ["won", "later", "later"]
    assert credit(touches, ORDERED, other).rule == other


rules = st.builds(
    Rule,
    touch=st.sampled_from(AttributionTouch),
    window_days=st.integers(1, 90),
    coupon_beats_link=st.booleans(),
)
touches = st.builds(
    Touch,
    kind=st.sampled_from(TouchKind),
    at=st.integers(-200 * 86_400, 3_600).map(lambda seconds: ORDERED + timedelta(seconds=seconds)),
    rule=rules,
    barred=st.none() | st.sampled_from([Outcome.BOT, Outcome.OWN_TEAM, Outcome.LINK_ENDED]),
)


@given(st.lists(touches, max_size=12), st.none() | rules)
def test_there_is_one_winner_or_none_and_a_word_for_each(given_touches, rule):
    found = credit(given_touches, ORDERED, rule)
    assert len(found.outcomes) == len(given_touches)
    won = [place for place, outcome in enumerate(found.outcomes) if outcome is Outcome.WON]
    assert won == ([] if found.winner is None else [found.winner])
    closed = {Outcome.OUTSIDE_WINDOW, Outcome.AFTER_ORDER}
    for touch, outcome in zip(given_touches, found.outcomes, strict=True):
        if touch.barred is not None:
            assert outcome is touch.barred
        if touch.kind is TouchKind.COUPON:
            assert outcome not in closed
    if found.winner is None:
        assert all(
            touch.barred or outcome in closed
            for touch, outcome in zip(given_touches, found.outcomes, strict=True)
        )


@given(st.lists(touches, max_size=8), touches, rules)
def test_what_cannot_win_changes_nothing_for_the_others(given_touches, extra, rule):
    barred = Touch(kind=extra.kind, at=extra.at, rule=extra.rule, barred=Outcome.BOT)
    before = credit(given_touches, ORDERED, rule)
    after = credit([*given_touches, barred], ORDERED, rule)
    assert after.outcomes[:-1] == before.outcomes
    assert after.winner == before.winner


@pytest.mark.parametrize("side", AttributionTouch)
@given(st.lists(st.integers(0, 29 * 86_400), min_size=1, max_size=8, unique=True))
def test_the_order_in_which_clicks_are_given_does_not_matter(side, seconds):
    rule = Rule(touch=side)
    clicks = [click(second / 86_400, rule) for second in seconds]
    winner = credit(clicks, ORDERED).winner
    turned = credit(clicks[::-1], ORDERED).winner
    assert winner is not None
    assert turned is not None
    wanted = max if side is AttributionTouch.FIRST else min
    assert clicks[winner] == clicks[::-1][turned]
    assert seconds[winner] == wanted(seconds)
