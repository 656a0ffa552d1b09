"""GET /r/{code}: where it leads, what it keeps of a visitor, and what it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from flask import Flask

from app.attribution import click_ids, codes, links, visitors
from app.attribution.click_log import EXPIRED, HEAD, OWN_TEAM, PREFETCH, folder_of
from app.attribution.lifecycle import LinkEvent
from app.attribution.link_models import TrackingLink
from app.brands import domains
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work
from tests.conftest import SECRET
from tests.factories.identity import PASSWORD, Person, make_influencer, make_sponsor
from tests.factories.links import Visitors, make_link, reload, verify

KEY = click_ids.key_of(SECRET)


@pytest.fixture(autouse=True)
def _each_second_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.attribution.link_table.LOOK_EACH", 0.0)


@pytest.fixture
def web(app: Flask) -> Iterator[Visitors]:
    """The redirect, with an empty log."""
    forget_clicks()
    made = Visitors(app)
    yield made
    made.redirect.log.close()


def forget_clicks() -> None:
    for path in folder_of(settings()).glob("*"):
        path.unlink()


def logged() -> list[list[object]]:
    """Every click in the logs, in order."""
    return [
        orjson.loads(line)
        for path in sorted(folder_of(settings()).glob("*.clicks"))
        for line in path.read_bytes().splitlines()
    ]


def test_a_click_leads_to_the_target_with_a_signed_id(app: Flask, web: Visitors) -> None:
    made = make_link(target="https://shop.example/tea?size=2#top")
    answer = web.click(made.path)
    assert answer.status_code == 302
    address = urlsplit(answer.headers["Location"])
    assert (address.scheme, address.netloc, address.path) == ("https", "shop.example", "/tea")
    assert address.fragment == "top"
    fields = parse_qs(address.query)
    assert fields["size"] == ["2"]
    assert fields["utm_medium"] == ["influencer"]
    found = click_ids.read(KEY, fields["accord_click"][0])
    assert found is not None
    assert found.link_id == made.link.id
    [click] = logged()
    assert click[:3] == [made.link.id, int(found.at.timestamp() * 1000), found.visitor]
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "strict-origin-when-cross-origin"


def test_a_code_is_read_in_capitals_too(app: Flask, web: Visitors) -> None:
    made = make_link()
    assert web.click(made.path.upper().replace("/R/", "/r/")).status_code == 302


def test_no_address_and_no_agent_is_kept(app: Flask, web: Visitors) -> None:
    made = make_link()
    web.click(
        made.path, "198.51.100.23", headers={"Referer": "https://social.example/p/1?secret=1"}
    )
    [path] = folder_of(settings()).glob("*.clicks")
    text = path.read_text()
    assert "198.51" not in text
    assert "secret" not in text
    assert "126" not in text
    assert logged()[0][5] == "social.example"


def test_a_network_is_the_same_all_day_and_another_tomorrow() -> None:
    one, neighbour = (visitors.address_hash(KEY, f"203.0.113.{n}", 20_000) for n in (7, 200))
    assert one == neighbour
    assert visitors.address_hash(KEY, "::ffff:203.0.113.9", 20_000) == one
    assert visitors.address_hash(KEY, "203.0.114.7", 20_000) != one
    assert visitors.address_hash(KEY, "203.0.113.7", 20_001) != one
    six = [visitors.address_hash(KEY, f"2001:db8:1:{n}::1", 20_000) for n in (1, 2)]
    assert six[0] == six[1] != visitors.address_hash(KEY, "2001:db8:2:1::1", 20_000)


def test_a_visitor_is_known_again_for_the_window(app: Flask, web: Visitors) -> None:
    made = make_link()
    cookie = web.click(made.path).headers["Set-Cookie"]
    assert "Max-Age=2592000; Path=/r/; HttpOnly; SameSite=Lax" in cookie
    web.click(made.path, headers={"Cookie": cookie.partition(";")[0]})
    first, second = logged()
    assert first[2] == second[2]


def test_two_sponsors_know_a_visitor_by_different_ids(app: Flask, web: Visitors) -> None:
    one, other = make_link(), make_link()
    cookie = web.click(one.path).headers["Set-Cookie"].partition(";")[0]
    web.click(other.path, headers={"Cookie": cookie})
    first, second = logged()
    assert first[2] != second[2]
    assert str(first[2]) not in cookie


def test_a_cookie_that_is_not_ours_is_replaced(app: Flask, web: Visitors) -> None:
    made = make_link()
    answer = web.click(made.path, headers={"Cookie": "accord_visitor=../x; a=b"})
    assert "accord_visitor=" in answer.headers["Set-Cookie"]
    assert ".." not in answer.headers["Set-Cookie"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/r/", 404),
        ("/r/nothing", 404),
        ("/r/" + "x" * 500, 404),
        ("/r/../etc", 404),
        ("/r/%00", 404),
        ("/r/é", 404),
    ],
)
def test_what_is_no_code_is_a_page_that_says_so(web: Visitors, path: str, status: int) -> None:
    answer = web.click(path)
    assert answer.status_code == status
    assert "does not exist" in answer.text
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert logged() == []


def test_a_code_that_nobody_made_is_unknown_until_it_is_made(app: Flask, web: Visitors) -> None:
    code = codes.new_code()
    assert web.click(f"/r/{code}").status_code == 404
    made = make_link()
    unit_of_work(lambda: setattr(db.session.get(TrackingLink, made.link.id), "code", code))
    unit_of_work(lambda: links.link_table.changed())
    assert web.click(f"/r/{code}").status_code == 302


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE"])
def test_only_reading_follows_a_link(app: Flask, web: Visitors, method: str) -> None:
    made = make_link()
    answer = web.click(made.path, method=method)
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
    assert logged() == []


def test_head_and_prefetch_are_marked_and_get_no_cookie(app: Flask, web: Visitors) -> None:
    made = make_link()
    head = web.click(made.path, method="HEAD")
    ahead = web.click(made.path, headers={"Sec-Purpose": "prefetch;prerender"})
    for answer in (head, ahead):
        assert answer.status_code == 302
        assert "Set-Cookie" not in answer.headers
    assert [click[6] for click in logged()] == [HEAD, PREFETCH]


def test_a_paused_an_ended_and_an_expired_link_say_so(app: Flask, web: Visitors) -> None:
    made = make_link(expires_at=now() + timedelta(days=1))
    actor = made.world.sponsor.actor

    def click() -> int:
        return web.click(made.path).status_code

    assert click() == 302
    unit_of_work(lambda: links.move(actor, link_id=made.link.id, event=LinkEvent.PAUSE))
    assert click() == 410
    unit_of_work(lambda: links.move(actor, link_id=made.link.id, event=LinkEvent.RESUME))
    assert click() == 302
    unit_of_work(
        lambda: setattr(
            db.session.get(TrackingLink, made.link.id), "expires_at", now() - timedelta(seconds=1)
        )
    )
    unit_of_work(lambda: links.link_table.changed())
    assert click() == 410
    unit_of_work(lambda: links.move(actor, link_id=made.link.id, event=LinkEvent.END))
    assert "has ended" in web.click(made.path).text
    assert [click[6] for click in logged()] == [0, EXPIRED, 0, EXPIRED, EXPIRED]


def test_a_link_leads_nowhere_without_its_domain(app: Flask, web: Visitors) -> None:
    made = make_link()
    actor = made.world.sponsor.actor
    assert web.click(made.path).status_code == 302

    def remove() -> None:
        [domain] = domains.list_for(actor, domains.PageRequest()).items
        domains.remove(actor, domain)

    unit_of_work(remove)
    assert web.click(made.path).status_code == 410
    verify(made.world.sponsor)
    assert web.click(made.path).status_code == 302


def sign_in(app: Flask, person: Person) -> str:
    """The cookies that a browser sends to the redirect after signing in."""
    answer = app.test_client().post(
        "/api/v1/auth/login", json={"email": person.email, "password": PASSWORD}
    )
    assert answer.status_code == 200
    [mark] = [
        cookie
        for cookie in answer.headers.getlist("Set-Cookie")
        if cookie.startswith(visitors.TEAM_COOKIE)
    ]
    assert "Path=/r/" in mark
    assert "HttpOnly" in mark
    return mark.partition(";")[0]


def test_the_clicks_of_the_own_team_are_marked(app: Flask, web: Visitors) -> None:
    made = make_link()
    for person in (made.world.sponsor, made.world.influencer):
        web.click(made.path, headers={"Cookie": f"a=b; {sign_in(app, person)}"})
    for stranger in (make_sponsor(), make_influencer()):
        web.click(made.path, headers={"Cookie": sign_in(app, stranger)})
    forged = f"accord_team={made.world.sponsor.sponsor_id}.{'0' * 32}"
    web.click(made.path, headers={"Cookie": forged})
    assert [click[6] for click in logged()] == [OWN_TEAM, OWN_TEAM, 0, 0, 0]


def test_the_address_is_the_one_that_the_trusted_proxies_saw(app: Flask, web: Visitors) -> None:
    made = make_link()
    named = {"X-Forwarded-For": "1.2.3.4, 198.51.100.9"}
    web.click(made.path, "10.0.0.1", headers=named)
    web.redirect.hops = 1
    web.click(made.path, "10.0.0.1", headers=named)
    web.redirect.hops = 0
    web.click(made.path, "198.51.100.200")
    hashes = [click[3] for click in logged()]
    assert hashes[1] == hashes[2] != hashes[0]


def test_every_other_path_is_the_application(app: Flask, web: Visitors) -> None:
    assert web.click("/healthz").status_code == 200
    assert web.click("/api/v1/me").status_code == 401


def test_a_link_that_is_known_leads_while_the_database_is_away(
    app: Flask, web: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, unknown = make_link(), make_link()
    assert web.click(made.path).status_code == 302
    monkeypatch.setattr(web.redirect.links, "engine", Away())
    assert web.click(made.path).status_code == 302
    assert web.click(unknown.path).status_code == 503


class Away:
    """A database that does not answer."""

    def connect(self) -> None:
        from sqlalchemy.exc import OperationalError

        raise OperationalError("SELECT", {}, Exception("away"))


def test_a_visitor_is_sent_on_though_the_disk_is_full(
    app: Flask, web: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_link()

    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("app.attribution.click_log.os.write", full)
        assert web.click(made.path).status_code == 302
    assert web.click(made.path).status_code == 302
    assert len(logged()) == 1


def test_utm_fields_are_the_ones_of_the_link(app: Flask, web: Visitors) -> None:
    made = make_link(utm={"utm_source": "tv & radio", "utm_term": ""})
    fields = parse_qs(urlsplit(web.click(made.path).headers["Location"]).query)
    assert {name for name in fields if name.startswith("utm_")} == {"utm_source"}
    assert fields["utm_source"] == ["tv & radio"]


def test_production_sends_the_cookie_over_https_alone(app: Flask, web: Visitors) -> None:
    made = make_link()
    config = app.config["ACCORD"]
    app.config["ACCORD"] = replace(config, cookie_secure=True)
    try:
        secure = Visitors(app)
        assert secure.click(made.path).headers["Set-Cookie"].endswith("; Secure")
        secure.redirect.log.close()
    finally:
        app.config["ACCORD"] = config
    assert reload(made.link).code == made.link.code
