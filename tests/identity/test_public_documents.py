"""Public profiles and campaigns: answered from the cache, and never with what is no longer true."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from app.core.actor import SYSTEM, MemberRole
from app.core.clock import today
from app.core.extensions import cache
from app.core.transaction import unit_of_work
from app.identity import ratings
from app.identity import service as identity
from app.identity.measured import keep_punctuality
from tests.factories.brands import make_brand, make_product
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    Person,
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)
from tests.services.statements import counted

pytestmark = pytest.mark.usefixtures("app")

PUBLIC = "/api/v1/public"


def read(client: FlaskClient, path: str) -> Any:
    answer = client.get(f"{PUBLIC}{path}")
    assert answer.status_code == 200, answer.json
    return answer.json


def set_effects(person: Person, **effects: bool) -> None:
    all_of_them = {"suspended": False, "hidden": False, "money_on_hold": False, **effects}
    unit_of_work(lambda: identity.set_effects(SYSTEM, user_id=person.user_id, **all_of_them))


@pytest.fixture
def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def paths(app: Flask) -> dict[str, str]:
    """One document of each kind."""
    sponsor = make_sponsor()
    return {
        "influencer": f"/influencers/{make_influencer().slug}",
        "sponsor": f"/sponsors/{sponsor.slug}",
        "campaign": f"/campaigns/{make_campaign(sponsor).id}",
    }


@pytest.mark.parametrize("kind", ["influencer", "sponsor", "campaign"])
def test_a_repeated_document_asks_nothing_of_the_database(
    client: FlaskClient, paths: dict[str, str], kind: str
):
    first = client.get(f"{PUBLIC}{paths[kind]}")
    with counted() as statements:
        again = client.get(f"{PUBLIC}{paths[kind]}")
        tag = {"If-None-Match": first.headers["ETag"]}
        same = client.get(f"{PUBLIC}{paths[kind]}", headers=tag)
    assert statements == []
    assert again.data == first.data
    assert again.headers["ETag"] == first.headers["ETag"]
    assert (same.status_code, same.data) == (304, b"")


@pytest.mark.parametrize("kind", ["influencer", "sponsor", "campaign"])
def test_everyone_has_an_entry_of_their_own(client: FlaskClient, paths: dict[str, str], kind: str):
    one, two = SignedIn(make_admin()), SignedIn(make_admin())
    one.get(f"/public{paths[kind]}")
    (key,) = [key for key in _entries() if f"admin:{one.person.user_id}:" in key]
    # A poisoned entry of one is never served to another.
    cache.set(key.removeprefix("accord:cache:"), {"body": b'{"poisoned":true}', "tag": "x"})
    assert one.get(f"/public{paths[kind]}").json == {"poisoned": True}
    assert "poisoned" not in two.get(f"/public{paths[kind]}").json
    assert "poisoned" not in read(client, paths[kind])


def _entries() -> list[str]:
    return [key.decode() for key in cache.cache._read_client.keys("*")]


def test_a_profile_follows_its_edits_accounts_and_stars(client: FlaskClient):
    person = make_influencer(name="Old")
    path = f"/influencers/{person.slug}"
    owner = SignedIn(person)
    assert read(client, path)["name"] == "Old"
    owner.patch("/influencer/profile", {"name": "New", "niches": ["tea"]})
    assert (read(client, path)["name"], read(client, path)["niches"]) == ("New", ["tea"])
    account = {"platform": "x", "handle": "new", "url": "https://x.com/new", "followers": 9}
    made = owner.post("/influencer/profile/accounts", account)
    assert made.status_code == 201, made.json
    assert read(client, path)["followers"] == 9
    owner.delete(f"/influencer/profile/accounts/{made.json['id']}")
    assert read(client, path)["followers"] == 0
    unit_of_work(lambda: ratings.rate_influencer(person.influencer_id or "", 5))
    assert read(client, path)["rating"] == {"average": 5.0, "count": 1}
    owner.patch("/influencer/profile", {"listed": False})
    assert client.get(f"{PUBLIC}{path}").status_code == 404


@pytest.mark.parametrize("effect", ["hidden", "suspended"])
def test_what_a_flag_takes_away_is_gone_at_once_and_back_at_once(client: FlaskClient, effect: str):
    influencer, sponsor = make_influencer(), make_sponsor()
    of_sponsor = [f"/sponsors/{sponsor.slug}", f"/campaigns/{make_campaign(sponsor).id}"]
    for person, paths in ((influencer, [f"/influencers/{influencer.slug}"]), (sponsor, of_sponsor)):
        for effects, status in (({}, 200), ({effect: True}, 404), ({}, 200)):
            set_effects(person, **effects)
            assert {client.get(f"{PUBLIC}{path}").status_code for path in paths} == {status}


def test_a_kept_list_of_campaigns_loses_those_of_a_barred_owner(client: FlaskClient):
    sponsor = make_sponsor()
    make_campaign(sponsor)
    assert len(read(client, "/campaigns")["items"]) == 1
    set_effects(sponsor, suspended=True)
    assert read(client, "/campaigns")["items"] == []


def test_a_closed_account_is_gone_at_once(client: FlaskClient):
    influencer, sponsor, admin = make_influencer(), make_sponsor(), SignedIn(make_admin())
    for person, path in (
        (influencer, f"/influencers/{influencer.slug}"),
        (sponsor, f"/sponsors/{sponsor.slug}"),
    ):
        assert client.get(f"{PUBLIC}{path}").status_code == 200
        closed = admin.post(f"/admin/users/{person.user_id}/close", {})
        assert closed.status_code == 200, closed.json
        assert client.get(f"{PUBLIC}{path}").status_code == 404


def test_a_sponsor_follows_its_edits_stars_and_owners(client: FlaskClient):
    sponsor = make_sponsor(name="Old")
    path = f"/sponsors/{sponsor.slug}"
    owner = SignedIn(sponsor)
    assert read(client, path)["name"] == "Old"
    owner.patch("/sponsor/profile", {"description": "New"})
    assert read(client, path)["description"] == "New"
    unit_of_work(lambda: ratings.rate_sponsor(sponsor.sponsor_id or "", 4))
    assert read(client, path)["rating"] == {"average": 4.0, "count": 1}
    unit_of_work(
        lambda: keep_punctuality(
            sponsor.sponsor_id or "", count=4, on_time=3, seconds=4 * 86_400, day=today()
        )
    )
    assert read(client, path)["punctuality"]["on_time_percent"] == 75
    make_member(sponsor, MemberRole.OWNER)
    assert client.get(f"{PUBLIC}{path}").status_code == 200
    members = owner.get("/sponsor/team/members").json["items"]
    (other,) = [row["id"] for row in members if row["email"] != sponsor.email]
    set_effects(sponsor, hidden=True)
    assert client.get(f"{PUBLIC}{path}").status_code == 200, "another owner may act"
    less = owner.patch(f"/sponsor/team/members/{other}", {"role": "viewer"})
    assert less.status_code == 200, less.json
    assert client.get(f"{PUBLIC}{path}").status_code == 404


def test_a_campaign_follows_its_brief_products_sponsor_and_life(client: FlaskClient):
    sponsor = make_sponsor()
    brand = make_brand(sponsor, "Kettle & Co")
    product = make_product(sponsor, brand, "Kettle")
    campaign = make_campaign(sponsor, title="Old", brand_id=brand.id, product_ids=[product.id])
    path, own = f"/campaigns/{campaign.id}", f"/sponsor/campaigns/{campaign.id}"
    owner = SignedIn(sponsor)
    assert read(client, path)["title"] == "Old"
    owner.patch(own, {"title": "New"})
    assert read(client, path)["title"] == "New"
    owner.patch(f"/sponsor/brands/{brand.id}/products/{product.id}", {"name": "Teapot"})
    assert [product["name"] for product in read(client, path)["products"]] == ["Teapot"]
    unit_of_work(lambda: ratings.rate_sponsor(sponsor.sponsor_id or "", 3))
    assert read(client, path)["sponsor"]["rating"] == 3
    owner.patch("/sponsor/profile", {"name": "Renamed"})
    assert read(client, path)["sponsor"]["name"] == "Renamed"
    for move, status in (("pause", 404), ("resume", 200), ("complete", 404)):
        owner.post(f"{own}/{move}")
        assert client.get(f"{PUBLIC}{path}").status_code == status, move


def test_a_photo_is_known_from_the_cache_until_it_is_replaced(client: FlaskClient, photo: bytes):
    owner = SignedIn(make_influencer())

    def upload() -> str:
        made = owner.post("/account/files", data={"file": (BytesIO(photo), "me.png")}).json["id"]
        assert owner.patch("/influencer/profile", {"photo_file_id": made}).status_code == 200
        return f"{PUBLIC}/files/{made}"

    first = upload()
    shown = client.get(first)
    assert (shown.status_code, shown.mimetype) == (200, "image/png")
    with counted() as statements:
        assert client.get(first).data == shown.data
    assert statements == []
    second = upload()
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200
