"""The way out reaches the public internet alone, however somebody names another place."""

from __future__ import annotations

import gzip
import time

import pytest

from app.core.egress import MOST_BYTES, Egress, fetch
from app.core.egress_addresses import is_public
from app.core.egress_errors import (
    AddressRefused,
    CertificateRefused,
    ConnectionFailed,
    NameNotFound,
    RequestRefused,
    TimedOut,
    TooLarge,
    TooManyRedirects,
    UnreadableAnswer,
    UrlRefused,
)
from app.core.transaction import unit_of_work
from tests.core import ssrf_targets
from tests.core.servers import Detour, certificate, drip, say, serve, silent_port

SITE = "93.184.216.34"
OTHER = "151.101.1.69"


@pytest.fixture
def site():
    with serve() as running:
        yield running


def to(site, **more) -> Egress:
    """A way out on which the site is trusted, as EGRESS_HOSTS does."""
    return Egress(trusted=frozenset({site.place}), **more)


def names(**known: list[str]):
    """A resolver that knows some names (written with _ for a dot), and keeps what it was asked."""
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return known[host.replace(".", "_")]

    resolve.asked = asked
    return resolve


# --- where it goes ------------------------------------------------------------------------------


def test_the_list_of_forbidden_places_is_long():
    assert len(set(ssrf_targets.hosts())) >= 300
    assert len(set(ssrf_targets.addresses())) >= 200


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_no_host_inside_is_asked(scheme):
    network = Detour()
    way_out = Egress(network=network)
    for host in ssrf_targets.hosts():
        with pytest.raises(RequestRefused):
            way_out.fetch(f"{scheme}://{host}/")
    assert network.connected == []


def test_no_name_leads_inside():
    network = Detour()
    for address in ssrf_targets.addresses():
        for answer in ([address], [SITE, address], [address, SITE]):
            way_out = Egress(network=network, resolve=lambda _host, _port, found=answer: found)
            with pytest.raises(AddressRefused):
                way_out.fetch("http://shop.accord-test.com/")
    assert network.connected == []


def test_public_addresses_are_asked():
    network = Detour()
    for address in ssrf_targets.PUBLIC:
        assert is_public(address), address
        host = f"[{address}]" if ":" in address else address
        with pytest.raises(ConnectionFailed):
            Egress(network=network).fetch(f"http://{host}/")
    assert [host for host, _ in network.connected] == list(ssrf_targets.PUBLIC)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://93.184.216.34/",
        "file:///etc/passwd",
        "gopher://93.184.216.34:80/_x",
        "//93.184.216.34/",
        "93.184.216.34",
        "http://",
        "http://:80/",
        "http://./",
        "http://user@93.184.216.34/",
        "http://user:secret@93.184.216.34/",
        "http://127.0.0.1#@93.184.216.34/",
        "http://93.184.216.34:22/",
        "http://93.184.216.34:6379/",
        "http://93.184.216.34:99999/",
        "http://93.184.216.34\\@127.0.0.1/",
        "http://[::1",
        "http://a b.com/",
        "http://a\r\nHost: b/",
        "",
        "http://accord-test.com/" + "x" * 2000,
    ],
)
def test_what_is_no_plain_address_is_refused(url):
    network = Detour({SITE: 9})
    with pytest.raises((UrlRefused, AddressRefused)):
        Egress(network=network).fetch(url)
    assert network.connected == []


def test_an_extra_place_is_that_host_and_port_alone(site):
    site.replies["/"] = say(200, b"hello")
    assert to(site).fetch(site.url()).body == b"hello"
    with pytest.raises(UrlRefused):
        to(site).fetch(f"http://127.0.0.1:{site.port - 1}/")
    with pytest.raises(AddressRefused):
        to(site).fetch("http://127.0.0.1/")
    with pytest.raises(UrlRefused):
        Egress().fetch(site.url())


def test_a_name_is_looked_up_once_and_its_answer_connected_to(site):
    site.replies["/post"] = say(200, b"here")
    later = iter([[SITE], ["127.0.0.1"], ["127.0.0.1"]])
    network = Detour({SITE: site.port})
    way_out = Egress(network=network, resolve=lambda _host, _port: next(later))
    assert way_out.fetch("http://rebinding.accord-test.com/post").body == b"here"
    assert network.connected == [(SITE, 80)]
    assert next(later) == ["127.0.0.1"]
    [(_, path, headers)] = site.asked
    assert (path, headers["host"]) == ("/post", "rebinding.accord-test.com")


def test_the_next_address_is_tried_when_one_does_not_answer(site):
    site.replies["/"] = say(200)
    network = Detour({SITE: site.port})
    way_out = Egress(network=network, resolve=names(two_accord_com=[OTHER, SITE]))
    assert way_out.fetch("http://two.accord.com/").status == 200
    assert [host for host, _ in network.connected] == [OTHER, SITE]


def test_a_name_without_an_address_is_said_so():
    def nothing(_host, _port):
        raise OSError("no such name")

    with pytest.raises(NameNotFound):
        Egress(resolve=nothing, network=Detour()).fetch("https://nobody.accord.com/")


def test_proxies_of_the_environment_are_not_asked(site, monkeypatch):
    site.replies["/"] = say(200, b"direct")
    with serve({"/": say(200, b"proxy")}) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, proxy.url())
        assert to(site).fetch(site.url()).body == b"direct"
        assert proxy.asked == []


# --- redirects ----------------------------------------------------------------------------------


def test_redirects_are_followed_by_choice_alone(site):
    site.replies |= {"/a": say(302, Location="/b"), "/b": say(200, b"b")}
    stayed = to(site).fetch(site.url("/a"))
    assert (stayed.status, stayed.redirects) == (302, 0)
    went = to(site).fetch(site.url("/a"), follow=True)
    assert (went.status, went.redirects, went.url) == (200, 1, site.url("/b"))


def test_a_redirect_inside_is_refused(site):
    inside = [f"http://{host}/" for host in ssrf_targets.hosts() if host.isascii()]
    with serve({"/": say(200)}) as inner:
        for place in (inner.url(), *inside[::5]):
            site.replies["/"] = say(301, Location=place)
            with pytest.raises(RequestRefused):
                to(site).fetch(site.url(), follow=True)
        assert inner.asked == []


def test_redirects_end_after_five(site):
    for number in range(7):
        site.replies[f"/{number}"] = say(307, Location=f"/{number + 1}")
    with pytest.raises(TooManyRedirects):
        to(site).fetch(site.url("/0"), follow=True)
    assert [path for _, path, _ in site.asked] == [f"/{number}" for number in range(6)]


def test_headers_for_one_server_are_not_told_to_another(site):
    site.replies["/"] = say(200)
    with serve({"/": say(302, Location=site.url())}) as first:
        way_out = Egress(trusted=frozenset({first.place, site.place}))
        way_out.fetch(first.url(), headers={"Authorization": "secret"}, follow=True)
        assert first.asked[0][2]["authorization"] == "secret"
        assert "authorization" not in site.asked[0][2]


def test_what_is_sent_is_not_sent_on():
    with pytest.raises(ValueError, match="follows"):
        Egress().fetch("https://accord.com/", method="POST", content=b"x", follow=True)


# --- certificates -------------------------------------------------------------------------------


def test_the_certificate_must_be_of_the_name_and_not_of_the_address(tmp_path):
    served, trusting = certificate(tmp_path, "shop.accord.com")
    known = names(shop_accord_com=[SITE], other_accord_com=[SITE])
    with serve({"/": say(200, b"safe")}, served) as site:
        network = Detour({SITE: site.port})
        way_out = Egress(network=network, resolve=known, certificates=trusting)
        assert way_out.fetch("https://shop.accord.com/").body == b"safe"
        assert way_out.fetch("https://shop.accord.com./").body == b"safe"
        with pytest.raises(CertificateRefused):
            way_out.fetch("https://other.accord.com/")
        with pytest.raises(CertificateRefused):
            Egress(network=network, resolve=known).fetch("https://shop.accord.com/")
    assert {address for address, _ in network.connected} == {SITE}


# --- how long and how much ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "raw", [b"", b"HTTP/1.1 200 OK\r\nX-A: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_a_slow_drip_ends_at_the_total(site, raw):
    site.replies["/"] = drip(raw, 0.05) if raw else drip(b"HTTP/1.1", 0.05)
    begun = time.monotonic()
    with pytest.raises((TimedOut, UnreadableAnswer)) as failed:
        to(site, total_seconds=0.6, connect_seconds=0.4).fetch(site.url())
    assert failed.type is TimedOut or not raw
    assert time.monotonic() - begun < 1.5


def test_redirects_share_one_total(site):
    def slowly(request):
        time.sleep(0.25)
        say(302, Location=request.path + "x")(request)

    site.replies = {"/" + "x" * number: slowly for number in range(9)}
    begun = time.monotonic()
    with pytest.raises(TimedOut):
        to(site, total_seconds=0.6).fetch(site.url(), follow=True)
    assert time.monotonic() - begun < 1.5


def test_a_silent_server_and_a_silent_resolver_end_in_time():
    listener, port = silent_port()
    begun = time.monotonic()
    way_out = Egress(trusted=frozenset({f"127.0.0.1:{port}"}), connect_seconds=0.2)
    with listener, pytest.raises(TimedOut):
        way_out.fetch(f"http://127.0.0.1:{port}/")

    def silent(_host, _port):
        time.sleep(3)
        return [SITE]

    with pytest.raises(TimedOut):
        Egress(resolve=silent, connect_seconds=0.2).fetch("http://slow.accord.com/")
    assert time.monotonic() - begun < 1.5


@pytest.mark.parametrize("packed", [False, True])
def test_a_large_body_is_refused_or_cut(site, packed):
    plain = b"x" * (MOST_BYTES + 1)
    site.replies["/"] = (
        say(200, gzip.compress(plain), Content_Encoding="gzip") if packed else say(200, plain)
    )
    with pytest.raises(TooLarge):
        to(site).fetch(site.url())
    answer = to(site).fetch(site.url(), cut=True)
    assert (len(answer.body), answer.complete) == (MOST_BYTES, False)
    site.replies["/"] = say(200, plain[:-1])
    whole = to(site).fetch(site.url())
    assert (len(whole.body), whole.complete) == (MOST_BYTES, True)


def test_a_gzip_bomb_is_never_unpacked(site, monkeypatch):
    import tracemalloc

    bomb = gzip.compress(bytes(200 * 1024 * 1024), 9)
    site.replies["/"] = say(200, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(TooLarge):
            to(site).fetch(site.url())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 12 * 1024 * 1024


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("gzip", b"not packed"),
        ("gzip", gzip.compress(b"x" * 500)[:15]),
        ("gzip, gzip", gzip.compress(gzip.compress(b"x"))),
        ("br", b"x"),
        ("zstd", b"x"),
    ],
    # A gzip body holds the second it was made in, which is no name for a test.
    ids=["no gzip", "cut off", "twice", "br", "zstd"],
)
def test_a_body_that_cannot_be_unpacked_is_said_so(site, encoding, body):
    site.replies["/"] = say(200, body, Content_Encoding=encoding)
    with pytest.raises(UnreadableAnswer):
        to(site).fetch(site.url())


def test_what_is_no_http_is_said_so(site):
    def banner(request):
        request.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        request.close_connection = True

    site.replies["/"] = banner
    with pytest.raises(UnreadableAnswer):
        to(site).fetch(site.url())


def test_text_is_read_by_its_charset(site):
    site.replies["/a"] = say(
        200, "Dvořák".encode("iso-8859-2"), Content_Type='text/html; charset="ISO-8859-2"'
    )
    site.replies["/b"] = say(200, "Dvořák".encode(), Content_Type="text/html; charset=punycode")
    assert to(site).fetch(site.url("/a")).text() == "Dvořák"
    assert to(site).fetch(site.url("/b")).text() == "Dvořák"
    assert to(site).fetch(site.url("/b")).media_type == "text/html"


# --- inside the app -----------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_is_asked_inside_a_transaction(app, site):
    from sqlalchemy import text

    from app.core.extensions import db

    with pytest.raises(RuntimeError, match="inside a transaction"):
        unit_of_work(lambda: to(site).fetch(site.url()))
    db.session.execute(text("SELECT 1"))
    with pytest.raises(RuntimeError, match="inside a transaction"):
        to(site).fetch(site.url())
    db.session.rollback()
    assert to(site).fetch(site.url()).status == 404


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_the_instance_reaches_what_its_settings_name(settings, make_app, site):
    from dataclasses import replace

    with make_app(replace(settings, egress_hosts=(site.place,))).app_context():
        assert fetch(site.url()).status == 404
    with make_app(settings).app_context(), pytest.raises(UrlRefused):
        fetch(site.url())
