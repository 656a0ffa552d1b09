"""The paper's counts give the paper's rates, to the digits that it prints."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reporting.campaign_report import SENTIMENTS, Base, Counts, changes, rates, total
from app.reporting.intervals import newcombe, wilson

# Tables 2, 3 and 4 of the paper.
PHASE_1 = Counts(
    authors=frozenset(f"influencer {number}" for number in range(13)),
    posts=13,
    figured=13,
    reactions=5139,
    comments=869,
    shares=390,
    positive=337,
    negative=7,
    neutral=93,
    not_concerned=432,
    clicks=1428,
    orders=157,
)
PHASE_2 = Counts(
    authors=frozenset(f"influencer {number}" for number in range(13, 23)),
    posts=10,
    figured=10,
    reactions=4849,
    comments=509,
    shares=51,
    positive=281,
    negative=4,
    neutral=83,
    not_concerned=141,
    clicks=817,
    orders=188,
)


def percent(value: float | None) -> str:
    assert value is not None
    return f"{value * 100:.2f}"


def points(value: float | None) -> str:
    assert value is not None
    return f"{value * 100:+.2f}"


# --- the paper ----------------------------------------------------------------------------------


def test_table_2_sums_each_phase_and_both():
    assert (PHASE_1.interactions, PHASE_2.interactions) == (6398, 5409)
    both = total([PHASE_1, PHASE_2])
    assert (both.posts, both.reactions, both.comments, both.shares, both.interactions) == (
        23,
        9988,
        1378,
        441,
        11807,
    )


@pytest.mark.parametrize(
    ("phase", "wanted"),
    [
        (PHASE_1, ["38.78", "0.81", "10.70", "49.71"]),
        (PHASE_2, ["55.21", "0.79", "16.31", "27.70"]),
    ],
)
def test_table_3_shares_the_comments_by_sentiment(phase, wanted):
    assert phase.labelled == phase.comments
    assert [percent(rates(phase).sentiment[name]) for name in SENTIMENTS] == wanted


@pytest.mark.parametrize(
    ("phase", "clicking", "converting"), [(PHASE_1, "22.32", "10.99"), (PHASE_2, "15.10", "23.01")]
)
def test_table_4_divides_clicks_by_interactions_and_orders_by_clicks(phase, clicking, converting):
    assert percent(rates(phase).click_per_interaction) == clicking
    assert percent(rates(phase).conversion_per_click) == converting


@pytest.mark.parametrize(("phase", "wanted"), [(PHASE_1, "12.08"), (PHASE_2, "18.80")])
def test_figure_9_gives_orders_per_influencer(phase, wanted):
    assert f"{rates(phase).orders_per_influencer:.2f}" == wanted


def test_the_change_between_the_phases_is_that_of_the_paper():
    found = changes(PHASE_1, PHASE_2)
    relative = ("posts", "reactions", "comments", "shares", "interactions", "clicks", "orders")
    assert [points(found[name].value) for name in relative] == [
        "-23.08",
        "-5.64",
        "-41.43",
        "-86.92",
        "-15.46",
        "-42.79",
        "+19.75",
    ]
    assert points(found["click_per_interaction"].value) == "-7.22"
    assert points(found["conversion_per_click"].value) == "+12.02"
    assert points(found["not_concerned"].value) == "-22.01"


def test_the_changes_of_the_rates_are_no_chance():
    """Each interval leaves 0 out, as the paper's conclusion needs."""
    found = changes(PHASE_1, PHASE_2)
    assert found["conversion_per_click"].low > 0
    assert found["click_per_interaction"].high < 0
    assert found["not_concerned"].high < 0
    assert found["negative"].low < 0 < found["negative"].high


# --- intervals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("counts", "wanted"),
    [
        # Newcombe 1998, table II, method 10: of the second rate less the first.
        ((48, 80, 56, 70), (0.0524, 0.3339)),
        ((3, 10, 9, 10), (0.1705, 0.8090)),
        ((2, 7, 6, 7), (0.0582, 0.8062)),
        ((0, 29, 5, 56), (-0.0381, 0.1926)),
        ((0, 10, 10, 10), (0.6075, 1.0)),
        ((0, 20, 0, 10), (-0.1611, 0.2775)),
    ],
)
def test_differences_have_the_intervals_of_newcombes_table(counts, wanted):
    low, high = newcombe(*counts)
    assert (round(low, 4), round(high, 4)) == wanted


def test_wilsons_interval_is_that_of_the_worked_example():
    low, _high = wilson(1, 2) or (None, None)
    assert low == pytest.approx(0.0945312057342307, abs=1e-12)


numbers = st.integers(0, 10**7)


@st.composite
def shares(draw):
    whole = draw(st.integers(1, 10**6))
    return draw(st.integers(0, whole)), whole


@given(shares())
def test_wilsons_interval_holds_the_rate_and_stays_a_share(found):
    part, whole = found
    low, high = wilson(part, whole)
    assert 0 <= low <= part / whole <= high <= 1


@given(shares(), shares())
def test_the_interval_holds_the_difference_and_turns_with_it(before, after):
    low, high = newcombe(*before, *after)
    difference = after[0] / after[1] - before[0] / before[1]
    assert -1 <= low <= difference <= high <= 1
    low_turned, high_turned = newcombe(*after, *before)
    assert (-high_turned, -low_turned) == pytest.approx((low, high), abs=1e-12)


def test_what_is_no_share_has_no_interval():
    assert wilson(3, 2) is None
    assert wilson(0, 0) is None
    assert newcombe(1, 2, 3, 2) is None


# --- rates of anything --------------------------------------------------------------------------

counted = st.builds(
    Counts,
    authors=st.frozensets(st.sampled_from("abcdefgh")),
    **{field.name: numbers for field in fields(Counts) if field.name != "authors"},
)


@given(st.lists(counted, max_size=5))
def test_parts_sum_to_the_whole_in_any_order(parts):
    whole = total(parts)
    assert whole == total(reversed(parts))
    assert whole.interactions == sum(part.interactions for part in parts)
    assert whole.authors == frozenset().union(*(part.authors for part in parts))


@given(counted)
def test_a_rate_is_absent_exactly_where_nothing_is_to_divide_by(counts):
    found = rates(counts)
    assert (found.click_per_interaction is None) == (counts.interactions == 0)
    assert (found.conversion_per_click is None) == (counts.clicks == 0)
    assert (found.cost_per_click is None) == (counts.clicks == 0)
    assert (found.cost_per_order is None) == (counts.orders == 0)
    assert (found.roi is None) == (counts.spend == 0)
    assert (found.orders_per_influencer is None) == (not counts.authors)
    assert (found.engagement_rate is None) == (found.engagement_base is None)
    assert all((share is None) == (counts.labelled == 0) for share in found.sentiment.values())


@given(counted)
def test_shares_of_sentiment_sum_to_one(counts):
    found = [share for share in rates(counts).sentiment.values() if share is not None]
    assert not found or sum(found) == pytest.approx(1)


@given(counted)
def test_amounts_for_each_are_a_minor_unit_off_at_most(counts):
    found = rates(counts)
    if counts.orders:
        assert abs(found.cost_per_order * counts.orders - counts.spend) * 2 <= counts.orders
    if counts.authors:
        off = abs(found.revenue_per_influencer * len(counts.authors) - counts.revenue)
        assert off * 2 <= len(counts.authors)


@given(counted)
def test_what_did_not_change_has_no_change(counts):
    assert {change.value for change in changes(counts, counts).values()} <= {0, None}


@given(counted, counted)
def test_a_change_is_absent_where_one_side_is(before, after):
    found = changes(before, after)
    assert (found["orders"].value is None) == (before.orders == 0)
    assert (found["roi"].value is None) == (before.spend == 0 or after.spend == 0)
    bases = {rates(before).engagement_base, rates(after).engagement_base}
    assert (found["engagement_rate"].value is None) == (len(bases) == 2 or None in bases)


def test_money_comes_out_as_the_definitions_say():
    sold = replace(PHASE_1, spend=650_000, revenue=1_150_000, refunds=41_200)
    found = rates(sold)
    assert percent(found.roi) == "70.58"
    assert (found.cost_per_order, found.cost_per_click) == (4140, 455)
    assert found.revenue_per_influencer == 88_462


@pytest.mark.parametrize(
    ("views", "followers", "wanted"),
    [
        (1000, 0, (0.05, Base.VIEWS)),
        (0, 500, (0.1, Base.FOLLOWERS)),
        (1000, 500, (50 / 1500, Base.MIXED)),
        (0, 0, (None, None)),
    ],
)
def test_the_engagement_rate_names_its_base(views, followers, wanted):
    found = rates(Counts(views=views, followers=followers, engaged=50))
    assert (found.engagement_rate, found.engagement_base) == wanted
