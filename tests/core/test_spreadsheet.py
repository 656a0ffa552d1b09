"""Cells of CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from app.core.spreadsheet import cell, csv_line, decimal


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "＝1",
        "＋1",
        "－1",
        "＠A",
        '=HYPERLINK("https://x.example")',
    ],
)
def test_a_text_that_starts_like_a_formula_is_marked_as_text(text: str):
    assert cell(text) == "'" + text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (";=1+1", ";'=1+1"),
        ("a; =1+1", "a; '=1+1"),
        ("a;;@b;\uff1dc", "a;;'@b;'\uff1dc"),
        ('a;"=1+1', "a;\"'=1+1"),
        ("=a;-b", "'=a;'-b"),
        ("a; b=c", "a; b=c"),
    ],
)
def test_no_formula_begins_where_the_separator_is_the_semicolon(text: str, shown: str):
    assert cell(text) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (-5, -5),
        (0.5, 0.5),
        (True, "yes"),
        (False, "no"),
        (date(2030, 1, 2), "2030-01-02"),
        (datetime(2030, 1, 2, tzinfo=UTC), "2030-01-02T00:00:00+00:00"),
        (datetime(2030, 1, 2, tzinfo=timezone(timedelta(hours=7))), "2030-01-01T17:00:00+00:00"),
        (Decimal("-0.50"), Decimal("-0.50")),
        (["a", "b"], "a, b"),
        (["=a", "b"], "'=a, b"),
        ({"b": 1, "a": "ü"}, '{"a": "ü", "b": 1}'),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_other_values_are_shown_as_they_are(value: Any, shown: Any):
    assert cell(value) == shown


def test_a_table_reads_back_as_it_was():
    rows: list[list[Any]] = [["a, b", 'say "x"'], ["two\nlines", 3]]
    text = "".join(map(csv_line, rows))
    assert text.startswith('"a, b"')
    assert text.endswith("\r\n")
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a, b", 'say "x"'], ["two\nlines", "3"]]


@pytest.mark.parametrize(
    ("amount", "currency", "shown"),
    [
        (123_450, "EUR", "1234.50"),
        (-5, "EUR", "-0.05"),
        (500, "VND", "500"),
        (9_007_199_254_740_993, "EUR", "90071992547409.93"),
        (0, "EUR", "0.00"),
    ],
)
def test_an_amount_is_exact_in_units_of_its_currency(amount: int, currency: str, shown: str):
    assert csv_line([decimal(amount, currency)]) == f"{shown}\r\n"


def test_no_amount_is_an_empty_cell():
    assert cell(decimal(None, "EUR")) == ""
