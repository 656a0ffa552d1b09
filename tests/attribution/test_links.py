"""Links: made with agreements and by sponsors, within verified domains, seen by their owners."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from app.attribution import links
from app.attribution.codes import fold_coupon, is_coupon, suggest_coupon
from app.attribution.link_models import LinkHealth, LinkTable, TrackingLink
from app.brands import service as brands
from app.core.clock import now
from app.core.egress import Answer
from app.core.egress_errors import TimedOut
from app.core.extensions import db
from app.core.jobs import Job
from app.core.transaction import unit_of_work
from tests.attribution.redirect_tricks import TRICKS
from tests.factories.ad_requests import World, agree, make_world, propose
from tests.factories.brands import make_brand
from tests.factories.campaigns import make_campaign
from tests.factories.identity import Person, SignedIn, make_influencer
from tests.factories.links import HOST, TARGET, add_link, make_link, reload, verify

PAGE = "https://tea.shop.dev/green"
ELSEWHERE = "https://evil.example/tea"


def of_agreement(ad_request_id: str) -> list[TrackingLink]:
    """The links of an agreement, the oldest first."""
    statement = select(TrackingLink).where(TrackingLink.ad_request_id == ad_request_id)
    found = list(db.session.scalars(statement.order_by(TrackingLink.created_at, TrackingLink.id)))
    db.session.rollback()
    return found


def table_version() -> int:
    version = db.session.scalar(select(LinkTable.version)) or 0
    db.session.rollback()
    return version


def product_with_page(sponsor: Person, brand: Any, url: str) -> str:
    def work() -> str:
        held = brands.get_for(sponsor.actor, brand.id, lock=True)
        return brands.add_product(sponsor.actor, held, name=url[-30:], url=url).id

    return unit_of_work(work)


# --- by themselves --------------------------------------------------------------------------------


def test_an_agreement_gets_its_link_when_it_becomes_active(app: Flask) -> None:
    world = make_world(product_url=TARGET)
    verify(world.sponsor)
    open_one = propose(world)
    assert of_agreement(open_one.id) == []
    accepted = agree(World(world.sponsor, make_influencer(), world.admin, world.campaign))
    [link] = of_agreement(accepted.id)
    assert (link.target, link.automatic, link.product_id) == (TARGET, True, None)
    assert link.influencer_id == accepted.influencer_id
    assert link.campaign_id == world.campaign.id


def test_each_product_with_a_page_gets_one_too(app: Flask) -> None:
    world = make_world()
    verify(world.sponsor)
    brand = make_brand(world.sponsor)
    pages = [f"https://www.{HOST}/one", f"https://{HOST}/two", ELSEWHERE, ""]
    ids = [product_with_page(world.sponsor, brand, page) for page in pages]
    campaign = make_campaign(world.sponsor, brand_id=brand.id, product_ids=ids, product_url=TARGET)
    made = agree(replace(world, campaign=campaign))
    found = {(link.product_id, link.target) for link in of_agreement(made.id)}
    assert found == {(None, TARGET), (ids[0], pages[0]), (ids[1], pages[1])}


def test_what_waited_for_a_domain_is_made_when_it_is_verified(app: Flask) -> None:
    world = make_world(product_url=TARGET)
    made = agree(world)
    assert of_agreement(made.id) == []
    verify(world.sponsor)
    job = db.session.scalars(select(Job).where(Job.name == "attribution.make_links")).one()
    assert job.args == {"sponsor_id": world.sponsor.sponsor_id}
    db.session.rollback()
    assert links.make_missing(str(world.sponsor.sponsor_id)) == 1
    assert links.make_missing(str(world.sponsor.sponsor_id)) == 0
    assert len(of_agreement(made.id)) == 1


# --- by the sponsor -------------------------------------------------------------------------------


def test_a_sponsor_makes_a_link_for_an_agreement(app: Flask) -> None:
    world = make_world()
    verify(world.sponsor)
    client = SignedIn(world.sponsor)
    ad_request = agree(world)
    made = client.post(f"/sponsor/ad-requests/{ad_request.id}/links", {"target": TARGET})
    assert made.status_code == 201
    body = made.json
    assert made.headers["Location"] == f"/api/v1/sponsor/links/{body['id']}"
    assert body["url"].endswith(f"/r/{body['code']}")
    assert body["utm"]["utm_medium"] == "influencer"
    assert body["preview"]["url"].startswith(f"{TARGET}?utm_source=")
    assert body["preview"]["url"].endswith("&accord_click=CLICK")
    assert body["preview"]["added"][-1] == "accord_click"
    assert (body["leads"], body["actions"]) == (True, ["pause", "end"])
    assert client.get(f"/sponsor/links/{body['id']}").json == body


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_every_trick_of_a_redirect_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    world = make_world()
    verify(world.sponsor)
    client, path = SignedIn(world.sponsor), f"/sponsor/ad-requests/{agree(world).id}/links"
    monkeypatch.setitem(app.config, "ACCORD", replace(app.config["ACCORD"], domain_checks=True))
    taken = set()
    for trick in TRICKS:
        answer = client(
            "POST", path, data=json.dumps({"target": trick}), content_type="application/json"
        )
        assert answer.status_code in (201, 400, 422), trick
        if answer.status_code == 201:
            taken.add(answer.json["target"])
    # White space around an address is trimmed, as in every text.
    assert taken == {f"https://{HOST}/"}


def test_a_target_outside_the_verified_domains_is_refused(app: Flask) -> None:
    world = make_world()
    path = f"/sponsor/ad-requests/{agree(world).id}/links"
    client = SignedIn(world.sponsor)
    refused = client.post(path, {"target": TARGET})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["target"])
    verify(world.sponsor)
    assert client.post(path, {"target": TARGET}).status_code == 201
    assert client.post(path, {"target": ELSEWHERE}).status_code == 422


def test_links_are_made_for_active_agreements_only(app: Flask) -> None:
    world = make_world()
    verify(world.sponsor)
    open_one = propose(world)
    refused = SignedIn(world.sponsor).post(
        f"/sponsor/ad-requests/{open_one.id}/links", {"target": TARGET}
    )
    assert (refused.status_code, refused.json["type"]) == (409, "agreement-not-active")


def test_links_of_one_agreement_have_an_end(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "MAX_LINKS", 1)
    made = make_link()
    with pytest.raises(links.TooManyLinks):
        add_link(made.world, made.ad_request)


def test_a_link_is_changed_paused_and_ended(app: Flask) -> None:
    made = make_link()
    client, path = SignedIn(made.world.sponsor), f"/sponsor/links/{made.link.id}"
    before = table_version()
    later = (now() + timedelta(days=3)).isoformat()
    changed = client.patch(
        path, {"target": f"https://{HOST}/coffee", "utm": {"utm_source": "tv"}, "expires_at": later}
    )
    assert changed.status_code == 200
    assert (changed.json["target"], changed.json["utm"]) == (
        f"https://{HOST}/coffee", {"utm_source": "tv"}
    )  # fmt: skip
    assert client.patch(path, {"target": ELSEWHERE}).status_code == 422
    past = (now() - timedelta(days=3)).isoformat()
    assert client.patch(path, {"expires_at": past}).status_code == 422
    assert client.post(f"{path}/pause").json["status"] == "paused"
    assert client.post(f"{path}/pause").status_code == 409
    assert client.post(f"{path}/resume").json["status"] == "active"
    ended = client.post(f"{path}/end").json
    assert (ended["status"], ended["actions"], ended["leads"]) == ("ended", [], False)
    assert client.post(f"{path}/resume").status_code == 409
    assert client.patch(path, {"utm": {}}).status_code == 409
    assert table_version() == before + 4


def test_a_change_of_what_somebody_else_changed_is_refused(app: Flask) -> None:
    made = make_link()
    client, path = SignedIn(made.world.sponsor), f"/sponsor/links/{made.link.id}"
    tag = client.get(path).headers["ETag"]
    client.post(f"{path}/coupons", {})
    stale = client.patch(path, {"utm": {}}, headers={"If-Match": tag})
    assert stale.status_code == 412


# --- who sees them --------------------------------------------------------------------------------


def test_both_sides_list_their_links(app: Flask) -> None:
    one, other = make_link(), make_link()
    second = add_link(one.world, one.ad_request)
    sponsor, influencer = SignedIn(one.world.sponsor), SignedIn(one.world.influencer)
    wanted = [second.id, one.link.id]
    for client, side in ((sponsor, "sponsor"), (influencer, "influencer")):
        page = client.get(f"/{side}/links").json
        assert [item["id"] for item in page["items"]] == wanted
        first = client.get(f"/{side}/links?limit=1").json
        rest = client.get(f"/{side}/links?limit=1&cursor={first['next']}").json
        assert [item["id"] for item in (*first["items"], *rest["items"])] == wanted
        assert client.get(f"/{side}/links/{other.link.id}").status_code == 404
        found = client.get(f"/{side}/links?campaign_id={one.world.campaign.id}&status=paused").json
        assert found["items"] == []
    assert sponsor.get(f"/sponsor/links?influencer_id={other.link.influencer_id}").json == {
        "items": [], "next": None, "total": None
    }  # fmt: skip


def test_a_list_asks_the_same_number_of_statements_however_long(app: Flask) -> None:
    from sqlalchemy import event

    made = make_link()
    client = SignedIn(made.world.influencer)
    asked: list[int] = []

    def count() -> int:
        statements: list[str] = []

        def note(_c: Any, _u: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        try:
            assert client.get("/influencer/links").status_code == 200
        finally:
            event.remove(db.engine, "before_cursor_execute", note)
        return len(statements)

    asked.append(count())
    for _ in range(4):
        add_link(made.world, made.ad_request)
    asked.append(count())
    assert asked[0] == asked[1]


@pytest.mark.parametrize("form", ["svg", "png"])
def test_a_link_has_a_qr_code(app: Flask, form: str) -> None:
    made = make_link()
    client = SignedIn(made.world.influencer)
    answer = client.get(f"/influencer/links/{made.link.id}/qr?format={form}")
    assert answer.status_code == 200
    if form == "png":
        picture = Image.open(io.BytesIO(answer.data))
        assert picture.format == "PNG"
        assert picture.width >= 200
    else:
        assert answer.mimetype == "image/svg+xml"
        assert b"<svg" in answer.data
        assert b"<script" not in answer.data
    assert client.get(f"/influencer/links/{made.link.id}/qr?format=exe").status_code == 422


def test_anyone_reads_in_plain_words_what_a_link_is(app: Flask) -> None:
    made = make_link(make_world(visibility="private"))
    client = app.test_client()
    found = client.get(f"/api/v1/public/links/{made.link.code.upper()}")
    assert found.status_code == 200
    body = found.get_json()
    assert (body["host"], body["leads"], body["window_days"]) == (HOST, True, 30)
    assert body["campaign"] is None
    assert body["paid_by_order"] is False
    assert HOST in body["terms"][0]
    assert "30 days" in body["terms"][2]
    assert client.get("/api/v1/public/links/nothing").status_code == 404


def test_the_terms_say_who_is_paid_by_the_order(app: Flask) -> None:
    world = make_world()
    verify(world.sponsor)
    ad_request = agree(world, cap=50_000)
    link = add_link(world, ad_request)
    body = app.test_client().get(f"/api/v1/public/links/{link.code}").get_json()
    assert body["paid_by_order"] is True
    assert "is paid by" in body["terms"][1]


# --- coupon codes ---------------------------------------------------------------------------------


def test_coupon_codes_are_folded_unique_and_switched(app: Flask) -> None:
    made = make_link()
    client, path = SignedIn(made.world.sponsor), f"/sponsor/links/{made.link.id}/coupons"
    added = client.post(path, {"code": " maija 10 "})
    assert added.status_code == 201
    [coupon] = added.json["coupons"]
    assert (coupon["code"], coupon["active"]) == ("MAIJA10", True)
    taken = client.post(path, {"code": "Maija10"})
    assert (taken.status_code, taken.json["type"]) == (409, "coupon-taken")
    for bad in ("ab", "a b€", "=cmd", "-x-", "x" * 60):
        assert client.post(path, {"code": bad}).status_code == 422
    off = client.patch(f"{path}/{coupon['id']}", {"active": False})
    assert off.json["coupons"] == [{**coupon, "active": False}]
    assert len(client.post(path, {}).json["coupons"]) == 2


def test_two_sponsors_may_use_the_same_code(app: Flask) -> None:
    for made in (make_link(), make_link()):
        client = SignedIn(made.world.sponsor)
        assert (
            client.post(f"/sponsor/links/{made.link.id}/coupons", {"code": "TEA"}).status_code
            == 201
        )


def test_a_code_is_suggested_from_the_name() -> None:
    assert suggest_coupon("Maïja Ö.").startswith("MAIJAO-")
    assert suggest_coupon("李").startswith("CODE-")
    assert all(is_coupon(suggest_coupon("Maija")) for _ in range(50))
    assert fold_coupon("a b\u00a0c") == "ABC"


# --- health ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answer", "health"),
    [
        (Answer(PAGE, 200, {}, b""), LinkHealth.OK),
        (Answer("https://tea.shop.dev/new", 200, {}, b"", redirects=1), LinkHealth.REDIRECTED),
        (Answer(PAGE, 404, {}, b""), LinkHealth.BROKEN),
        (Answer(PAGE, 503, {}, b""), LinkHealth.BROKEN),
        (Answer(PAGE, 403, {}, b""), LinkHealth.UNKNOWN),
        (TimedOut("The server took too long."), LinkHealth.BROKEN),
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_look_at_the_page_says_how_a_link_is(
    app: Flask, monkeypatch: pytest.MonkeyPatch, answer: Any, health: LinkHealth
) -> None:
    from app.attribution import link_health

    world = make_world()
    verify(world.sponsor, "shop.dev")
    made = make_link(world, PAGE)
    asked: list[str] = []

    def fetch(url: str, **_: object) -> Answer:
        asked.append(url)
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("app.core.egress.fetch", fetch)
    assert link_health.check_due() == {health.value: 1}
    assert link_health.check_due() == {}
    assert asked == [PAGE]
    assert reload(made.link).health is health
