"""Writing, reading, changing, copying and deleting a campaign's brief."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from app.campaigns import service
from app.campaigns.events import CampaignEdited, CampaignTermsChanged
from app.campaigns.models import CampaignNiche, CampaignPhase
from app.core import events
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from tests.factories.brands import make_brand, make_product
from tests.factories.campaigns import brief_body, make_campaign, reload
from tests.factories.identity import SignedIn, make_admin, make_influencer, make_sponsor

pytestmark = pytest.mark.usefixtures("app")

TODAY = date.today()  # noqa: DTZ011 - only a start to count from


def day(offset: int) -> str:
    return (TODAY + timedelta(days=offset)).isoformat()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The facts that campaigns tell while a test runs."""
    facts: list[Any] = []
    for kind in (CampaignEdited, CampaignTermsChanged):
        monkeypatch.setitem(events._handlers, kind, [facts.append])
    return facts


def test_a_sponsor_writes_a_brief_and_reads_it_back():
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    product = make_product(sponsor, brand, price=Money(900, "EUR"))
    client = SignedIn(sponsor)
    body = brief_body(
        brand_id=brand.id,
        product_ids=[product.id],
        product_url="https://shop.example/mug",
        niches=["Food", "coffee", "food"],
        visibility="private",
        phases=[
            {"name": "Launch", "starts_on": day(11), "ends_on": day(20)},
            {"name": "Tease", "starts_on": day(1), "ends_on": day(10)},
        ],
        deliverables=[
            {"title": "Reel", "platform": "instagram", "share": 70, "due_on": day(5)},
            {"title": "Story", "share": 30},
        ],
        usage_rights="Six months, on our own accounts.",
        disclosure_rule="Say that it is paid.",
        disclosure_tags=["#ad"],
        hold_days=7,
        influencers_wanted=3,
        language="vi",
        countries=["Vietnam"],
        platforms=["instagram", "tiktok"],
        min_reach=5000,
        fee_from={"amount": 1000, "currency": "EUR"},
        fee_to={"amount": 2000, "currency": "EUR"},
        time_zone="Asia/Ho_Chi_Minh",
    )
    made = client.post("/sponsor/campaigns", body)
    assert made.status_code == 201, made.json
    read = client.get(f"/sponsor/campaigns/{made.json['id']}")
    assert read.json == made.json
    assert made.headers["Location"] == f"/api/v1/sponsor/campaigns/{made.json['id']}"
    assert read.headers["ETag"] == made.headers["ETag"]
    document = read.json
    assert document["status"] == "draft"
    assert document["niches"] == ["coffee", "food"]
    assert [phase["name"] for phase in document["phases"]] == ["Tease", "Launch"]
    assert document["committed"] == document["spent"] == {"amount": 0, "currency": "EUR"}
    assert document["free"] == document["budget"] == body["budget"]
    assert document["products"][0]["price"] == {"amount": 900, "currency": "EUR"}
    for name in ("usage_rights", "hold_days", "platforms", "countries", "fee_to", "time_zone"):
        assert document[name] == body[name]


def test_the_shortest_brief_is_enough_for_a_draft():
    body = {
        "title": "Bare",
        "budget": {"amount": 1, "currency": "VND"},
        "starts_on": day(0),
        "ends_on": day(0),
    }
    made = SignedIn(make_sponsor()).post("/sponsor/campaigns", body)
    assert made.status_code == 201
    assert made.json["visibility"] == "public"


def test_the_description_is_rendered_and_cleaned():
    source = "# Coffee\n\n<script>alert(1)</script> **now** [x](javascript:alert(1))"
    campaign = make_campaign(make_sponsor(), description=source)
    read = SignedIn(make_admin()).get(f"/admin/campaigns/{campaign.id}").json
    assert read["description"] == source
    assert "<strong>now</strong>" in read["description_html"]
    assert "<script" not in read["description_html"]
    assert "href" not in read["description_html"]


@pytest.mark.parametrize(
    "values",
    [
        {"title": ""},
        {"title": "x" * 161},
        {"title": None},
        {"description": "x" * 10_001},
        {"niches": ["x" * 61]},
        {"niches": [f"n{number}" for number in range(21)]},
        {"visibility": "secret"},
        {"status": "published"},
        {"committed": {"amount": 1, "currency": "EUR"}},
        {"budget": {"amount": 0, "currency": "EUR"}},
        {"budget": {"amount": -5, "currency": "EUR"}},
        {"budget": {"amount": 10**12 + 1, "currency": "EUR"}},
        {"budget": {"amount": 10.5, "currency": "EUR"}},
        {"budget": {"amount": True, "currency": "EUR"}},
        {"budget": {"amount": "100", "currency": "EUR"}},
        {"budget": {"amount": 100, "currency": "XXZ"}},
        {"starts_on": "tomorrow"},
        {"ends_on": day(-1)},
        {"phases": [{"name": "A", "starts_on": day(0), "ends_on": day(99)}]},
        {"hold_days": 91},
        {"hold_days": -1},
        {"influencers_wanted": 0},
        {"language": "Klingon!"},
        {"platforms": ["myspace"]},
        {"min_reach": -1},
        {"product_url": "ftp://x.example"},
        {"brand_id": "brd_unknown"},
        {"product_ids": ["prd_unknown"]},
        {"time_zone": "Nowhere"},
        {"deliverables": [{"title": "A", "share": 101}]},
        {"fee_from": {"amount": 5, "currency": "USD"}},
    ],
)
def test_malformed_briefs_are_refused_field_by_field(values: dict[str, Any]):
    answer = SignedIn(make_sponsor()).post("/sponsor/campaigns", brief_body(**values))
    assert answer.status_code == 422
    assert {name.split(".")[0] for name in answer.json["errors"]} == set(values)


def test_the_largest_budget_is_taken():
    body = brief_body(budget={"amount": 10**12, "currency": "VND"})
    assert SignedIn(make_sponsor()).post("/sponsor/campaigns", body).status_code == 201


def test_a_brand_or_product_of_another_sponsor_is_refused():
    stranger = make_sponsor()
    theirs = make_brand(stranger)
    sponsor = make_sponsor()
    mine, other = make_brand(sponsor), make_brand(sponsor)
    of_other = make_product(sponsor, other)
    client = SignedIn(sponsor)
    refused = client.post("/sponsor/campaigns", brief_body(brand_id=theirs.id))
    assert list(refused.json["errors"]) == ["brand_id"]
    mixed = brief_body(brand_id=mine.id, product_ids=[of_other.id])
    assert list(client.post("/sponsor/campaigns", mixed).json["errors"]) == ["product_ids"]


def test_a_change_leaves_the_rest_and_keeps_phases_that_keep_their_name():
    sponsor = make_sponsor()
    phases = [
        {"name": "One", "starts_on": TODAY, "ends_on": TODAY + timedelta(days=2)},
        {"name": "Two", "starts_on": TODAY + timedelta(days=3), "ends_on": TODAY + timedelta(9)},
    ]
    campaign = make_campaign(sponsor, "draft", phases=phases, niches=["food", "art"])
    client = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    before = client.get(path).json
    body = {
        "niches": ["art", "music"],
        "phases": [{"name": "two", "starts_on": day(4), "ends_on": day(10)}],
    }
    after = client.patch(path, body).json
    assert after["title"] == before["title"]
    assert after["niches"] == ["art", "music"]
    assert [phase["id"] for phase in after["phases"]] == [before["phases"][1]["id"]]
    assert client.get(path).json == after
    assert db.session.query(CampaignPhase).count() == 1
    assert db.session.query(CampaignNiche).count() == 2


def test_a_change_that_contradicts_what_stays_is_refused():
    sponsor = make_sponsor()
    campaign = make_campaign(
        sponsor, "draft", phases=[{"name": "A", "starts_on": TODAY, "ends_on": TODAY}]
    )
    client = SignedIn(sponsor)
    refused = client.patch(f"/sponsor/campaigns/{campaign.id}", {"starts_on": day(2)})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["phases"])


def test_only_a_change_of_terms_after_publication_makes_open_offers_stale(heard: list[Any]):
    sponsor = make_sponsor()
    draft, open_one = make_campaign(sponsor, "draft"), make_campaign(sponsor, "published")
    client = SignedIn(sponsor)
    client.patch(f"/sponsor/campaigns/{draft.id}", {"usage_rights": "None."})
    assert heard == []
    path = f"/sponsor/campaigns/{open_one.id}"
    assert client.patch(path, {"title": "New name"}).json["terms_version"] == 1
    assert heard.pop() == CampaignEdited(open_one.id, ("title",))
    changed = client.patch(path, {"usage_rights": "None.", "title": "Newer name"})
    assert changed.json["terms_version"] == 2
    assert heard.pop() == CampaignTermsChanged(open_one.id, ("title", "usage_rights"), 2)
    assert client.patch(path, {"usage_rights": "None."}).json["terms_version"] == 2
    assert heard == [], "nothing changed, nobody is told"


def test_the_currency_is_fixed_once_published():
    sponsor = make_sponsor()
    draft, open_one = make_campaign(sponsor, "draft"), make_campaign(sponsor, "published")
    client = SignedIn(sponsor)
    body = {"budget": {"amount": 900_000, "currency": "USD"}}
    assert client.patch(f"/sponsor/campaigns/{draft.id}", body).json["budget"] == body["budget"]
    refused = client.patch(f"/sponsor/campaigns/{open_one.id}", body)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["budget"])


def test_the_budget_cannot_fall_below_what_agreements_took():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    unit_of_work(lambda: service.commit_budget(campaign.id, 300_000))
    client = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    refused = client.patch(path, {"budget": {"amount": 299_999, "currency": "EUR"}})
    assert (refused.status_code, refused.json["type"]) == (409, "over-budget")
    assert list(refused.json["errors"]) == ["budget"]
    taken = client.patch(path, {"budget": {"amount": 300_000, "currency": "EUR"}})
    assert taken.json["free"]["amount"] == 0


@pytest.mark.parametrize("status", ["completed", "archived"])
def test_the_brief_of_a_campaign_that_is_over_stays(status: str):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, status)
    answer = SignedIn(sponsor).patch(f"/sponsor/campaigns/{campaign.id}", {"title": "X"})
    assert (answer.status_code, answer.json["type"]) == (409, "campaign-closed")
    assert reload(campaign).title == campaign.title


def test_a_stale_change_is_refused_also_when_money_moved_in_between():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    client = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    tag = client.get(path).headers["ETag"]
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    unit_of_work(lambda: service.commit_budget(campaign.id, 1))
    assert client.get(path, headers={"If-None-Match": tag}).json["committed"]["amount"] == 1
    assert client.patch(path, {"title": "X"}, headers={"If-Match": tag}).status_code == 412


def test_a_copy_is_a_draft_with_the_same_brief():
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    product = make_product(sponsor, brand)
    phases = [{"name": "One", "starts_on": TODAY, "ends_on": TODAY}]
    campaign = make_campaign(
        sponsor,
        "completed",
        title="T" * 160,
        brand_id=brand.id,
        product_ids=[product.id],
        phases=phases,
        countries=["France"],
    )
    copied = SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign.id}/duplicate")
    assert copied.status_code == 201
    assert copied.json["id"] != campaign.id
    assert copied.headers["Location"].endswith(copied.json["id"])
    assert copied.json["status"] == "draft"
    assert copied.json["title"].endswith(" (copy)")
    assert copied.json["brand"]["id"] == brand.id
    assert copied.json["product_ids"] == [product.id]
    assert [phase["name"] for phase in copied.json["phases"]] == ["One"]
    assert copied.json["countries"] == ["France"]


def test_deleting_a_draft_takes_what_hangs_on_it():
    sponsor = make_sponsor()
    phases = [{"name": "One", "starts_on": TODAY, "ends_on": TODAY}]
    campaign = make_campaign(sponsor, "draft", phases=phases)
    client = SignedIn(sponsor)
    assert client.delete(f"/sponsor/campaigns/{campaign.id}").status_code == 204
    assert client.get(f"/sponsor/campaigns/{campaign.id}").status_code == 404
    assert db.session.query(CampaignPhase).count() == 0
    assert db.session.query(CampaignNiche).count() == 0


def test_an_admin_writes_a_campaign_for_a_sponsor_who_then_owns_it():
    sponsor = make_sponsor()
    admin = SignedIn(make_admin())
    assert admin.post("/admin/campaigns", brief_body()).status_code == 422
    unknown = admin.post("/admin/campaigns", brief_body(sponsor_id="spn_nobody"))
    assert list(unknown.json["errors"]) == ["sponsor_id"]
    made = admin.post("/admin/campaigns", brief_body(sponsor_id=sponsor.sponsor_id))
    assert made.status_code == 201
    own = SignedIn(sponsor).get(f"/sponsor/campaigns/{made.json['id']}")
    assert own.json["sponsor_id"] == sponsor.sponsor_id


def test_a_sponsor_cannot_write_for_another():
    body = brief_body(sponsor_id=make_sponsor().sponsor_id)
    assert SignedIn(make_sponsor()).post("/sponsor/campaigns", body).status_code == 422


def test_a_pending_sponsor_writes_and_reads_no_campaigns():
    pending = SignedIn(make_sponsor(approved=False))
    refused = pending.post("/sponsor/campaigns", brief_body())
    assert (refused.status_code, refused.json["type"]) == (403, "account-pending")
    assert pending.get("/sponsor/campaigns").status_code == 403


def test_a_sponsors_surface_is_closed_to_others(app: Flask):
    campaign = make_campaign(make_sponsor())
    path = f"/sponsor/campaigns/{campaign.id}"
    assert SignedIn(make_influencer()).get(path).status_code == 403
    assert SignedIn(make_admin()).get(path).status_code == 403
    assert app.test_client().get(f"/api/v1{path}").status_code == 401


def test_the_same_key_makes_one_campaign():
    client = SignedIn(make_sponsor())
    body = brief_body()
    first = client.post("/sponsor/campaigns", body, headers={"Idempotency-Key": "k1"})
    again = client.post("/sponsor/campaigns", body, headers={"Idempotency-Key": "k1"})
    assert first.json["id"] == again.json["id"]
    assert len(client.get("/sponsor/campaigns").json["items"]) == 1
