"""Domains: what shows that one is the sponsor's, and that only the sponsor reaches it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import timedelta

import dns.flags
import dns.message
import dns.rcode
import dns.rrset
import pytest
from flask import Flask
from sqlalchemy import update

from app.attribution import link_table
from app.brands import domains
from app.brands.domain_proof import Proof, ProofReason
from app.brands.errors import CheckedJustNow, DomainNameTaken, TooManyDomains
from app.brands.models import DomainMethod, SponsorDomain
from app.core.actor import SYSTEM
from app.core.clock import now, shifted
from app.core.egress import Answer
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.jobs import Job
from app.core.transaction import unit_of_work
from app.notifications.models import Notification
from config import Settings
from tests.factories.identity import Person, SignedIn, make_sponsor
from tests.factories.links import TARGET, Visitors, make_link

Zone = dict[str, list[str]]


@contextmanager
def name_server(zone: Zone) -> Iterator[str]:
    """A tiny DNS server of this machine that knows the TXT records of `zone`."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while not over.is_set():
                try:
                    asked, place = server.recvfrom(4096)
                except TimeoutError:
                    continue
                query = dns.message.from_wire(asked)
                answer = dns.message.make_response(query)
                answer.flags |= dns.flags.RA
                question = query.question[0]
                texts = zone.get(question.name.to_text().rstrip("."))
                if texts is None:
                    answer.set_rcode(dns.rcode.NXDOMAIN)
                elif texts:
                    quoted = [f'"{text}"' for text in texts]
                    answer.answer.append(
                        dns.rrset.from_text(question.name, 60, "IN", "TXT", *quoted)
                    )
                server.sendto(answer.to_wire(), place)

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


@pytest.fixture
def zone() -> Zone:
    """The TXT records that the name server knows, by domain; [] for a domain without any."""
    return {}


@pytest.fixture
def checked(
    settings: Settings, make_app: Callable[[Settings], Flask], zone: Zone
) -> Iterator[Flask]:
    """An app that asks for proofs."""
    with name_server(zone) as place:
        app = make_app(replace(settings, domain_checks=True, dns_servers=(place,)))
        with app.app_context():
            yield app
            db.session.remove()


def add(sponsor: Person, host: str) -> SponsorDomain:
    domain = unit_of_work(lambda: domains.add(sponsor.actor, host=host))
    db.session.expunge_all()
    return domain


def reload(domain: SponsorDomain) -> SponsorDomain:
    db.session.rollback()
    db.session.expunge_all()
    return db.session.get_one(SponsorDomain, domain.id)


def test_a_txt_record_shows_whose_a_domain_is(checked: Flask, zone: Zone) -> None:
    sponsor = make_sponsor()
    domain = add(sponsor, "Shop.Example")
    assert (domain.host, domain.verified) == ("shop.example", False)
    zone["shop.example"] = ["v=spf1 -all", domain.record]
    assert domains.check(domain.id) == {"method": "dns", "reason": ""}
    found = reload(domain)
    assert found.method is DomainMethod.DNS
    assert found.verified_at is not None
    assert domains.verified_hosts(str(sponsor.sponsor_id)) == ["shop.example"]


@pytest.mark.parametrize(
    ("records", "reason"),
    [
        (None, ProofReason.NO_DOMAIN),
        ([], ProofReason.NO_RECORD),
        (["accord-verification=of-somebody-else"], ProofReason.NO_RECORD),
    ],
)
def test_without_the_own_token_a_domain_stays_unverified(
    checked: Flask, zone: Zone, records: list[str] | None, reason: ProofReason
) -> None:
    sponsor = make_sponsor()
    domain = add(sponsor, "shop.example")
    if records is not None:
        zone["shop.example"] = records
    assert domains.check(domain.id)["reason"] == reason
    found = reload(domain)
    assert (found.verified, found.check_reason) == (False, reason)
    assert domains.verified_hosts(str(sponsor.sponsor_id)) == []


def test_the_token_of_another_sponsor_is_none(checked: Flask, zone: Zone) -> None:
    mine, theirs = add(make_sponsor(), "shop.example"), add(make_sponsor(), "shop.example")
    zone["shop.example"] = [mine.record]
    assert domains.check(theirs.id)["method"] == ""
    assert domains.check(mine.id)["method"] == "dns"


def test_a_file_shows_it_as_well(
    checked: Flask, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = add(make_sponsor(), "shop.example")
    zone["shop.example"] = []
    asked: list[str] = []

    def fetch(url: str, **_: object) -> Answer:
        asked.append(url)
        return Answer(url, 200, {}, f"# ours\r\n{domain.record}\r\n".encode())

    monkeypatch.setattr("app.core.egress.fetch", fetch)
    assert domains.check(domain.id) == {"method": "file", "reason": ""}
    assert asked == [domain.file_url]


# --- looked at again --------------------------------------------------------------------------


def proven(sponsor: Person, zone: Zone) -> SponsorDomain:
    """A domain that was verified by its record."""
    domain = add(sponsor, "shop.example")
    zone["shop.example"] = [domain.record]
    domains.check(domain.id)
    return domain


def told(sponsor: Person, kind: str) -> list[Notification]:
    db.session.rollback()
    return list(
        db.session.scalars(
            db.select(Notification).where(
                Notification.user_id == sponsor.user_id, Notification.kind == kind
            )
        )
    )


def on_day(number: int) -> AbstractContextManager[None]:
    return shifted(timedelta(days=number, minutes=number))


def test_each_proof_is_looked_for_once_a_day(checked: Flask, zone: Zone) -> None:
    proven(make_sponsor(), zone)
    add(make_sponsor(), "unproven.example")
    assert domains.recheck_due() == {"found": 0, "gone": 0}
    with on_day(1):
        assert domains.recheck_due() == {"found": 1, "gone": 0}
        assert domains.recheck_due() == {"found": 0, "gone": 0}


def test_a_domain_without_its_proof_is_warned_of_and_lapses_after_the_grace(
    checked: Flask, zone: Zone
) -> None:
    unit_of_work(lambda: domains.GRACE_DAYS.set(SYSTEM, 3))
    sponsor = make_sponsor()
    domain = proven(sponsor, zone)
    zone["shop.example"] = []
    for day, lapsed in ((1, False), (2, False), (3, False), (4, True), (5, True)):
        with on_day(day):
            assert domains.recheck_due() == {"found": 0, "gone": 1}
        found = reload(domain)
        assert (found.verified, found.lapsed_at is not None) == (not lapsed, lapsed), day
        assert len(told(sponsor, "domain_lost")) == 1
        assert len(told(sponsor, "domain_lapsed")) == (1 if lapsed else 0), day
    assert told(sponsor, "domain_lost")[0].params["host"] == "shop.example"
    assert domains.verified_hosts(str(sponsor.sponsor_id)) == []


def test_a_proof_that_comes_back_in_time_or_late_makes_the_domain_whole(
    checked: Flask, zone: Zone
) -> None:
    unit_of_work(lambda: domains.GRACE_DAYS.set(SYSTEM, 2))
    sponsor = make_sponsor()
    domain = proven(sponsor, zone)
    for day, there in ((1, False), (2, True), (3, False), (4, False), (6, False)):
        zone["shop.example"] = [domain.record] if there else []
        with on_day(day):
            domains.recheck_due()
        assert (reload(domain).lost_at is None) is there
    assert not reload(domain).verified
    zone["shop.example"] = [domain.record]
    with on_day(7):
        domains.recheck_due()
    found = reload(domain)
    assert (found.verified, found.lost_at, found.lapsed_at) == (True, None, None)
    assert domains.verified_hosts(str(sponsor.sponsor_id)) == ["shop.example"]


def test_a_look_that_got_no_answer_says_nothing(
    checked: Flask, zone: Zone, monkeypatch: pytest.MonkeyPatch
) -> None:
    domain = proven(make_sponsor(), zone)
    monkeypatch.setattr(domains, "look", lambda *_: Proof(None, ProofReason.NO_ANSWER))
    with on_day(1):
        domains.recheck_due()
    found = reload(domain)
    assert (found.verified, found.lost_at) == (True, None)


def test_links_to_a_lapsed_domain_still_lead_and_new_ones_are_refused(app: Flask) -> None:
    made = make_link()
    unit_of_work(lambda: db.session.execute(update(SponsorDomain).values(lapsed_at=now())))
    unit_of_work(link_table.changed)
    visitors = Visitors(app)
    try:
        assert visitors.click(made.path).status_code == 302
    finally:
        visitors.redirect.log.close()
    sponsor = SignedIn(made.world.sponsor)
    assert sponsor.get(f"/sponsor/links/{made.link.id}").json["leads"] is True
    answer = sponsor.post(f"/sponsor/ad-requests/{made.ad_request.id}/links", {"target": TARGET})
    assert answer.status_code == 422
    assert "verify it" in answer.json["errors"]["target"][0]


def test_what_needed_no_proof_is_not_looked_at_again(app: Flask) -> None:
    add(make_sponsor(), "shop.example")
    with on_day(2):
        assert domains.recheck_due() == {"found": 0, "gone": 0}


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "shop", "https://shop.example", "a b.example", "[::1]", "."]
)
def test_only_names_of_sites_are_taken(checked: Flask, host: str) -> None:
    sponsor = make_sponsor()
    with pytest.raises(Invalid):
        add(sponsor, host)


def test_a_domain_is_named_once_and_not_without_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    sponsor = make_sponsor()
    add(sponsor, "shop.example")
    with pytest.raises(DomainNameTaken):
        add(sponsor, "SHOP.example")
    monkeypatch.setattr("app.brands.domains.MAX_DOMAINS", 1)
    with pytest.raises(TooManyDomains):
        add(sponsor, "other.example")


def test_development_asks_for_no_proof(app: Flask) -> None:
    domain = add(make_sponsor(), "localhost")
    assert (domain.verified, domain.method) == (True, DomainMethod.NONE)


def test_a_check_is_left_to_the_worker_of_foreign_servers(checked: Flask, zone: Zone) -> None:
    client = SignedIn(make_sponsor())
    made = client.post("/sponsor/domains", {"host": "shop.example"})
    assert made.status_code == 201
    zone["shop.example"] = [made.json["record"]]
    place = f"/sponsor/domains/{made.json['id']}"
    assert client.post(f"{place}/check").status_code == 202
    job = db.session.query(Job).filter(Job.name == domains.JOB).one()
    assert (job.queue, job.args) == ("outbound", {"domain_id": made.json["id"]})
    db.session.rollback()
    domains.check(made.json["id"])
    assert client.get(place).json["verified"] is True
    refused = client.post(f"{place}/check")
    assert (refused.status_code, refused.json["type"]) == (409, CheckedJustNow.type)
    assert [item["host"] for item in client.get("/sponsor/domains").json["items"]] == [
        "shop.example"
    ]
    assert client.delete(place).status_code == 204
    assert client.get(place).status_code == 404


def test_a_stranger_finds_no_domain(app: Flask) -> None:
    domain = add(make_sponsor(), "shop.example")
    with pytest.raises(NotFound):
        domains.get_for(make_sponsor().actor, domain.id)
