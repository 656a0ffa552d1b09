"""What both sides hear of their links, and an admin's hold on one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.attribution import link_health, link_table
from app.attribution.link_models import LinkHealth, TrackingLink
from app.audit.models import AuditEntry
from app.core import egress
from app.core.clock import shifted
from app.core.egress import Answer
from app.core.egress_errors import AddressRefused
from app.core.extensions import db
from app.notifications.models import Notification
from tests.factories.ad_requests import agree, make_world
from tests.factories.identity import Person, SignedIn, make_admin
from tests.factories.links import TARGET, Visitors, add_link, make_link, reload, verify

PAGE = "https://tea.shop.dev/green"


def told(person: Person, kind: str) -> list[Notification]:
    """What a person was told of a kind, the oldest first."""
    db.session.rollback()
    rows = db.session.scalars(
        db.select(Notification)
        .where(Notification.user_id == person.user_id, Notification.kind == kind)
        .order_by(Notification.id)
    )
    return list(rows)


# --- made -----------------------------------------------------------------------------------------


def test_an_agreement_tells_its_influencer_of_the_links_once(app: Flask) -> None:
    world = make_world(product_url=TARGET)
    verify(world.sponsor)
    ad_request = agree(world)
    (news,) = told(world.influencer, "link_made")
    link = db.session.scalars(db.select(TrackingLink)).one()
    assert news.subject_id == ad_request.id
    assert news.url == f"/influencer/links/{link.id}"
    assert news.params["about"] == world.campaign.title
    assert news.params["address"].endswith(f"/r/{link.code}")
    assert told(world.sponsor, "link_made") == []


def test_a_further_link_renews_the_line_that_was_not_read(app: Flask) -> None:
    world = make_world(product_url=TARGET)
    verify(world.sponsor)
    ad_request = agree(world)
    further = add_link(world, ad_request)
    (news,) = told(world.influencer, "link_made")
    assert news.url == f"/influencer/links/{further.id}"


# --- broken, and works again ----------------------------------------------------------------------


class Page:
    """A page that answers as it is told."""

    def __init__(self) -> None:
        self.status = 200
        self.asked = 0

    def fetch(self, url: str, **_: object) -> Answer:
        self.asked += 1
        return Answer(url, self.status, {}, b"")


@pytest.fixture
def page(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Page:
    made = Page()
    monkeypatch.setattr(egress, "fetch", made.fetch)
    return made


def test_each_change_is_told_once_and_a_look_that_says_nothing_is_none(page: Page) -> None:
    world = make_world()
    verify(world.sponsor, "shop.dev")
    made = make_link(world, PAGE)
    for status, broken, works in (
        (200, 0, 0),
        (404, 1, 0),
        (404, 1, 0),
        (403, 1, 0),
        (500, 1, 0),
        (200, 1, 1),
        (200, 1, 1),
        (404, 2, 1),
    ):
        page.status = status
        link_health.check(made.link.id, PAGE)
        for person in (world.sponsor, world.influencer):
            counts = (len(told(person, "link_broken")), len(told(person, "link_works")))
            assert counts == (broken, works), status
    assert told(world.sponsor, "link_broken")[0].params["detail"] == "The page answers with 404."
    assert told(world.influencer, "link_broken")[0].url == f"/influencer/links/{made.link.id}"
    assert reload(made.link).broken_since is not None


def test_a_link_that_leads_elsewhere_is_not_broken_for_the_old_page(page: Page) -> None:
    world = make_world()
    verify(world.sponsor, "shop.dev")
    made = make_link(world, PAGE)
    page.status = 404
    link_health.check(made.link.id, PAGE)
    answer = SignedIn(world.sponsor).patch(
        f"/sponsor/links/{made.link.id}", {"target": "https://tea.shop.dev/black"}
    )
    assert (answer.json["health"], answer.json["broken_since"]) == ("unknown", None)


@pytest.mark.parametrize(
    "target",
    [
        "https://moraine.example/jackets",
        "https://shop.test/",
        "https://www.example.com/",
    ],
)
def test_a_name_that_nobody_can_have_is_not_broken(page: Page, target: str) -> None:
    health, detail = link_health.look(target)
    assert (health, page.asked) == (LinkHealth.UNKNOWN, 0)
    assert "examples" in detail
    # One that only looks like it is looked at.
    assert link_health.look("https://notexample.com/")[0] is LinkHealth.OK


def test_what_may_not_be_looked_at_is_not_broken(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_url: str, **_: object) -> Answer:
        raise AddressRefused("The host is not on the public internet.")

    monkeypatch.setattr(egress, "fetch", fetch)
    health, detail = link_health.look("http://shop.lan.dev/")
    assert health is LinkHealth.UNKNOWN
    assert "not on the public internet" in detail


def test_links_to_made_up_shops_stay_whole_after_a_day(app: Flask) -> None:
    world = make_world()
    made = make_link(world, TARGET)
    for days in (0, 2):
        with shifted(timedelta(days=days)):
            assert link_health.check_due() == {"unknown": 1}
    assert reload(made.link).broken_since is None
    assert told(world.sponsor, "link_broken") == []


# --- blocked --------------------------------------------------------------------------------------


@pytest.fixture
def web(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitors]:
    monkeypatch.setattr(link_table, "LOOK_EACH", 0.0)
    made = Visitors(app)
    yield made
    made.redirect.log.close()


def test_a_blocked_link_leads_nowhere_until_it_is_restored(app: Flask, web: Visitors) -> None:
    made = make_link()
    admin = SignedIn(make_admin())
    assert web.click(made.path).status_code == 302
    answer = admin.post(f"/admin/links/{made.link.id}/block", {"reason": "It sells fakes."})
    assert answer.status_code == 200
    assert answer.json["leads"] is False
    assert answer.json["status"] == "active"
    assert web.click(made.path).status_code == 410
    for person, side in ((made.world.sponsor, "sponsor"), (made.world.influencer, "influencer")):
        (news,) = told(person, "link_blocked")
        assert news.params["reason"] == "It sells fakes."
        seen = SignedIn(person).get(f"/{side}/links/{made.link.id}").json
        assert (seen["leads"], seen["block_reason"]) == (False, "It sells fakes.")
    answer = admin.post(f"/admin/links/{made.link.id}/restore", {"reason": "It was a mistake."})
    assert (answer.json["leads"], answer.json["blocked_at"]) == (True, None)
    assert web.click(made.path).status_code == 302
    assert len(told(made.world.influencer, "link_restored")) == 1


def test_a_sponsor_cannot_lift_a_block(app: Flask, web: Visitors) -> None:
    made = make_link()
    SignedIn(make_admin()).post(f"/admin/links/{made.link.id}/block", {"reason": "Fakes."})
    sponsor = SignedIn(made.world.sponsor)
    for act in ("pause", "resume"):
        assert sponsor.post(f"/sponsor/links/{made.link.id}/{act}").status_code == 200
    assert web.click(made.path).status_code == 410
    assert reload(made.link).blocked_at is not None


def test_blocking_is_done_once_and_is_in_the_audit_trail(app: Flask) -> None:
    made = make_link()
    admin = SignedIn(make_admin())
    path = f"/admin/links/{made.link.id}"
    assert admin.post(f"{path}/restore", {"reason": "Why not"}).status_code == 409
    assert admin.post(f"{path}/block", {}).status_code == 422
    assert admin.post(f"{path}/block", {"reason": "Fakes"}).status_code == 200
    assert admin.post(f"{path}/block", {"reason": "Fakes"}).status_code == 409
    assert admin.post(f"{path}/restore", {"reason": "Proven"}).status_code == 200
    db.session.rollback()
    entries = db.session.scalars(
        db.select(AuditEntry)
        .where(AuditEntry.subject_id == made.link.id, AuditEntry.actor == admin.person.user_id)
        .order_by(AuditEntry.id)
    )
    assert [(entry.action, entry.data["reason"]) for entry in entries] == [
        ("link.blocked", "Fakes"),
        ("link.restored", "Proven"),
    ]


def test_an_admin_finds_links_of_all_sponsors_by_what_is_wrong_with_them(page: Page) -> None:
    first, second = make_link(), make_link()
    world = make_world()
    verify(world.sponsor, "shop.dev")
    broken = make_link(world, PAGE)
    page.status = 404
    link_health.check(broken.link.id, PAGE)
    admin = SignedIn(make_admin())
    admin.post(f"/admin/links/{first.link.id}/block", {"reason": "Fakes"})

    def found(query: str) -> set[str]:
        return {row["id"] for row in admin.get(f"/admin/links?{query}").json["items"]}

    assert {first.link.id, second.link.id, broken.link.id} <= found("")
    assert found("blocked=true") == {first.link.id}
    assert found("broken=true") == {broken.link.id}
    assert found(f"sponsor_id={second.world.sponsor.sponsor_id}") == {second.link.id}
    assert found(f"influencer_id={second.world.influencer.influencer_id}") == {second.link.id}
    assert found(f"q={second.link.code}") == {second.link.id}
    assert found(f"q=https://accord.test/r/{second.link.code}") == {second.link.id}
    assert found("q=nothing-like-it") == set()
    assert found("status=paused") == set()
