"""Appeals: who may make one, until when, and who decides."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from app.core.actor import MemberRole
from tests.factories.campaigns import make_campaign
from tests.factories.identity import (
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)


@pytest.fixture
def admin(app: Flask) -> SignedIn:
    return SignedIn(make_admin())


def flag(admin: SignedIn, subject: str, effect: str = "suspend") -> str:
    answer = admin.post(f"/admin/{subject}/flag", {"effect": effect, "reason": "Bought followers"})
    assert answer.status_code == 201, answer.json
    flag_id: str = answer.json["id"]
    return flag_id


def test_a_suspended_user_reads_the_flag_and_appeals_once(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}")
    seen = user.get("/account/flags").json["items"][0]
    assert (seen["id"], seen["reason"], seen["can_appeal"]) == (flag_id, "Bought followers", True)
    made = user.post("/account/appeals", {"flag_id": flag_id, "text": "They are real."})
    assert made.status_code == 201
    again = user.post("/account/appeals", {"flag_id": flag_id, "text": "Really."})
    assert (again.status_code, again.json["type"]) == (409, "appeal-closed")
    seen = user.get("/account/flags").json["items"][0]
    assert (seen["status"], seen["can_appeal"]) == ("appealed", False)
    assert seen["appeal"]["text"] == "They are real."
    assert "raised_by" not in seen


def test_another_admin_decides_where_there_is_one(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}")
    user.post("/account/appeals", {"flag_id": flag_id, "text": "They are real."})
    other = SignedIn(make_admin())
    decision = {"decision": "uphold", "reason": "They are not."}
    refused = admin.post(f"/admin/flags/{flag_id}/decide", decision)
    assert (refused.status_code, refused.json["type"]) == (409, "another-admin")
    upheld = other.post(f"/admin/flags/{flag_id}/decide", decision)
    assert (upheld.status_code, upheld.json["status"]) == (200, "upheld")
    assert upheld.json["appeal"]["outcome"] == "upheld"
    assert user.get("/me").json["status"] == "suspended"


def test_the_only_admin_decides_on_the_own_flag(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}")
    user.post("/account/appeals", {"flag_id": flag_id, "text": "They are real."})
    lifted = admin.post(
        f"/admin/flags/{flag_id}/decide", {"decision": "lift", "reason": "They are."}
    )
    assert lifted.json["status"] == "lifted"
    assert user.get("/me").json["status"] == "active"
    assert user.get("/account/flags").json["items"][0]["appeal"]["outcome"] == "lifted"


def test_withdrawing_an_appealed_flag_grants_the_appeal(admin: SignedIn) -> None:
    make_admin()
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}")
    user.post("/account/appeals", {"flag_id": flag_id, "text": "They are real."})
    assert admin.post(f"/admin/users/{user.person.user_id}/unflag", {}).status_code == 200
    flag_now = admin.get(f"/admin/flags/{flag_id}").json
    assert (flag_now["status"], flag_now["appeal"]["outcome"]) == ("lifted", "lifted")


def test_the_time_to_appeal_ends(admin: SignedIn) -> None:
    user = make_influencer()
    flag_id = flag(admin, f"users/{user.user_id}")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=14, minutes=1), tick=True):
        late = SignedIn(user)
        answer = late.post("/account/appeals", {"flag_id": flag_id, "text": "Sorry, late."})
        assert (answer.status_code, answer.json["type"]) == (409, "appeal-closed")
        assert late.get("/account/flags").json["items"][0]["can_appeal"] is False


def test_a_stranger_neither_sees_nor_appeals_a_flag(admin: SignedIn) -> None:
    flag_id = flag(admin, f"users/{make_influencer().user_id}")
    stranger = SignedIn(make_influencer())
    assert stranger.get("/account/flags").json["items"] == []
    answer = stranger.post("/account/appeals", {"flag_id": flag_id, "text": "Not mine."})
    assert answer.status_code == 404


def test_members_of_the_sponsor_appeal_for_its_campaign(admin: SignedIn) -> None:
    owner = make_sponsor()
    manager = SignedIn(make_member(owner, MemberRole.MANAGER))
    flag_id = flag(admin, f"campaigns/{make_campaign(owner, title='Autumn').id}", "hide")
    seen = manager.get("/account/flags").json["items"]
    assert [(item["id"], item["subject"]["name"]) for item in seen] == [(flag_id, "Autumn")]
    made = manager.post("/account/appeals", {"flag_id": flag_id, "text": "It is allowed."})
    assert made.status_code == 201
    other = SignedIn(make_sponsor())
    answer = other.post("/account/appeals", {"flag_id": flag_id, "text": "Not ours."})
    assert answer.status_code == 404


def test_a_lifted_flag_is_not_appealed(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}", "warn")
    admin.post(f"/admin/users/{user.person.user_id}/unflag", {})
    answer = user.post("/account/appeals", {"flag_id": flag_id, "text": "Too late?"})
    assert (answer.status_code, answer.json["type"]) == (409, "refused-transition")


def test_an_upheld_flag_can_still_be_appealed_once(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}", "hide")
    admin.post(f"/admin/flags/{flag_id}/decide", {"decision": "uphold", "reason": "Seen again."})
    made = user.post("/account/appeals", {"flag_id": flag_id, "text": "Look once more."})
    assert made.status_code == 201


def test_a_decision_on_an_older_view_is_refused(admin: SignedIn) -> None:
    user = SignedIn(make_influencer())
    flag_id = flag(admin, f"users/{user.person.user_id}", "hide")
    tag = admin.get(f"/admin/flags/{flag_id}").headers["ETag"]
    user.post("/account/appeals", {"flag_id": flag_id, "text": "They are real."})
    stale = admin.post(
        f"/admin/flags/{flag_id}/decide",
        {"decision": "uphold", "reason": "Seen."},
        headers={"If-Match": tag},
    )
    assert stale.status_code == 412
