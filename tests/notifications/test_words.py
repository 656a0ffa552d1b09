"""The words of every kind, in every language."""

from __future__ import annotations

import re

import pytest

from app.notifications.kinds import KINDS
from app.notifications.letters import LINK_MARK, Letter, with_link, write
from app.notifications.words import Reader, languages, texts_in, words_for

VIETNAMESE = Reader("Thảo", "vi", "Asia/Ho_Chi_Minh")
PLACE = re.compile(r"\{(\w+)\}")


def test_there_are_words_in_english_and_vietnamese():
    assert {"en", "vi"} <= set(languages())


@pytest.mark.parametrize("language", languages())
def test_every_kind_has_words_with_the_same_places_in_every_language(language: str):
    texts, english = texts_in(language), texts_in("en")
    assert set(texts) == set(KINDS) | {"layout"}
    assert set(texts["layout"]) == set(english["layout"])
    for kind in KINDS:
        assert set(texts[kind]) == set(english[kind])
        for part in texts[kind]:
            assert texts[kind][part].strip()
            assert set(PLACE.findall(texts[kind][part])) == set(PLACE.findall(english[kind][part]))


def test_money_and_moments_follow_the_rules_of_the_reader():
    params = {"amount": {"amount": 123_450, "currency": "EUR"}}
    assert "€1,234.50" in words_for("deposit_settled", params, Reader()).title
    dong = {"amount": {"amount": 2_000_000, "currency": "VND"}}
    assert "2.000.000" in words_for("deposit_settled", dong, VIETNAMESE).title
    due = {"deliverable": "Video", "deadline": {"at": "2026-01-31T20:00:00+00:00"}}
    assert "31 Jan 2026, 20:00 UTC" in words_for("deliverable_due", due, Reader()).title
    american = words_for("deliverable_due", due, Reader("Ann", "en-US", "America/New_York")).title
    assert "Jan 31, 2026, 3:00\u202fPM EST" in american
    # Seven hours further east it is the next day already.
    assert "1 thg 2" in words_for("deliverable_due", due, VIETNAMESE).title


def test_a_missing_value_is_left_out_and_an_odd_one_does_no_harm():
    assert words_for("offer_rejected", {"other": "Ann"}, Reader()).text == "The proposal is closed."
    odd = {"other": "{campaign} %s {0.__class__}", "campaign": None, "reason": 7}
    words = words_for("offer_rejected", odd, Reader())
    assert words.title == "{campaign} %s {0.__class__} said no to"
    assert words.text == "The proposal is closed. 7"


@pytest.mark.parametrize("language", ["de", "", "x", "vi-VN", "../../etc/passwd", "EN", "vi_VN"])
def test_an_unknown_language_falls_back(language: str):
    words = words_for("password_changed", {}, Reader("A", language, "Not/A_Zone"))
    vietnamese = language.lower().startswith("vi")
    assert words.title == texts_in("vi" if vietnamese else "en")["password_changed"]["title"]


def test_a_mail_is_escaped_in_html_and_plain_in_text():
    nasty = '<script>alert("x")</script>\r\nBcc: all@example.com'
    letter = write(
        "offer_made",
        {"sponsor": nasty, "campaign": "A & B"},
        Reader("<b>Ann</b>"),
        url="https://accord.example/a?b=1&c=2",
        preferences_url="https://accord.example/p",
    )
    assert "<script>" not in letter.html
    assert "<b>Ann" not in letter.html
    assert "&lt;script&gt;" in letter.html
    assert "b=1&amp;c=2" in letter.html
    assert nasty.splitlines()[0] in letter.text
    assert "\n" not in letter.subject
    assert "\r" not in letter.subject
    assert "https://accord.example/p" in letter.text


def test_the_signed_link_takes_the_place_of_the_mark():
    letter = write("verify_email", {}, Reader("Ann"), url=LINK_MARK, preferences_url=None)
    sent = with_link(letter, "https://accord.example/verify-email?token=a.b&x=1")
    assert LINK_MARK not in sent.text + sent.html
    assert "token=a.b&x=1" in sent.text
    assert sent.html.count("token=a.b&amp;x=1") == 2


def test_a_long_subject_is_cut():
    letter = write("api_key_made", {"name": "x" * 500}, Reader("A"), url=None, preferences_url=None)
    assert isinstance(letter, Letter)
    assert len(letter.subject) == 200
