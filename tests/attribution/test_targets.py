"""Where links may lead: 200 tricks are refused, and what is taken stays what browsers read."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attribution.targets import around, is_within, parse
from app.brands.hosts import covers, plain_host
from tests.attribution.redirect_tricks import GOOD, TRICKS


def test_there_are_two_hundred_different_tricks() -> None:
    assert len(set(TRICKS)) >= 200


@pytest.mark.parametrize("text", sorted(set(TRICKS)), ids=ascii)
def test_a_trick_is_no_target(text: str) -> None:
    target = parse(text)
    assert target is None or not is_within(target, [GOOD])


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("https://shop.example", "https://shop.example/"),
        ("HTTPS://Shop.Example:443/A?b=c#d", "https://shop.example/A?b=c#d"),
        ("http://www.shop.example:80/x", "http://www.shop.example/x"),
        ("https://ｓｈｏｐ.example/é?ü=ö", "https://shop.example/%C3%A9?%C3%BC=%C3%B6"),
        ("https://bücher.shop.example/a b".replace(" ", "%20"),
         "https://xn--bcher-kva.shop.example/a%20b"),
        ("https://shop.example/a/../b//c?next=https://evil.example",
         "https://shop.example/a/../b//c?next=https://evil.example"),
    ],
)  # fmt: skip
def test_a_target_is_written_as_browsers_read_it(text: str, written: str) -> None:
    target = parse(text)
    assert target is not None
    assert str(target) == written
    assert is_within(target, [GOOD])
    assert parse(written) == target


def test_development_may_name_its_own_machine() -> None:
    assert parse("http://127.0.0.1:8123/shop") is None
    local = parse("http://127.0.0.1:8123/shop", public=False)
    assert str(local) == "http://127.0.0.1:8123/shop"
    assert parse("http://localhost:99999/", public=False) is None


@given(st.text(max_size=60))
def test_whatever_is_taken_leads_to_the_domain(text: str) -> None:
    for candidate in (text, f"https://{text}", f"https://shop.example{text}"):
        target = parse(candidate)
        if target is not None and is_within(target, [GOOD]):
            seen = urlsplit(str(target))
            assert str(target).isascii()
            assert seen.hostname is not None
            assert covers([GOOD], seen.hostname)
            assert seen.username is None
            assert parse(str(target)) == target


@given(
    st.dictionaries(st.sampled_from(["utm_source", "utm_term"]), st.text("aä&=# %+?", max_size=9)),
    st.sampled_from(["", "?a=1", "?utm_source=old&a=1&accord_click=x", "?a&b=#c", "#c"]),
)
def test_the_click_id_and_the_fields_arrive_whole(utm: dict[str, str], rest: str) -> None:
    target = parse(f"https://shop.example/x{rest}")
    assert target is not None
    head, tail = around(target, utm)
    address = urlsplit(f"{head}0123{tail}")
    fields = parse_qsl(address.query, keep_blank_values=True)
    assert [value for name, value in fields if name == "accord_click"] == ["0123"]
    assert {name: value for name, value in fields if name in utm} == utm
    assert (("a", "1") in fields) is ("a=1" in rest)
    assert address.fragment == target.fragment


def test_a_domain_covers_what_lies_below_it_and_nothing_else() -> None:
    assert covers(["shop.example"], "shop.example")
    assert covers(["shop.example"], "a.b.shop.example")
    assert not covers(["shop.example"], "example")
    assert not covers(["shop.example"], "myshop.example")
    assert not covers([], "shop.example")
    assert plain_host("Bücher.Example") == "xn--bcher-kva.example"
    assert plain_host("shop") is None
    assert plain_host("1.2.3.4") is None
