"""Profiles as their owners edit them, and social accounts."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from PIL import Image

from app.core.actor import MemberRole
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.models import Influencer, SocialAccount
from app.identity.reach import account_reach
from tests.factories.identity import SignedIn, make_influencer, make_member, make_sponsor

ACCOUNTS = "/influencer/profile/accounts"


def picture(signed_in: SignedIn) -> str:
    """Upload a small picture; returns its id."""
    out = BytesIO()
    Image.new("RGB", (8, 8), "red").save(out, "PNG")
    out.seek(0)
    answer = signed_in.post("/account/files", data={"file": (out, "me.png")})
    assert answer.status_code == 201
    return str(answer.json["id"])


def test_a_pending_sponsor_edits_the_own_profile(app: Flask):
    signed_in = SignedIn(make_sponsor(approved=False))
    changes = {
        "name": "Nordlys",
        "kind": "individual",
        "industry": "Outdoor",
        "description": "Jackets\nand tents",
        "site": "https://nordlys.example",
        "country": "Norway",
        "budget": {"amount": 500_000, "currency": "NOK"},
        "time_zone": "Europe/Oslo",
        "consents_to_assignments": True,
    }
    answer = signed_in.patch("/sponsor/profile", changes)
    assert answer.status_code == 200
    shown = signed_in.get("/sponsor/profile").json
    assert {name: shown[name] for name in changes} == changes
    assert shown["currency"] == "NOK"


def test_what_is_left_out_of_a_change_stays(app: Flask):
    signed_in = SignedIn(make_sponsor(name="Before"))
    signed_in.patch("/sponsor/profile", {"industry": "Food", "site": "https://a.example"})
    shown = signed_in.patch("/sponsor/profile", {"site": ""}).json
    assert (shown["name"], shown["industry"], shown["site"]) == ("Before", "Food", "")


@pytest.mark.parametrize(
    ("role", "status"),
    [(MemberRole.MANAGER, 200), (MemberRole.FINANCE, 403), (MemberRole.VIEWER, 403)],
)
def test_owners_and_managers_edit_a_sponsor(app: Flask, role: MemberRole, status: int):
    member = SignedIn(make_member(make_sponsor(), role))
    assert member.patch("/sponsor/profile", {"industry": "Food"}).status_code == status
    assert member.get("/sponsor/profile").status_code == 200


def test_a_stale_etag_changes_nothing(app: Flask):
    for person, path in (
        (make_sponsor(), "/sponsor/profile"),
        (make_influencer(), "/influencer/profile"),
    ):
        signed_in = SignedIn(person)
        tag = signed_in.get(path).headers["ETag"]
        first = signed_in.patch(path, {"name": "First"}, headers={"If-Match": tag})
        assert first.status_code == 200
        assert first.headers["ETag"] != tag
        second = signed_in.patch(path, {"name": "Second"}, headers={"If-Match": tag})
        assert (second.status_code, second.json["type"]) == (412, "stale-version")
        assert signed_in.get(path).json["name"] == "First"


@pytest.mark.parametrize("encoding", ["br", "gzip"])
def test_the_etag_of_a_packed_answer_serves_as_if_match(app: Flask, encoding: str):
    signed_in = SignedIn(make_sponsor())
    path = "/sponsor/profile"
    signed_in.patch(path, {"description": "Long enough to be packed. " * 40})
    packed = signed_in.get(path, headers={"Accept-Encoding": encoding})
    assert packed.headers["Content-Encoding"] == encoding
    tag = packed.headers["ETag"]
    first = signed_in.patch(path, {"name": "First"}, headers={"If-Match": tag})
    assert first.status_code == 200
    assert signed_in.patch(path, {"name": "Late"}, headers={"If-Match": tag}).status_code == 412


def test_an_influencer_edits_the_own_profile(app: Flask):
    signed_in = SignedIn(make_influencer())
    changes = {
        "name": "Thảo Lê",
        "bio": "Hikes",
        "niches": ["Hiking", "travel", "hiking "],
        "country": "Vietnam",
        "language": "vi",
        "price": {"amount": 2_000_000, "currency": "VND"},
        "available": False,
        "listed": False,
    }
    assert signed_in.patch("/influencer/profile", changes).status_code == 200
    shown = signed_in.get("/influencer/profile").json
    expected = {**changes, "niches": ["hiking", "travel"]}
    assert {name: shown[name] for name in changes} == expected
    again = signed_in.patch("/influencer/profile", {"price": None, "niches": ["travel"]}).json
    assert (again["price"], again["niches"], again["currency"]) == (None, ["travel"], "VND")


def test_reach_follows_the_accounts(app: Flask):
    signed_in = SignedIn(make_influencer())
    first = {"platform": "instagram", "handle": "@Mountain.Life", "followers": 10_000}
    answer = signed_in.post(ACCOUNTS, {**first, "average_engagement": 500})
    assert answer.status_code == 201
    assert answer.json["handle"] == "mountain.life"
    assert (answer.json["source"], answer.json["verified"]) == ("stated", False)
    signed_in.post(ACCOUNTS, {"platform": "tiktok", "handle": "ml", "followers": 1_000})
    shown = signed_in.get("/influencer/profile").json
    assert shown["followers"] == 11_000
    assert shown["reach"] == account_reach(10_000, 500) + account_reach(1_000, None)
    assert shown["engagement_rate"] == pytest.approx(0.05)
    assert [a["platform"] for a in shown["accounts"]] == ["instagram", "tiktok"]
    path = f"{ACCOUNTS}/{answer.json['id']}"
    assert signed_in.patch(path, {"followers": 20_000}).json["followers"] == 20_000
    assert signed_in.get("/influencer/profile").json["followers"] == 21_000
    assert signed_in.delete(path).status_code == 204
    assert signed_in.get("/influencer/profile").json["followers"] == 1_000
    assert len(signed_in.get(ACCOUNTS).json["items"]) == 1


def test_an_account_belongs_to_one_profile(app: Flask):
    mine, theirs = SignedIn(make_influencer()), SignedIn(make_influencer())
    account = {"platform": "x", "handle": "same"}
    assert mine.post(ACCOUNTS, account).status_code == 201
    taken = theirs.post(ACCOUNTS, {"platform": "x", "handle": "@SAME"})
    assert (taken.status_code, taken.json["type"]) == (409, "account-taken")
    assert theirs.post(ACCOUNTS, {**account, "platform": "tiktok"}).status_code == 201
    (own,) = theirs.get(ACCOUNTS).json["items"]
    renamed = theirs.patch(f"{ACCOUNTS}/{own['id']}", {"handle": "other"})
    assert renamed.json["handle"] == "other"


def test_nobody_changes_the_account_of_somebody_else(app: Flask):
    mine, theirs = SignedIn(make_influencer()), SignedIn(make_influencer())
    account = theirs.post(ACCOUNTS, {"platform": "x", "handle": "theirs"}).json["id"]
    assert mine.patch(f"{ACCOUNTS}/{account}", {"followers": 1}).status_code == 404
    assert mine.delete(f"{ACCOUNTS}/{account}").status_code == 404


def test_measured_figures_are_not_overwritten_by_stated_ones(app: Flask):
    signed_in = SignedIn(make_influencer())
    account = signed_in.post(ACCOUNTS, {"platform": "x", "handle": "me", "followers": 5}).json
    unit_of_work(lambda: db.session.execute(db.update(SocialAccount).values(source="import")))
    path = f"{ACCOUNTS}/{account['id']}"
    assert signed_in.patch(path, {"followers": 10**9}).status_code == 409
    assert signed_in.patch(path, {"url": "https://x.example/me"}).json["followers"] == 5
    # A new handle is another account, so its owner may state figures again.
    assert signed_in.patch(path, {"handle": "me2"}).json["source"] == "stated"


def test_a_profile_has_at_most_twenty_accounts(app: Flask):
    signed_in = SignedIn(make_influencer())
    for number in range(20):
        assert (
            signed_in.post(ACCOUNTS, {"platform": "x", "handle": f"h{number}"}).status_code == 201
        )
    assert signed_in.post(ACCOUNTS, {"platform": "x", "handle": "h20"}).json["type"] == "too-many"


@pytest.mark.parametrize(
    ("make", "path", "file", "url"),
    [
        (make_influencer, "/influencer/profile", "photo_file_id", "photo_url"),
        (make_sponsor, "/sponsor/profile", "logo_file_id", "logo_url"),
    ],
)
def test_a_profile_picture_is_public_and_replaces_the_old_one(
    app: Flask, client: Any, make: Any, path: str, file: str, url: str
):
    signed_in = SignedIn(make())
    first = picture(signed_in)
    assert client.get(f"/api/v1/public/files/{first}").status_code == 404
    shown = signed_in.patch(path, {file: first}).json
    assert client.get(shown[url]).status_code == 200
    second = signed_in.patch(path, {file: picture(signed_in)}).json
    assert client.get(second[url]).status_code == 200
    assert client.get(shown[url]).status_code == 404
    assert signed_in.patch(path, {file: second[file]}).status_code == 200
    assert signed_in.patch(path, {file: None}).json[url] is None
    assert client.get(second[url]).status_code == 404


def test_only_an_own_unused_picture_becomes_a_profile_picture(app: Flask):
    mine, theirs = SignedIn(make_influencer()), SignedIn(make_influencer())
    text = mine.post("/account/files", data={"file": (BytesIO(b"hello"), "a.txt")}).json["id"]
    used = picture(theirs)
    theirs.patch("/influencer/profile", {"photo_file_id": used})
    for wrong in (text, used, picture(theirs), "fil_unknown", "nonsense", ""):
        answer = mine.patch("/influencer/profile", {"photo_file_id": wrong})
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == ["photo_file_id"]
    assert mine.get("/influencer/profile").json["photo_url"] is None


def test_a_name_is_found_without_case_and_accents(app: Flask):
    person = make_influencer(name="Đặng  Thảo")
    row = db.session.get_one(Influencer, person.influencer_id)
    assert row.name_key == "dang thao"
    db.session.rollback()


WRONG = {
    "/sponsor/profile": [
        {"name": ""},
        {"name": "x" * 121},
        {"name": "bell\x07"},
        {"name": 7},
        {"kind": "state"},
        {"site": "javascript:alert(1)"},
        {"site": "ftp://a.example"},
        {"site": "https://" + "a" * 2000 + ".example"},
        {"currency": "EURO"},
        {"currency": "ZZZ"},
        {"budget": {"amount": -1, "currency": "EUR"}},
        {"budget": {"amount": 1.5, "currency": "EUR"}},
        {"budget": {"amount": True, "currency": "EUR"}},
        {"budget": {"amount": 10**13, "currency": "EUR"}},
        {"budget": 5},
        {"time_zone": "Middle/Earth"},
        {"time_zone": "../../etc/passwd"},
        {"consents_to_assignments": "yes"},
        {"description": "x" * 5001},
        {"slug": "mine"},
        {"rating_count": 5},
    ],
    "/influencer/profile": [
        {"name": None},
        {"bio": "x" * 5001},
        {"niches": "hiking"},
        {"niches": ["x" * 61]},
        {"niches": [""]},
        {"niches": [str(n) for n in range(11)]},
        {"niches": [None]},
        {"language": "x" * 17},
        {"price": {"amount": 0, "currency": "EUR"}},
        {"price": {"amount": 5}},
        {"available": 2},
        {"listed": "false"},
        {"reach": 10**9},
        {"user_id": "usr_1"},
        {"photo_file_id": 5},
    ],
    ACCOUNTS: [
        {},
        {"platform": "x"},
        {"platform": "myspace", "handle": "a"},
        {"platform": "x", "handle": ""},
        {"platform": "x", "handle": "x" * 121},
        {"platform": "x", "handle": "a\nb"},
        {"platform": "x", "handle": "a", "followers": -1},
        {"platform": "x", "handle": "a", "followers": 10**12},
        {"platform": "x", "handle": "a", "followers": "10"},
        {"platform": "x", "handle": "a", "average_engagement": 1.5},
        {"platform": "x", "handle": "a", "url": "data:text/html,x"},
        {"platform": "x", "handle": "a", "verified_at": "2026-01-01"},
    ],
}


@pytest.mark.parametrize(
    ("path", "body"), [(path, body) for path, bodies in WRONG.items() for body in bodies]
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_change_is_refused_by_field(app: Flask, path: str, body: dict[str, Any]):
    signed_in = SignedIn(make_sponsor() if path.startswith("/sponsor") else make_influencer())
    answer = signed_in("POST" if path == ACCOUNTS else "PATCH", path, body)
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_odd_but_sound_texts_are_kept_as_given(app: Flask):
    signed_in = SignedIn(make_influencer())
    name = "ẞß ﬁ İi 👩‍👩‍👧 " + "字" * 60
    answer = signed_in.patch("/influencer/profile", {"name": name, "bio": "a\tb\nc 💥"})
    assert answer.status_code == 200
    assert answer.json["bio"] == "a\tb\nc 💥"
    longest = signed_in.patch("/influencer/profile", {"name": "ß" * 120})
    assert longest.status_code == 200
