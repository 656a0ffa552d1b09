"""Amounts of money: nothing is lost in a split, whatever the currency."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.money import (
    MAX_AMOUNT,
    MINOR_UNITS,
    Money,
    currencies,
    exponent,
    is_known_currency,
    percent_of,
    split,
)
from config import ROOT

AMOUNTS = st.integers(0, MAX_AMOUNT)
SHARES = st.lists(st.integers(0, 100), min_size=1, max_size=12).filter(any)


@given(AMOUNTS, SHARES)
def test_the_parts_of_a_split_sum_to_the_whole(amount: int, shares: list[int]) -> None:
    parts = split(amount, shares)
    assert sum(parts) == amount
    assert len(parts) == len(shares)


@given(AMOUNTS, SHARES)
def test_each_part_is_within_one_unit_of_its_exact_share(amount: int, shares: list[int]) -> None:
    total = sum(shares)
    for part, share in zip(split(amount, shares), shares, strict=True):
        assert abs(part * total - amount * share) < total
        assert part >= 0
        if share == 0:
            assert part == 0


@given(AMOUNTS, SHARES)
def test_a_larger_share_never_gets_less(amount: int, shares: list[int]) -> None:
    pairs = sorted(zip(shares, split(amount, shares), strict=True))
    for (share, part), (larger_share, larger_part) in pairwise(pairs):
        if share < larger_share:
            assert part <= larger_part


def test_the_remainder_goes_to_the_earlier_of_equals() -> None:
    assert split(100, [1, 1, 1]) == [34, 33, 33]
    assert split(101, [50, 50]) == [51, 50]
    assert split(1, [1, 2]) == [0, 1]


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1], [-1, 3]])
def test_shares_that_share_nothing_are_refused(shares: list[int]) -> None:
    with pytest.raises(ValueError, match="positive"):
        split(100, shares)


@given(AMOUNTS, st.integers(0, 10_000))
def test_a_percentage_is_rounded_half_up(amount: int, hundredths: int) -> None:
    found = percent_of(amount, hundredths / 100)
    exact = amount * hundredths
    assert -5000 <= exact - found * 10_000 < 5000


@given(AMOUNTS)
def test_all_of_an_amount_is_the_amount(amount: int) -> None:
    assert percent_of(amount, 100) == amount
    assert percent_of(amount, 0) == 0


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(125_000, "EUR"), "€1,250.00"),
        (Money(5, "EUR"), "€0.05"),
        (Money(-5, "EUR"), "-€0.05"),
        (Money(125_000, "VND"), "₫125,000"),
        (Money(1_234, "KWD"), "KWD1.234"),
    ],
)
def test_money_is_written_with_the_digits_of_its_currency(money: Money, text: str) -> None:
    assert str(money) == text


@pytest.mark.parametrize("amount", [True, 1.0, "1", None])
def test_an_amount_is_a_whole_number(amount: object) -> None:
    with pytest.raises(TypeError):
        Money(amount, "EUR")


def test_currencies_are_iso_codes_in_capitals() -> None:
    assert {"EUR", "USD", "VND", "JPY"} <= set(currencies())
    assert (exponent("EUR"), exponent("VND"), exponent("JPY")) == (2, 0, 0)
    assert {exponent(code) for code in ("HUF", "IDR", "COP", "PKR", "RSD")} == {2}
    for wrong in ("eur", "EURO", "ZZZ", "", "E1R"):
        assert not is_known_currency(wrong)


def test_the_page_has_the_same_minor_units() -> None:
    page = ROOT / "frontend" / "src" / "i18n" / "minor-units.json"
    assert json.loads(page.read_text()) == MINOR_UNITS
    assert set(MINOR_UNITS) - {"UYI", "UYW"} <= set(currencies())
