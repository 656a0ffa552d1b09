"""Short codes find slips, and click ids cannot be made or changed by others."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.attribution import click_ids, codes
from app.core.ids import new_id

CODES = st.text(codes.ALPHABET, min_size=8, max_size=8).map(lambda body: body + codes._check(body))
KEY = click_ids.key_of("a secret of the tests")


def test_fresh_codes_read_as_themselves_in_either_case() -> None:
    made = {codes.new_code() for _ in range(500)}
    assert len(made) == 500
    assert all(codes.read(code.upper()) == code for code in made)


@given(CODES, st.integers(0, 8), st.sampled_from(codes.ALPHABET))
def test_one_wrong_character_is_found(code: str, place: int, other: str) -> None:
    slip = code[:place] + other + code[place + 1 :]
    assert codes.read(slip) == (code if slip == code else None)


@given(CODES, st.integers(0, 7))
def test_two_swapped_characters_are_found(code: str, place: int) -> None:
    slip = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.read(slip) == (code if slip == code else None)


@given(st.text(max_size=12))
def test_other_texts_are_no_codes(text: str) -> None:
    found = codes.read(text)
    assert found is None or found == text.lower()


def test_a_click_id_says_what_was_signed() -> None:
    link = new_id("lnk")
    text = click_ids.sign(KEY, link, 1_790_000_000_123, "v" * 16)
    found = click_ids.read(KEY, text)
    assert len(text) == click_ids.LENGTH
    assert found is not None
    assert (found.link_id, found.visitor) == (link, "v" * 16)
    assert found.at.isoformat() == "2026-09-21T14:13:20.123000+00:00"


@given(st.integers(0, click_ids.LENGTH - 1), st.sampled_from("0af zé"))
def test_a_changed_click_id_is_not_taken(place: int, other: str) -> None:
    text = click_ids.sign(KEY, new_id("lnk"), 1_790_000_000_123, "v" * 16)
    forged = text[:place] + other + text[place + 1 :]
    assert (click_ids.read(KEY, forged) is None) is (forged != text)


@given(st.text(max_size=90))
def test_other_texts_are_no_click_ids(text: str) -> None:
    assert click_ids.read(KEY, text) is None
    assert click_ids.read(click_ids.key_of("another"), text) is None
