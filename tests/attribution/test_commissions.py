"""Commission on net revenue: exact, within the cap, once, and back again with a refund."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attribution.commissions import Standing, convert, due, kept_revenue, next_move, same_part

amounts = st.integers(0, 10**12)


def test_the_rate_is_of_net_revenue_rounded_half_up():
    assert due(10_000, 800) == 800
    assert due(10_006, 850) == 851  # 850.51
    assert due(6, 850) == 1  # 0.51
    assert due(50, 100) == 1  # 0.5
    assert due(49, 100) == 0
    assert due(10**12, 10_000) == 10**12


def test_a_refund_takes_the_same_part_of_what_was_net():
    assert kept_revenue(8_000, 10_000, 0) == 8_000
    assert kept_revenue(8_000, 10_000, 2_500) == 6_000
    assert kept_revenue(8_000, 10_000, 10_000) == 0
    assert kept_revenue(0, 0, 0) == 0


def test_an_edited_order_gives_back_the_same_part_of_what_was_recorded():
    assert same_part(10_000, 2_500, 5_000) == 5_000
    assert same_part(10_000, 99_900, 99_900) == 10_000
    assert same_part(1, 1, 2) == 1
    assert same_part(10_000, 0, 0) == 0


def test_it_pays_what_is_left_of_the_cap_and_never_again():
    assert next_move(800, Standing(), 10_000) == 800
    assert next_move(800, Standing(), 300) == 300
    assert next_move(800, Standing(), 0) == 0
    assert next_move(800, Standing(paid=300), 10_000) == 0


def test_a_refund_takes_back_what_was_paid_too_much():
    assert next_move(600, Standing(paid=800), 0) == -200
    assert next_move(600, Standing(paid=800, taken_back=200), 0) == 0
    assert next_move(0, Standing(paid=800, taken_back=200), 0) == -600
    # What the cap cut off is not missed: the refund leaves more due than was paid.
    assert next_move(600, Standing(paid=300), 0) == 0


@pytest.mark.parametrize(
    ("amount", "currency", "into", "rate", "wanted"),
    [
        (10_000, "USD", "EUR", "0.92", 9_200),
        (1, "USD", "EUR", "0.5", 1),
        (1_000_000, "VND", "EUR", "0.000037", 3_700),
        (4_550, "EUR", "JPY", "160.5", 7_303),
        (4_550, "EUR", "EUR", "1", 4_550),
    ],
)
def test_a_rate_converts_units_of_each_currency(amount, currency, into, rate, wanted):
    assert convert(amount, currency, into, Decimal(rate)) == wanted


@given(amounts, st.integers(1, 10_000))
def test_a_commission_is_within_half_a_unit_of_the_exact_one(revenue, points):
    assert abs(due(revenue, points) - Fraction(revenue * points, 10_000)) <= Fraction(1, 2)


@given(st.data())
def test_kept_revenue_falls_with_each_refund_and_ends_at_nothing(data):
    total = data.draw(st.integers(1, 10**12))
    net = data.draw(st.integers(0, total))
    refunds = sorted(data.draw(st.lists(st.integers(0, total), max_size=6)))
    kept = [kept_revenue(net, total, refunded) for refunded in [0, *refunds, total]]
    assert kept == sorted(kept, reverse=True)
    assert (kept[0], kept[-1]) == (net, 0)


@given(
    st.lists(st.tuples(amounts, amounts), min_size=1, max_size=10),
)
def test_whatever_comes_nothing_is_paid_twice_or_falls_below_zero(steps):
    standing, payments = Standing(), 0
    for wanted, left in steps:
        move = next_move(wanted, standing, left)
        if move > 0:
            payments += 1
            assert move <= min(wanted, left)
            standing = Standing(standing.paid + move, standing.taken_back)
        else:
            standing = Standing(standing.paid, standing.taken_back - move)
        assert 0 <= standing.kept <= max(wanted, 0)
        assert next_move(wanted, standing, 0) == 0
    assert payments <= 1
