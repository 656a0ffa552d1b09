"""What an answer says about a post: missing, there, or nothing at all."""

from __future__ import annotations

import time

import pytest

from app.ad_requests.live_check_findings import Seen, disclosure, finding

POST = "https://photos.accord-test.com/p/1/"
LONG = "<p>" + "Two days in the hills with a good tent and no plan. " * 8 + "</p>"


def seen(status=200, *, url=POST, text="", media_type="text/html", complete=True):
    return Seen(url, status, media_type, text, complete)


@pytest.mark.parametrize(
    ("status", "passed", "reason"),
    [
        (200, True, "found"),
        (204, True, "found"),
        (404, False, "not_found"),
        (410, False, "gone"),
        (401, None, "login_wall"),
        (403, None, "refused"),
        (451, None, "refused"),
        (429, None, "busy"),
        (500, None, "server_error"),
        (503, None, "server_error"),
        (999, None, "server_error"),
        (302, None, "other_answer"),
        (400, None, "other_answer"),
        (418, None, "other_answer"),
    ],
)
def test_only_an_answer_that_it_is_not_there_counts_against_a_post(status, passed, reason):
    found = finding(POST, seen(status), [])
    assert (found.passed, found.reason.value, found.detail) == (passed, reason, f"HTTP {status}")


@pytest.mark.parametrize(
    ("url", "passed", "reason"),
    [
        ("https://www.photos.accord-test.com/p/1", True, "found"),
        ("https://photos.accord-test.com/someone/p/1/", True, "found"),
        ("https://photos.accord-test.com/accounts/login/?next=/p/1/", None, "login_wall"),
        ("https://photos.accord-test.com/login.php", None, "login_wall"),
        ("https://login.accord-test.com/x", None, "login_wall"),
        ("https://consent.accord-test.com/m?continue=x", None, "login_wall"),
        ("https://photos.accord-test.com/authwall?x", None, "login_wall"),
        ("https://photos.accord-test.com/", None, "moved"),
        ("https://photos.accord-test.com/blogin/1", True, "found"),
    ],
)
def test_a_redirect_to_a_login_or_the_front_page_says_nothing(url, passed, reason):
    found = finding(POST, seen(url=url), [])
    assert (found.passed, found.reason.value) == (passed, reason)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"{LONG}<p>Thanks! #ad</p>", True),
        (f"{LONG}<p>Thanks! #AD.</p>", True),
        (f"{LONG}<p>one</p><p>#ad</p><p>two</p>", True),
        (f"{LONG}<p>Paid   partnership\nwith a brand</p>", True),
        (f"{LONG}<p>＃ａｄ</p>", True),
        (f"{LONG}<p>&#35;ad</p>", True),
        ('<meta property="og:description" content="A tent. #ad"><div id=app></div>', True),
        ("<meta content='#ad' name='description'>", True),
        (LONG, False),
        (f"{LONG}<p>#adventure</p>", False),
        (f"{LONG}<p>##ad</p>", False),
        (f"{LONG}<a href='/page#ad'>/page#ad</a>", False),
        (f"{LONG}<!-- #ad -->", False),
        (f"{LONG}<script>var tags = '#ad'</script><style>#ad {{}}</style>", False),
        (f"{LONG}<script>'#ad'", False),
        ("<div id=app></div><script>'#ad'</script>", None),
        ("", None),
    ],
)
def test_a_disclosure_is_found_missed_or_cannot_be_told(text, found):
    assert disclosure(seen(text=text), ["#ad", "paid partnership"]) is found


def test_a_disclosure_is_not_missed_in_what_cannot_be_read():
    assert disclosure(seen(text=LONG, complete=False), ["#ad"]) is None
    assert disclosure(seen(text=LONG, media_type="video/mp4"), ["#ad"]) is None
    assert disclosure(seen(text=LONG), []) is None
    assert disclosure(seen(text=LONG), [" "]) is None
    assert disclosure(seen(text="#ad " + LONG, complete=False), ["#ad"]) is True
    assert disclosure(seen(text="plain " * 50, media_type="text/plain"), ["#ad"]) is False


def test_a_disclosure_is_looked_for_in_a_page_that_is_there_alone():
    assert finding(POST, seen(404, text=f"{LONG} #ad"), ["#ad"]).disclosure_found is None
    assert finding(POST, seen(200, text=f"{LONG} #ad"), ["#ad"]).disclosure_found is True


@pytest.mark.parametrize("piece", ["<meta content='", '<meta content="x" ', "&#x", "#ad", " "])
def test_a_hostile_text_is_read_in_a_moment(piece):
    test_a_hostile_page_is_read_in_a_moment(piece)


@pytest.mark.parametrize(
    "piece",
    ["<", "<div>", "<a ", "<!--", "<script>", "<script></script>", "<script></script ", "<meta "],
)
def test_a_hostile_page_is_read_in_a_moment(piece):
    begun = time.process_time()
    disclosure(seen(text=(piece * (1024 * 1024 // len(piece)))), ["#ad"])
    assert time.process_time() - begun < 3
