"""Approval and closing of accounts, and the switches behind the queues."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.core.actor import SYSTEM, MemberRole
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity import service as identity
from app.identity.errors import AccountBarred
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.payments import service as money
from app.payments.lifecycle import DEPOSIT, DepositEvent
from tests.factories import payments
from tests.factories.ad_requests import advance, agree, make_world
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    PASSWORD,
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


def register(client: FlaskClient, role: str, email: str) -> str:
    answer = client.post(
        "/api/v1/auth/register",
        json={"email": email, "password": PASSWORD, "role": role, "name": "New"},
    )
    assert answer.status_code == 201, answer.text
    assert answer.json is not None
    status: str = answer.json["status"]
    return status


def test_an_approved_sponsor_may_act_at_once(admin: SignedIn) -> None:
    waiting = SignedIn(make_sponsor(approved=False))
    path = f"/admin/users/{waiting.person.user_id}"
    assert waiting.get("/sponsor/campaigns").json["type"] == "account-pending"
    approved = admin.post(f"{path}/approve", {})
    assert (approved.status_code, approved.json["status"]) == (200, "active")
    assert waiting.get("/sponsor/campaigns").status_code == 200
    again = admin.post(f"{path}/approve", {})
    assert (again.status_code, again.json["state"]) == (409, "active")


def test_a_rejected_sponsor_is_signed_out_and_can_be_approved_later(admin: SignedIn) -> None:
    waiting = SignedIn(make_sponsor(approved=False))
    path = f"/admin/users/{waiting.person.user_id}"
    rejected = admin.post(f"{path}/reject", {"reason": "No such company."})
    assert (rejected.json["status"], rejected.json["status_reason"]) == (
        "rejected",
        "No such company.",
    )
    assert waiting.get("/me").status_code == 401
    assert admin.post(f"{path}/approve", {}).json["status"] == "active"


def test_a_bulk_decision_says_what_became_of_each(admin: SignedIn) -> None:
    first, second = make_sponsor(approved=False), make_sponsor(approved=False)
    done = make_sponsor()
    ids = [first.user_id, done.user_id, "usr_nobody", second.user_id, first.user_id]
    answer = admin.post("/admin/users/approvals", {"ids": ids, "decision": "approve"})
    assert answer.status_code == 200
    assert [
        (result["id"], result["ok"], result["status"], (result["problem"] or {}).get("type"))
        for result in answer.json["results"]
    ] == [
        (first.user_id, True, "active", None),
        (done.user_id, False, "active", "refused-transition"),
        ("usr_nobody", False, None, "not-found"),
        (second.user_id, True, "active", None),
    ]
    for person in (first, second):
        assert admin.get(f"/admin/users/{person.user_id}").json["status"] == "active"


def test_queues_show_the_longest_waiting_first_with_their_age(admin: SignedIn) -> None:
    first, second = make_sponsor(approved=False), make_sponsor(approved=False)
    queue = admin.get("/admin/approvals").json
    assert [item["id"] for item in queue["items"]] == [first.user_id, second.user_id]
    assert queue["items"][0]["waiting_seconds"] >= 0
    assert queue["items"][0]["sponsor_id"] == first.sponsor_id
    assert queue["counts"]["users"]["count"] == 2
    assert queue["counts"]["users"]["oldest"] == queue["items"][0]["waiting_since"]
    assert queue["counts"]["campaigns"] == {"count": 0, "oldest": None}
    assert queue["switches"]["sponsors_need_approval"] is True
    page = admin.get("/admin/approvals?limit=1").json
    rest = admin.get(f"/admin/approvals?limit=1&cursor={page['next']}").json
    assert [item["id"] for item in page["items"] + rest["items"]] == [
        first.user_id,
        second.user_id,
    ]
    assert rest["next"] is None


def test_campaigns_wait_in_their_own_queue(admin: SignedIn) -> None:
    admin.patch("/admin/settings", {"values": {"campaigns_need_approval": True}})
    sponsor = SignedIn(make_sponsor())
    campaign_id = make_campaign(sponsor.person, "draft").id
    assert sponsor.post(f"/sponsor/campaigns/{campaign_id}/publish").status_code in (200, 202)
    queue = admin.get("/admin/approvals?kind=campaign").json
    assert [item["id"] for item in queue["items"]] == [campaign_id]
    assert queue["items"][0]["sponsor_name"] == "Sponsor"
    assert queue["counts"]["campaigns"]["count"] == 1


def test_submitted_content_is_counted_where_admins_look_at_it_first(app: Flask) -> None:
    world = make_world()
    admin = SignedIn(world.admin)
    admin.patch("/admin/settings", {"values": {"content_needs_approval": True}})
    assert admin.get("/admin/approvals").json["counts"]["content"]["count"] == 0
    advance(world, agree(world), "in_review")
    waiting = admin.get("/admin/approvals").json["counts"]["content"]
    assert waiting["count"] == 1
    assert waiting["oldest"]
    admin.patch("/admin/settings", {"values": {"content_needs_approval": False}})
    assert admin.get("/admin/approvals").json["counts"]["content"]["count"] == 0


def test_switches_say_who_waits_for_approval(admin: SignedIn, client: FlaskClient) -> None:
    assert register(client, "sponsor", "a@example.com") == "pending"
    assert register(client, "influencer", "b@example.com") == "active"
    changed = admin.patch(
        "/admin/settings",
        {"values": {"sponsors_need_approval": False, "influencers_need_approval": True}},
    )
    assert changed.status_code == 200
    assert register(client, "sponsor", "c@example.com") == "active"
    assert register(client, "influencer", "d@example.com") == "pending"


def test_a_closed_account_signs_in_nowhere(admin: SignedIn, client: FlaskClient) -> None:
    user = SignedIn(make_influencer())
    closed = admin.post(f"/admin/users/{user.person.user_id}/close", {"reason": "Asked for it."})
    assert (closed.status_code, closed.json["status"]) == (200, "closed")
    assert user.get("/me").status_code == 401
    body = {"email": user.person.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/login", json=body).status_code == 401
    again = admin.post(f"/admin/users/{user.person.user_id}/close", {})
    assert again.status_code == 409


def test_an_account_with_money_is_not_closed(admin: SignedIn) -> None:
    payer, earner = payments.sponsor(), payments.influencer()
    payments.earn(payer, earner, 12_000)
    payments.fund(payer, 500)
    for person, amount in ((earner, 12_000), (payer, 500)):
        answer = admin.post(f"/admin/users/{person.user_id}/close", {})
        assert (answer.status_code, answer.json["type"]) == (409, "account-in-use")
        assert answer.json["money"] == [{"amount": amount, "currency": "EUR"}]


def test_a_sponsor_whose_deposit_is_under_way_is_not_closed(admin: SignedIn) -> None:
    payer = payments.sponsor()
    deposit = unit_of_work(
        lambda: money.deposit(payer.actor, amount=Money(500, "EUR"), gateway="sandbox")
    )
    path = f"/admin/users/{payer.user_id}/close"
    answer = admin.post(path, {})
    assert (answer.status_code, answer.json["type"]) == (409, "account-in-use")
    assert (answer.json["open_deposits"], answer.json["money"]) == (1, [])
    unit_of_work(lambda: DEPOSIT.move(db.session.merge(deposit), SYSTEM, DepositEvent.DECLINE))
    assert admin.post(path, {}).status_code == 200


def test_a_closed_owner_starts_no_deposit(app: Flask) -> None:
    payer = payments.sponsor()
    unit_of_work(
        lambda: USER.move(db.session.get_one(User, payer.user_id), SYSTEM, UserEvent.CLOSE)
    )
    with pytest.raises(AccountBarred):
        unit_of_work(
            lambda: money.deposit(payer.actor, amount=Money(500, "EUR"), gateway="sandbox")
        )


@pytest.mark.parametrize("side", ["influencer", "sponsor"])
def test_nobody_is_closed_while_a_commission_window_is_open(admin: SignedIn, side: str) -> None:
    world = make_world(funds=120_000, attribution_window_days=14, hold_days=0)
    made = agree(world, cap=20_000)
    advance(world, made, "completed")
    answer = admin.post(f"/admin/users/{world.side(side).user_id}/close", {})
    assert (answer.status_code, answer.json["type"]) == (409, "account-in-use")
    assert answer.json["active_agreements"] == 1


def test_an_admin_closes_another_one(admin: SignedIn) -> None:
    other = make_admin()
    assert admin.post(f"/admin/users/{other.user_id}/close", {}).json["status"] == "closed"


def test_a_member_beside_the_owner_is_closed_without_the_owner(admin: SignedIn) -> None:
    owner = make_sponsor()
    member = make_member(owner, MemberRole.MANAGER)
    assert admin.post(f"/admin/users/{member.user_id}/close", {}).json["status"] == "closed"
    assert unit_of_work(lambda: identity.get_user(owner.user_id)).status.value == "active"
