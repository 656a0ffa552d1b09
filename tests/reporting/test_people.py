"""Users as admins see them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask

from app.core.clock import shifted
from tests.factories.ad_requests import agree, make_world
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_sponsor,
)
from tests.services.statements import counted


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    with shifted(timedelta(days=-1)):
        person = make_admin()
    return SignedIn(person)


def pages(admin: SignedIn, query: str, limit: int) -> Iterator[list[dict[str, object]]]:
    cursor = ""
    while True:
        page = admin.get(f"/admin/users?limit={limit}&{query}{cursor}").json
        yield page["items"]
        if page["next"] is None:
            return
        cursor = f"&cursor={page['next']}"


def ids(admin: SignedIn, query: str) -> list[object]:
    return [item["id"] for page in pages(admin, query, 100) for item in page]


def test_every_filter_narrows_the_list(admin: SignedIn) -> None:
    sponsor = make_sponsor(name="Moraine Outdoor")
    waiting = make_sponsor(name="100% Wool", approved=False)
    influencer = make_influencer(name="Đặng Linh")
    admin.post(f"/admin/users/{influencer.user_id}/flag", {"effect": "hide"})
    admin.post(f"/admin/users/{sponsor.user_id}/flag", {"effect": "warn"})
    for query, wanted in [
        ("", [influencer, waiting, sponsor, admin.person]),
        ("role=sponsor", [waiting, sponsor]),
        ("role=sponsor&status=pending", [waiting]),
        ("status=active", [influencer, sponsor, admin.person]),
        ("q=moraine", [sponsor]),
        ("q=MORAINE OUT", [sponsor]),
        ("q=Đặng", [influencer]),
        ("q=%25", []),
        ("q=100%25", [waiting]),
        ("q=SPONSOR-", [waiting, sponsor]),
        (f"q={waiting.email.upper()}", [waiting]),
        ("hidden=true", [influencer]),
        ("hidden=false&role=influencer", []),
        ("flagged=true", [influencer, sponsor]),
        ("flagged=false", [waiting, admin.person]),
        ("q=nobody", []),
    ]:
        assert ids(admin, query) == [person.user_id for person in wanted], query


@pytest.mark.parametrize("name", ["created_at", "name", "last_seen_at"])
@pytest.mark.parametrize("sign", ["", "-"])
def test_pages_in_any_order_are_the_whole_list(admin: SignedIn, name: str, sign: str) -> None:
    for number in range(5):
        person = make_influencer(name=f"Name {number % 3}")
        if number % 2:
            SignedIn(person)
    whole = ids(admin, f"sort={sign}{name}")
    assert len(whole) == 6
    parts = [item["id"] for page in pages(admin, f"sort={sign}{name}", 2) for item in page]
    assert parts == whole
    other_way = ids(admin, f"sort={'' if sign else '-'}{name}")
    assert other_way == whole[::-1]


def test_a_page_of_users_costs_the_same_however_long_it_is(admin: SignedIn) -> None:
    make_sponsor()
    make_influencer()
    with counted() as few:
        admin.get("/admin/users")
    for _ in range(3):
        make_sponsor()
        make_influencer()
    with counted() as many:
        assert len(admin.get("/admin/users").json["items"]) == 9
    assert len(many) == len(few)


def test_one_user_is_shown_with_all_that_hangs_on_the_account(app: Flask) -> None:
    world = make_world()
    admin = SignedIn(world.admin)
    agree(world)
    path = f"/admin/users/{world.sponsor.user_id}"
    admin.post(f"{path}/flag", {"effect": "suspend", "reason": "Fraud"})
    user = admin.get(path).json
    assert user["profile"]["id"] == world.sponsor.sponsor_id
    assert user["campaigns"] == {"published": 1}
    assert user["ad_requests"] == {"active": 1}
    assert [flag["reason"] for flag in user["flags"]] == ["Fraud"]
    assert [change["event"] for change in user["history"]] == ["suspend", "approve"]
    admin_email, admin_id = world.admin.email, world.admin.user_id
    suspended, approved = user["history"]
    assert (suspended["actor"], suspended["actor_email"]) == (admin_id, admin_email)
    assert (approved["actor_name"], approved["actor_email"]) == ("system", None)
    assert user["recent_audit"][0]["actor_email"] == admin_email
    actions = [entry["action"] for entry in user["recent_audit"]]
    assert actions[0] in ("flag.raised", "user.effects")
    assert "user.registered" in actions
    influencer = admin.get(f"/admin/users/{world.influencer.user_id}").json
    assert (influencer["campaigns"], influencer["ad_requests"]) == ({}, {"active": 1})


def test_a_user_who_does_not_exist_is_not_found(admin: SignedIn) -> None:
    assert admin.get("/admin/users/usr_nobody").status_code == 404
    assert admin.post("/admin/users/usr_nobody/approve", {}).status_code == 404
