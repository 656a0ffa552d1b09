"""The members of a sponsor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.core.actor import SYSTEM, MemberRole
from app.core.clock import now
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity import links, service
from app.identity.models import User
from tests.factories.identity import (
    PASSWORD,
    Person,
    SignedIn,
    make_influencer,
    make_member,
    make_sponsor,
)

ACCEPT = "/api/v1/auth/accept-invitation"


def invite(owner: SignedIn, email: str = "new@example.com", role: str = "manager") -> str:
    """Invite someone; returns the token that the mail carries."""
    answer = owner.post("/sponsor/team/invitations", {"email": email, "role": role})
    assert answer.status_code == 201
    return token_of(answer.json["id"])


def token_of(invitation_id: str) -> str:
    link = links.link_for(links.INVITE, invitation_id)
    db.session.rollback()
    assert link is not None
    return link.partition("?token=")[2]


def accept(app: Flask, token: str) -> Any:
    client: Any = app.test_client()
    return client.post(ACCEPT, json={"token": token, "name": "New", "password": PASSWORD})


def member_id(owner: SignedIn, person: Person) -> str:
    items = owner.get("/sponsor/team/members").json["items"]
    return next(str(item["id"]) for item in items if item["user_id"] == person.user_id)


def test_an_invited_person_joins_with_the_role_given(app: Flask):
    sponsor = make_sponsor()
    owner = SignedIn(sponsor)
    answer = accept(app, invite(owner, role="finance"))
    assert answer.status_code == 201
    assert answer.json["status"] == "active"
    assert answer.json["email_verified"] is True
    assert answer.json["profile"] == {
        **SignedIn(sponsor).get("/me").json["profile"],
        "member_role": "finance",
    }
    roles = [item["role"] for item in owner.get("/sponsor/team/members").json["items"]]
    assert roles == ["owner", "finance"]
    assert owner.get("/sponsor/team/invitations").json["items"] == []


def test_an_invitation_works_once_and_for_a_week(app: Flask):
    owner = SignedIn(make_sponsor())
    token, late = invite(owner), invite(owner, "late@example.com")
    assert accept(app, token).status_code == 201
    assert accept(app, token).json["type"] == "link-ended"
    with time_machine.travel(now() + timedelta(days=7, seconds=1), tick=False):
        assert accept(app, late).json["type"] == "link-ended"


def test_a_withdrawn_or_replaced_invitation_has_no_link(app: Flask):
    owner = SignedIn(make_sponsor())
    first = invite(owner)
    second = invite(owner, role="viewer")
    assert accept(app, first).status_code == 422
    (standing,) = owner.get("/sponsor/team/invitations").json["items"]
    assert standing["role"] == "viewer"
    path = f"/sponsor/team/invitations/{standing['id']}"
    assert owner.delete(path).status_code == 204
    assert owner.delete(path).status_code == 404
    assert accept(app, second).status_code == 422


def test_nobody_with_an_account_can_be_invited(app: Flask):
    owner, other = SignedIn(make_sponsor()), make_influencer()
    body = {"email": other.email.upper(), "role": "viewer"}
    assert owner.post("/sponsor/team/invitations", body).json["type"] == "email-taken"


def test_an_address_that_registered_in_the_meantime_is_not_taken_over(app: Flask, client: Any):
    token = invite(SignedIn(make_sponsor()), "quick@example.com")
    body = {"email": "quick@example.com", "password": PASSWORD, "role": "influencer", "name": "Q"}
    assert client.post("/api/v1/auth/register", json=body).status_code == 201
    assert accept(app, token).json["type"] == "email-taken"


@pytest.mark.parametrize("role", [MemberRole.MANAGER, MemberRole.FINANCE, MemberRole.VIEWER])
def test_only_owners_change_the_team(app: Flask, role: MemberRole):
    sponsor = make_sponsor()
    owner, member = SignedIn(sponsor), SignedIn(make_member(sponsor, role))
    target = member_id(owner, sponsor)
    answers = [
        member.post("/sponsor/team/invitations", {"email": "x@example.com", "role": "owner"}),
        member.patch(f"/sponsor/team/members/{target}", {"role": "viewer"}),
        member.delete(f"/sponsor/team/members/{target}"),
        member.get("/sponsor/team/invitations"),
    ]
    assert {answer.status_code for answer in answers} == {403}
    assert member.get("/sponsor/team/members").status_code == 200


def test_a_role_change_works_on_the_next_request(app: Flask):
    sponsor = make_sponsor()
    person = make_member(sponsor, MemberRole.VIEWER)
    owner, member = SignedIn(sponsor), SignedIn(person)
    change = {"name": "Changed"}
    assert member.patch("/sponsor/profile", change).status_code == 403
    path = f"/sponsor/team/members/{member_id(owner, person)}"
    assert owner.patch(path, {"role": "manager"}).json["role"] == "manager"
    assert member.patch("/sponsor/profile", change).status_code == 200


def test_a_team_keeps_an_owner(app: Flask):
    sponsor = make_sponsor()
    owner = SignedIn(sponsor)
    path = f"/sponsor/team/members/{member_id(owner, sponsor)}"
    assert owner.patch(path, {"role": "viewer"}).json["type"] == "last-owner"
    assert owner.delete(path).json["type"] == "last-owner"
    make_member(sponsor, MemberRole.OWNER)
    assert owner.patch(path, {"role": "viewer"}).status_code == 200


def flag(person: Person, **effects: bool) -> None:
    none = {"suspended": False, "hidden": False, "money_on_hold": False}
    unit_of_work(lambda: service.set_effects(SYSTEM, user_id=person.user_id, **{**none, **effects}))


def test_a_suspended_owner_does_not_keep_the_team(app: Flask):
    sponsor = make_sponsor()
    owner, other = SignedIn(sponsor), make_member(sponsor, MemberRole.OWNER)
    flag(other, suspended=True)
    path = f"/sponsor/team/members/{member_id(owner, sponsor)}"
    assert owner.patch(path, {"role": "viewer"}).json["type"] == "last-owner"
    assert owner.delete(path).json["type"] == "last-owner"


def test_no_member_acts_while_every_owner_is_suspended(app: Flask):
    sponsor = make_sponsor()
    manager = SignedIn(make_member(sponsor, MemberRole.MANAGER))
    finance = SignedIn(make_member(sponsor, MemberRole.FINANCE))
    deposit = {"amount": {"amount": 1000, "currency": "EUR"}}
    flag(sponsor, suspended=True)
    for answer in (
        finance.post("/sponsor/deposits", deposit),
        manager.post("/sponsor/ad-requests/adr_1/messages", {"text": "Hello"}),
        manager.post("/sponsor/campaigns/cmp_1/publish"),
    ):
        assert (answer.status_code, answer.json["type"]) == (403, "team-suspended")
    # They are told, read, and keep their own sign-in.
    assert manager.get("/me").json["team_suspended"] is True
    assert manager.get("/sponsor/campaigns").status_code == 200
    assert manager.post("/account/sessions/end-others").status_code == 200
    flag(sponsor)
    assert manager.get("/me").json["team_suspended"] is False
    assert manager.post("/sponsor/campaigns/cmp_1/publish").status_code == 404


def test_one_able_owner_is_enough_for_the_team(app: Flask):
    sponsor = make_sponsor()
    manager = SignedIn(make_member(sponsor, MemberRole.MANAGER))
    other = make_member(sponsor, MemberRole.OWNER)
    flag(sponsor, suspended=True)
    assert manager.post("/sponsor/campaigns/cmp_1/publish").status_code == 404
    flag(other, suspended=True)
    assert manager.post("/sponsor/campaigns/cmp_1/publish").status_code == 403


@pytest.mark.parametrize("effect", ["suspended", "hidden", "money_on_hold"])
def test_a_flagged_member_is_not_removed_until_the_flag_is_lifted(app: Flask, effect: str):
    sponsor = make_sponsor()
    owner, person = SignedIn(sponsor), make_member(sponsor, MemberRole.MANAGER)
    path = f"/sponsor/team/members/{member_id(owner, person)}"
    flag(person, **{effect: True})
    assert owner.delete(path).json["type"] == "member-flagged"
    flag(person)
    assert owner.delete(path).status_code == 204


def test_a_removed_member_is_signed_out_and_the_address_is_free_again(app: Flask, client: Any):
    sponsor = make_sponsor()
    person = make_member(sponsor, MemberRole.MANAGER)
    owner, member = SignedIn(sponsor), SignedIn(person)
    key = member.post("/account/api-keys", {"name": "k", "scopes": ["write"]}).json["key"]
    assert owner.delete(f"/sponsor/team/members/{member_id(owner, person)}").status_code == 204
    assert member.get("/me").status_code == 401
    by_key = client.get("/api/v1/me", headers={"Authorization": f"Bearer {key}"})
    assert by_key.status_code == 401
    credentials = {"email": person.email, "password": PASSWORD}
    assert client.post("/api/v1/auth/login", json=credentials).status_code == 401
    assert len(owner.get("/sponsor/team/members").json["items"]) == 1
    assert accept(app, invite(owner, person.email)).status_code == 201


def test_a_team_is_not_reached_from_another_one(app: Flask):
    sponsor, stranger = make_sponsor(), SignedIn(make_sponsor())
    owner = SignedIn(sponsor)
    target = member_id(owner, sponsor)
    invite(owner)
    (invitation,) = owner.get("/sponsor/team/invitations").json["items"]
    assert stranger.patch(f"/sponsor/team/members/{target}", {"role": "viewer"}).status_code == 404
    assert stranger.delete(f"/sponsor/team/members/{target}").status_code == 404
    assert stranger.delete(f"/sponsor/team/invitations/{invitation['id']}").status_code == 404
    assert len(stranger.get("/sponsor/team/members").json["items"]) == 1
    assert SignedIn(make_influencer()).get("/sponsor/team/members").status_code == 403


def test_newcomers_of_a_sponsor_that_waits_for_approval_wait_too(app: Flask):
    sponsor = make_sponsor()
    owner = SignedIn(sponsor)
    token = invite(owner)
    unit_of_work(
        lambda: db.session.execute(
            db.update(User).where(User.id == sponsor.user_id).values(status="suspended")
        )
    )
    assert accept(app, token).json["status"] == "pending"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "x@example.com"},
        {"email": "x@example.com", "role": "king"},
        {"email": "nobody", "role": "viewer"},
        {"email": "x@example.com\nBcc: y@example.com", "role": "viewer"},
        {"email": ["x@example.com"], "role": "viewer"},
        {"email": "x@example.com", "role": "viewer", "sponsor_id": "spn_1"},
    ],
)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_malformed_invitation_is_refused_by_field(app: Flask, body: object):
    answer = SignedIn(make_sponsor()).post("/sponsor/team/invitations", body)
    assert answer.status_code == 422
    assert answer.json["errors"]


@pytest.mark.parametrize(
    "wrong",
    ["x", "mem_1", "%00", "usr_%00", "%ff%fe", "%ed%a0%80", "%25", "mem_" + "z" * 300, "'--"],
)
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_malformed_id_is_not_found(app: Flask, wrong: str):
    owner = SignedIn(make_sponsor())
    assert owner.delete(f"/sponsor/team/members/{wrong}").status_code == 404
    assert owner.delete(f"/sponsor/team/invitations/{wrong}").status_code == 404
    assert owner.delete(f"/account/sessions/{wrong}").status_code == 404
    assert owner.delete(f"/account/api-keys/{wrong}").status_code == 404
