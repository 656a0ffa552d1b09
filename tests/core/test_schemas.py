"""The shapes that every domain takes its input with."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from flask import Flask
from marshmallow import ValidationError

from app.core.money import is_known_currency
from app.core.schemas import Input, day, moment, multiline, published_url, text, url


class Sheet(Input):
    """A name that must be there, a note that need not, and a moment."""

    name = text(10, shortest=1)
    note = multiline(10)
    at = moment()
    on = day()
    link = url()
    post = published_url()


@pytest.mark.parametrize(
    "blank", ["", " ", "\u00a0\u2003", "\ufeff", "\u200b\u200d", "\u2800\u3164"]
)
def test_a_text_with_nothing_to_see_is_an_empty_one(blank: str) -> None:
    assert Sheet().load({"note": blank}) == {"note": ""}
    with pytest.raises(ValidationError) as refused:
        Sheet().load({"name": blank})
    assert refused.value.messages == {"name": ["Give 1 to 10 characters."]}


@pytest.mark.parametrize("name", ["\x07", "a\nb", "a\tb", "\u202eevil", "a\u2028b", "\x00"])
def test_control_characters_are_refused(name: str) -> None:
    with pytest.raises(ValidationError):
        Sheet().load({"name": name})


@pytest.mark.parametrize(
    "name",
    ["\U0001f469\u200d\U0001f4bb", "\u0645\u0631\u062d\u0628\u0627", "\u05d0", "\u00c5", "1"],
)
def test_names_of_every_script_are_taken_as_they_are(name: str) -> None:
    assert Sheet().load({"name": f" {name} "}) == {"name": name}


def test_a_moment_is_turned_to_utc() -> None:
    loaded = Sheet().load({"at": "2026-01-01T01:00:00+02:00"})
    assert loaded == {"at": datetime(2025, 12, 31, 23, tzinfo=UTC)}
    assert loaded["at"].tzinfo is UTC


@pytest.mark.parametrize(
    "at",
    [
        "2026-01-01T00:00:00",
        "9999-12-31T23:59:59-23:00",
        "0001-01-01T00:00:00+23:00",
        "1969-12-31T00:00:00Z",
        "2201-01-01T00:00:00Z",
    ],
)
def test_a_moment_that_no_calendar_has_in_utc_is_refused(at: str) -> None:
    with pytest.raises(ValidationError):
        Sheet().load({"at": at})


@pytest.mark.parametrize("code", ["EUR", "JPY", "XOF", "XAF"])
def test_money_that_people_pay_in_is_known(code: str) -> None:
    assert is_known_currency(code)


@pytest.mark.parametrize("code", ["XXX", "XTS", "XAU", "XDR", "eur", "EURO", "", "ZZZ"])
def test_codes_of_no_money_are_unknown(code: str) -> None:
    assert not is_known_currency(code)


@pytest.mark.parametrize(
    "on",
    ["2026-W50-1", "2026W501", "20261207", "2026-340", "2026-12-7", "２０２６-12-07", 20261207],
)
def test_a_day_has_one_form(on: object) -> None:
    with pytest.raises(ValidationError):
        Sheet().load({"on": on})
    with pytest.raises(ValidationError):
        Sheet().load({"at": f"{on}T00:00:00Z"})


def test_a_day_and_a_moment_are_read() -> None:
    loaded = Sheet().load({"on": "2026-12-07", "at": "2026-12-07T10:00:00.5Z"})
    assert loaded["on"] == date(2026, 12, 7)


@pytest.mark.parametrize(
    "address",
    [
        "https://ann:secret@example.com/p",
        "https://ann@example.com/p",
        "https://example.com/\u202egpj.exe",
        "https://example.com/a\u200bb",
        "https://example.com/a\nb",
    ],
)
def test_an_address_hides_nothing(app: Flask, address: str) -> None:
    for field in ("link", "post"):
        with pytest.raises(ValidationError):
            Sheet().load({field: address})


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.0.0.1:8000",
        "127.1",
        "8.8.8.8",
        "0x7f.0.0.0x1",
        "2130706433",
        "[::1]",
        "localhost",
        "a.localhost",
        "printer.local",
        "db.internal",
        "127.0.0.1.",
        "１２７.0.0.1",
    ],
)
def test_a_post_is_at_a_public_name(app: Flask, host: str) -> None:
    with pytest.raises(ValidationError):
        Sheet().load({"post": f"http://{host}/p/1"})


@pytest.mark.parametrize(
    "address",
    ["https://social.example/posts/1", "https://bücher.de/é", "http://a.co:8080/p?x=a@b#1"],
)
def test_an_ordinary_address_is_taken(app: Flask, address: str) -> None:
    assert Sheet().load({"post": address, "link": address})["post"] == address
