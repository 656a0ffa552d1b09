"""Public ids: unique, sortable by time, revealing no count."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.core.ids import ID_LENGTH, new_code, new_id


def test_an_id_names_its_kind_and_fits_its_column() -> None:
    found = new_id("cmp")
    assert re.fullmatch(r"cmp_[0-9a-hjkmnp-tv-z]{26}", found)
    assert len(found) <= ID_LENGTH


def test_ids_are_unique_within_a_moment() -> None:
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        assert len({new_id("cmp") for _ in range(10_000)}) == 10_000


def test_what_is_made_later_sorts_later() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    found = []
    for milliseconds in (0, 1, 2, 1_000, 10**9):
        with time_machine.travel(moment + timedelta(milliseconds=milliseconds), tick=False):
            found.append(new_id("cmp"))
    assert found == sorted(found)


@pytest.mark.parametrize("length", [1, 6, 12])
def test_a_code_reads_well_aloud(length: int) -> None:
    codes = {new_code(length) for _ in range(100)}
    assert all(re.fullmatch(rf"[0-9a-hjkmnp-tv-z]{{{length}}}", code) for code in codes)
    assert len(codes) > 10
