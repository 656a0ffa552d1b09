"""A sponsor's brands, their products, and the terms that name them."""

from __future__ import annotations

import pytest
from flask import Flask

from app.brands.models import BrandTerm
from app.core.actor import MemberRole
from app.core.extensions import db
from tests.factories.brands import make_brand, make_product
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)

pytestmark = pytest.mark.usefixtures("app")


def test_a_sponsor_makes_changes_and_deletes_a_brand():
    sponsor = SignedIn(make_sponsor())
    body = {"name": "Apple", "aliases": ["@apple", "Äpple"], "keywords": ["iphone"]}
    made = sponsor.post("/sponsor/brands", {**body, "needs_context": True})
    assert made.status_code == 201
    assert made.headers["Location"].endswith(made.json["id"])
    assert made.json["aliases"] == ["@apple", "Äpple"]
    assert made.json["needs_context"] is True

    path = f"/sponsor/brands/{made.json['id']}"
    changed = sponsor.patch(path, {"aliases": ["#apple"], "exclusions": ["apple pie"]})
    assert changed.json["aliases"] == ["#apple"]
    assert changed.json["keywords"] == ["iphone"], "what is left out stays"
    assert changed.headers["ETag"] != made.headers["ETag"]

    assert sponsor.delete(path).status_code == 204
    assert sponsor.get(path).status_code == 404
    assert db.session.query(BrandTerm).count() == 0


def test_terms_are_folded_for_comparison_and_kept_as_written():
    make_brand(make_sponsor(), "Cà Phê", aliases=["Cà Phê Đá", "CÀ PHÊ ĐÁ"])
    terms = db.session.query(BrandTerm).all()
    assert [(term.text, term.folded) for term in terms] == [("Cà Phê Đá", "ca phe da")]


def test_two_brands_of_a_sponsor_cannot_share_a_name_but_two_sponsors_can():
    first = SignedIn(make_sponsor())
    assert first.post("/sponsor/brands", {"name": "Café"}).status_code == 201
    again = first.post("/sponsor/brands", {"name": "CAFE"})
    assert (again.status_code, again.json["type"]) == (409, "brand-name-taken")
    assert SignedIn(make_sponsor()).post("/sponsor/brands", {"name": "Café"}).status_code == 201


def test_products_have_a_price_in_a_currency_and_their_own_aliases():
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    client = SignedIn(sponsor)
    path = f"/sponsor/brands/{brand.id}/products"
    price = {"amount": 1999, "currency": "EUR"}
    made = client.post(
        path, {"name": "Mug", "url": "https://x.example/mug", "price": price, "aliases": ["cup"]}
    )
    assert made.status_code == 201
    assert made.json["price"] == price
    assert client.get(f"/sponsor/brands/{brand.id}").json["aliases"] == []

    one = f"{path}/{made.json['id']}"
    changed = client.patch(one, {"price": None, "aliases": ["beaker", "cup"]})
    assert (changed.json["price"], changed.json["aliases"]) == (None, ["beaker", "cup"])
    assert [item["id"] for item in client.get(path).json["items"]] == [made.json["id"]]
    taken = client.post(path, {"name": "MUG"})
    assert taken.json["type"] == "product-name-taken"
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": "x" * 121},
        {"name": "A", "site": "javascript:alert(1)"},
        {"name": "A", "aliases": ["a"] * 101},
        {"name": "A", "aliases": [""]},
        {"name": "A", "keywords": ["k" * 121]},
        {"name": "A", "sponsor_id": "spn_someone"},
    ],
)
def test_malformed_brands_are_refused(body: dict[str, object]):
    assert SignedIn(make_sponsor()).post("/sponsor/brands", body).status_code == 422


def test_a_site_can_be_taken_away_again():
    sponsor = SignedIn(make_sponsor())
    made = sponsor.post("/sponsor/brands", {"name": "A", "site": "https://a.example"})
    assert made.json["site"] == "https://a.example"
    path = f"/sponsor/brands/{made.json['id']}"
    assert sponsor.patch(path, {"site": ""}).json["site"] == ""


def test_a_brand_that_a_campaign_names_cannot_be_deleted():
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    product = make_product(sponsor, brand)
    make_campaign(sponsor, brand_id=brand.id, product_ids=[product.id])
    client = SignedIn(sponsor)
    for path in (
        f"/sponsor/brands/{brand.id}",
        f"/sponsor/brands/{brand.id}/products/{product.id}",
    ):
        refused = client.delete(path)
        assert (refused.status_code, refused.json["type"]) == (409, "brand-in-use")
        assert client.get(path).status_code == 200


def test_brands_of_another_sponsor_do_not_exist_for_a_sponsor():
    owner = make_sponsor()
    brand = make_brand(owner)
    product = make_product(owner, brand)
    stranger = SignedIn(make_sponsor())
    path = f"/sponsor/brands/{brand.id}"
    answers = [
        stranger.get(path),
        stranger.patch(path, {"name": "Mine"}),
        stranger.delete(path),
        stranger.get(f"{path}/products"),
        stranger.post(f"{path}/products", {"name": "X"}),
        stranger.get(f"{path}/products/{product.id}"),
        stranger.patch(f"{path}/products/{product.id}", {"name": "X"}),
        stranger.delete(f"{path}/products/{product.id}"),
    ]
    assert {answer.status_code for answer in answers} == {404}
    assert stranger.get("/sponsor/brands").json["items"] == []


@pytest.mark.parametrize("role", [MemberRole.FINANCE, MemberRole.VIEWER])
def test_finance_and_viewers_read_brands_and_change_none(role: MemberRole):
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    member = SignedIn(make_member(sponsor, role))
    assert member.get(f"/sponsor/brands/{brand.id}").status_code == 200
    assert member.post("/sponsor/brands", {"name": "X"}).status_code == 403
    assert member.patch(f"/sponsor/brands/{brand.id}", {"name": "X"}).status_code == 403
    assert member.delete(f"/sponsor/brands/{brand.id}").status_code == 403


def test_an_admin_manages_the_brands_of_any_sponsor():
    sponsor = make_sponsor()
    other = make_brand(make_sponsor())
    admin = SignedIn(make_admin())
    assert admin.post("/admin/brands", {"name": "X"}).status_code == 422
    made = admin.post("/admin/brands", {"name": "X", "sponsor_id": sponsor.sponsor_id})
    assert made.json["sponsor_id"] == sponsor.sponsor_id
    listed = admin.get(f"/admin/brands?sponsor_id={sponsor.sponsor_id}").json["items"]
    assert [brand["id"] for brand in listed] == [made.json["id"]]
    assert admin.get(f"/admin/brands/{other.id}").status_code == 200


def test_nobody_else_reads_brands(app: Flask):
    brand = make_brand(make_sponsor())
    pending = SignedIn(make_sponsor(approved=False))
    assert pending.get("/sponsor/brands").status_code == 403
    assert SignedIn(make_influencer()).get("/sponsor/brands").status_code == 403
    assert app.test_client().get(f"/api/v1/sponsor/brands/{brand.id}").status_code == 401


def test_a_stale_change_of_a_brand_is_refused():
    sponsor = make_sponsor()
    brand = make_brand(sponsor)
    client = SignedIn(sponsor)
    path = f"/sponsor/brands/{brand.id}"
    tag = client.get(path).headers["ETag"]
    assert client.patch(path, {"name": "New"}, headers={"If-Match": tag}).status_code == 200
    late = client.patch(path, {"name": "Late"}, headers={"If-Match": tag})
    assert late.status_code == 412
    assert client.get(path).json["name"] == "New"


def test_brands_are_listed_by_name_page_by_page():
    sponsor = make_sponsor()
    for name in ("delta", "Alpha", "Čarlie", "bravo", "echo"):
        make_brand(sponsor, name)
    client = SignedIn(sponsor)
    first = client.get("/sponsor/brands?limit=3").json
    second = client.get(f"/sponsor/brands?limit=3&cursor={first['next']}").json
    names = [brand["name"] for brand in first["items"] + second["items"]]
    assert names == ["Alpha", "bravo", "Čarlie", "delta", "echo"]
    assert second["next"] is None
    assert [b["name"] for b in client.get("/sponsor/brands?q=carl").json["items"]] == ["Čarlie"]
