"""Cells of CSV that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.core.spreadsheet import cell, csv_lines


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
    ("value", "shown"),
    [
        (None, ""),
        (-5, -5),
        (0.5, 0.5),
        (True, "yes"),
        (False, "no"),
        (date(2030, 1, 2), "2030-01-02"),
        (datetime(2030, 1, 2, tzinfo=UTC), "2030-01-02T00:00:00+00:00"),
        ("a=b", "a=b"),
        ("", ""),
    ],
)
def test_other_values_are_shown_as_they_are(value: Any, shown: Any):
    assert cell(value) == shown


def test_a_table_reads_back_as_it_was():
    rows: list[list[Any]] = [["a, b", 'say "x"'], ["two\nlines", 3]]
    text = "".join(csv_lines(["one", "two"], rows))
    assert text.startswith("\ufeffone,two\r\n")
    read = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert read[1:] == [["a, b", 'say "x"'], ["two\nlines", "3"]]
