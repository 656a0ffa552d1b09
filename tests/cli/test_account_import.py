"""Importing published tables of accounts."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.identity.account_import import (
    INSTAGRAM_COLUMNS,
    AccountLine,
    RefusedLine,
    parse_count,
    read_instagram,
)

REAL = Path(__file__).resolve().parents[3] / "shared/data/instagram-influencers/influencers.csv"


def table(*lines: str) -> io.StringIO:
    return io.StringIO("\n".join([",".join(INSTAGRAM_COLUMNS), *lines]) + "\n")


@pytest.mark.parametrize(
    ("text", "count"),
    [("48.1M", 48_100_000), ("383.1K", 383_100), ("6M", 6_000_000), ("0", 0), ("", None),
     ("N/A", None), ("1.15K", 1_150), ("2.4b", 2_400_000_000), (" 12 ", 12)],
)  # fmt: skip
def test_counts_are_read_exactly(text: str, count: int | None) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize("text", ["-5", "1e6", "NaN", "12,5K", "M", "1.M", "٣K", "1..2M"])
def test_other_texts_are_no_counts(text: str) -> None:
    with pytest.raises(ValueError, match="is no count"):
        parse_count(text)


@given(st.integers(0, 999), st.integers(0, 9))
def test_a_decimal_count_never_drifts(whole: int, tenth: int) -> None:
    assert parse_count(f"{whole}.{tenth}M") == whole * 1_000_000 + tenth * 100_000


def test_bad_lines_are_refused_with_number_and_reason_and_the_rest_is_taken() -> None:
    lines = list(
        read_instagram(
            table(
                "good.one,Ünï Çode 🎭,Music,,48.1M,Spain,383.1K,637K",
                "bad handle!,X,Music,,1M,Spain,1K,1K",
                "nofollowers,X,Music,,,Spain,1K,1K",
                "odd,X,Music,,lots,Spain,1K,1K",
                "Good.One,again,Music,,1M,Spain,1K,1K",
                "short,X,Music",
                "second,,,,6M,N/A,0,1.1M",
            )
        )
    )
    taken = [line for line in lines if isinstance(line, AccountLine)]
    refused = [line for line in lines if isinstance(line, RefusedLine)]
    assert [line.handle for line in taken] == ["good.one", "second"]
    assert taken[0].name == "Ünï Çode 🎭"
    assert taken[0].followers == 48_100_000
    assert taken[1].name == "second"
    assert taken[1].audience_country == ""
    assert [line.number for line in refused] == [3, 4, 5, 6, 7]
    assert "no Instagram handle" in refused[0].reason
    assert "stands in the table already" in refused[3].reason


def test_a_table_without_its_columns_is_refused() -> None:
    with pytest.raises(ValueError, match="lacks the columns"):
        list(read_instagram(io.StringIO("a,b\n1,2\n")))


@pytest.mark.skipif(not REAL.is_file(), reason="the real table is not beside this checkout")
def test_the_real_table_is_taken_but_for_its_three_doubles() -> None:
    with REAL.open(encoding="utf-8-sig", newline="") as handle:
        lines = list(read_instagram(handle))
    refused = [line for line in lines if isinstance(line, RefusedLine)]
    assert len(lines) - len(refused) == 997
    assert sorted(line.reason.split()[0] for line in refused) == [
        "angelinajolie",
        "justinbieber",
        "nobru",
    ]
