"""Texts made comparable."""

from __future__ import annotations

import pytest

from app.core.folding import fold


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Cà  Phê\tĐá", "ca phe da"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("Łódź", "lodz"),
        ("Ørsted", "orsted"),
        ("İstanbul", "istanbul"),
        ("한국", "한국"),
        ("हिन्दी", "हिन्दी"),
        ("  ", ""),
    ],
)
def test_case_accents_and_spaces_do_not_count(text: str, folded: str):
    assert fold(text) == folded


def test_folding_twice_changes_nothing():
    text = "Đặng Thị Ǆ ﬁ ẞ"
    assert fold(fold(text)) == fold(text)
