"""Why clicks are not counted: one reason each, and the same clicks always come to the same sum."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.attribution.click_rules import Facts, Judge, Reason, agent_words, is_bot, is_prefetch

CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36"
)
PERSON = Facts("lnk_1", 500_000, "h1", agent_words(CHROME))

PEOPLE = (
    CHROME,
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Mobile/15E148 Instagram 335.0.4.26.90 (iPhone14,5; iOS 17_5; fi_FI)",
    "Mozilla/5.0 (Linux; Android 14; SM-S918B; wv) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Version/4.0 Chrome/125.0 Mobile Safari/537.36 [FB_IAB/FB4A;FBAV/464.0.0.49.109;]",
    "Mozilla/5.0 (Linux; Android 13; CUBOT X30) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537",
    "Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/124 Telegram-Android/10.14.5",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:127.0) Gecko/20100101 Firefox/127.0",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 musical_ly_2023 BytedanceWebview/d8a21c6",
)
PROGRAMS = (
    "", "1.0", "curl/8.5.0", "Wget/1.21", "python-requests/2.32", "Go-http-client/2.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
    "WhatsApp/2.23.20.0 A", "TelegramBot (like TwitterBot)", "Slackbot-LinkExpanding 1.0",
    "Mozilla/5.0 AppleWebKit/537.36 HeadlessChrome/126.0 Safari/537.36", "Twitterbot/1.0",
    "Mozilla/5.0 (compatible; bingbot/2.0)", "Applebot/0.1", "okhttp/4.12", "Java/17.0.1",
    "Mozilla/5.0 (compatible; Yahoo! Slurp)", "LinkedInBot/1.0", "Discordbot/2.0",
)  # fmt: skip


@pytest.mark.parametrize("agent", PEOPLE)
def test_browsers_are_people(agent: str) -> None:
    assert not is_bot(agent_words(agent))


@pytest.mark.parametrize("agent", PROGRAMS)
def test_programs_are_bots(agent: str) -> None:
    assert is_bot(agent_words(agent))


def test_the_words_of_an_agent_tell_nobody_from_his_neighbour() -> None:
    words = agent_words(CHROME)
    assert words == "mozilla linux applewebkit khtml like gecko chrome safari"
    assert words == agent_words(CHROME.replace("126.0.0.0", "125.1.2.3"))
    assert len(agent_words("ab cd " * 500 + "x" * 5000)) <= 120


def test_a_page_that_is_fetched_ahead_is_said_to_be() -> None:
    assert is_prefetch("", "prefetch;prerender")
    assert is_prefetch("Preview", "")
    assert not is_prefetch("", "navigate")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, Reason.COUNTED),
        ({"is_head": True, "agent": ""}, Reason.HEAD),
        ({"is_prefetch": True}, Reason.PREFETCH),
        ({"agent": ""}, Reason.BOT),
        ({"is_own_team": True, "is_expired": True}, Reason.OWN_TEAM),
        ({"is_expired": True}, Reason.EXPIRED),
    ],
)
def test_a_click_has_its_reason(changes: dict[str, object], reason: Reason) -> None:
    assert Judge().judge(PERSON._replace(**changes)) is reason


def test_only_a_counted_click_makes_the_next_a_duplicate() -> None:
    judge = Judge()
    assert judge.judge(PERSON._replace(is_own_team=True)) is Reason.OWN_TEAM
    assert judge.judge(PERSON) is Reason.COUNTED
    assert judge.judge(PERSON) is Reason.DUPLICATE
    for other in ({"link_id": "lnk_2"}, {"hour": 500_001}, {"address_hash": "h2"}):
        assert judge.judge(PERSON._replace(**other)) is Reason.COUNTED


def test_a_flood_from_many_networks_ends_at_the_limit() -> None:
    judge = Judge(most_an_hour=100)
    clicks = [PERSON._replace(address_hash=f"h{number}") for number in range(300)]
    found = Counter(judge.judge(click) for click in clicks)
    assert found == {Reason.COUNTED: 100, Reason.OVER_LIMIT: 200}
    assert judge.judge(PERSON._replace(hour=500_001)) is Reason.COUNTED


FACTS = st.builds(
    Facts,
    link_id=st.sampled_from(["lnk_1", "lnk_2"]),
    hour=st.integers(1, 3),
    address_hash=st.sampled_from("abcd"),
    agent=st.sampled_from(["chrome", "chrome safari", ""]),
    is_head=st.booleans(),
    is_prefetch=st.booleans(),
    is_expired=st.booleans(),
    is_own_team=st.booleans(),
)


@given(st.lists(FACTS, max_size=60), st.integers(0, 60), st.integers(1, 5))
def test_it_does_not_matter_where_a_batch_ends(clicks: list[Facts], cut: int, most: int) -> None:
    whole = Judge(most)
    at_once = [whole.judge(click) for click in clicks]
    first, second = Judge(most), Judge(most)
    begun = [first.judge(click) for click in clicks[:cut]]
    counted = [click for click, reason in zip(clicks, begun, strict=False) if reason == "counted"]
    second.remember((click.link_id, click.hour, click.address_hash) for click in counted)
    for (link, hour), number in Counter((c.link_id, c.hour) for c in counted).items():
        second.counted_before(link, hour, number)
    assert begun + [second.judge(click) for click in clicks[cut:]] == at_once


@given(st.lists(FACTS, max_size=60), st.randoms(use_true_random=False))
def test_the_sum_does_not_depend_on_the_order(clicks: list[Facts], order: object) -> None:
    shuffled = list(clicks)
    order.shuffle(shuffled)
    one, other = Judge(), Judge()
    assert Counter(map(one.judge, clicks)) == Counter(map(other.judge, shuffled))
