"""Approval of campaigns before publication, where an admin has switched it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from app.audit.models import AuditEntry
from app.campaigns.events import CampaignPublished, CampaignReturned, CampaignSubmitted
from app.campaigns.moves import NEED_APPROVAL
from app.core import events
from app.core.actor import SYSTEM
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.factories.campaigns import make_campaign, reload
from tests.factories.identity import Person, SignedIn, make_admin, make_sponsor

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def switch(app: object) -> Callable[[bool], None]:
    """Switches approval on or off."""
    return lambda on: unit_of_work(lambda: NEED_APPROVAL.set(SYSTEM, on))


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    facts: list[Any] = []
    for kind in (CampaignSubmitted, CampaignReturned, CampaignPublished):
        monkeypatch.setitem(events._handlers, kind, [facts.append])
    return facts


def submitted(sponsor: Person) -> str:
    """A campaign that waits for approval."""
    campaign = make_campaign(sponsor, "draft")
    answer = SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign.id}/publish")
    assert answer.json["approval"] == "waiting"
    return campaign.id


def test_without_the_switch_a_campaign_is_published_at_once():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, "draft")
    answer = SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign.id}/publish")
    assert (answer.json["status"], answer.json["approval"]) == ("published", "not_needed")


def test_publishing_waits_for_an_admin_whose_approval_publishes(
    switch: Callable[[bool], None], heard: list[Any]
):
    switch(True)
    sponsor = make_sponsor()
    owner, admin = SignedIn(sponsor), SignedIn(make_admin())
    campaign_id = submitted(sponsor)
    read = owner.get(f"/sponsor/campaigns/{campaign_id}").json
    assert (read["status"], read["approval"]) == ("draft", "waiting")
    assert read["submitted_at"] is not None
    assert "publish" not in read["actions"]
    again = owner.post(f"/sponsor/campaigns/{campaign_id}/publish")
    assert (again.status_code, again.json["type"]) == (409, "refused-transition")
    assert heard == [CampaignSubmitted(campaign_id)]

    waiting = admin.get("/admin/campaigns?approval=waiting&sort=submitted_at").json["items"]
    assert [item["id"] for item in waiting] == [campaign_id]
    assert waiting[0]["actions"][:3] == ["approve", "return", "publish"]
    approved = admin.post(f"/admin/campaigns/{campaign_id}/approve", {})
    assert (approved.json["status"], approved.json["approval"]) == ("published", "approved")
    assert heard[1:] == [CampaignPublished(campaign_id)]
    twice = admin.post(f"/admin/campaigns/{campaign_id}/approve", {})
    assert (twice.status_code, twice.json["state"]) == (409, "approved")


def test_a_returned_campaign_tells_why_and_can_be_submitted_again(
    switch: Callable[[bool], None], heard: list[Any]
):
    switch(True)
    sponsor = make_sponsor()
    owner, admin = SignedIn(sponsor), SignedIn(make_admin())
    campaign_id = submitted(sponsor)
    returned = admin.post(f"/admin/campaigns/{campaign_id}/return", {"reason": "Name the prize."})
    assert returned.json["approval"] == "returned"
    assert heard[-1] == CampaignReturned(campaign_id, "Name the prize.")
    read = owner.get(f"/sponsor/campaigns/{campaign_id}").json
    assert (read["status"], read["approval_reason"]) == ("draft", "Name the prize.")
    again = owner.post(f"/sponsor/campaigns/{campaign_id}/publish").json
    assert (again["approval"], again["approval_reason"]) == ("waiting", None)


def test_an_admin_publishes_without_further_approval(switch: Callable[[bool], None]):
    switch(True)
    sponsor = make_sponsor()
    admin = SignedIn(make_admin())
    fresh = make_campaign(sponsor, "draft")
    published = admin.post(f"/admin/campaigns/{fresh.id}/publish").json
    assert (published["status"], published["approval"]) == ("published", "not_needed")
    waiting = submitted(sponsor)
    published = admin.post(f"/admin/campaigns/{waiting}/publish").json
    assert (published["status"], published["approval"]) == ("published", "approved")


def test_a_waiting_campaign_can_be_published_once_the_switch_is_off(
    switch: Callable[[bool], None],
):
    switch(True)
    sponsor = make_sponsor()
    campaign_id = submitted(sponsor)
    switch(False)
    answer = SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign_id}/publish").json
    assert (answer["status"], answer["approval"]) == ("published", "not_needed")


def test_resuming_needs_no_second_approval(switch: Callable[[bool], None]):
    switch(True)
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, "draft")
    SignedIn(make_admin()).post(f"/admin/campaigns/{campaign.id}/publish")
    owner = SignedIn(sponsor)
    owner.post(f"/sponsor/campaigns/{campaign.id}/pause")
    assert owner.post(f"/sponsor/campaigns/{campaign.id}/resume").json["status"] == "published"


def test_many_are_decided_at_once_and_one_refusal_holds_up_no_other(
    switch: Callable[[bool], None],
):
    switch(True)
    sponsor = make_sponsor()
    ids = [submitted(sponsor), make_campaign(sponsor, "draft").id, submitted(sponsor)]
    body = {"ids": [*ids, "cmp_unknown"], "decision": "approve"}
    results = SignedIn(make_admin()).post("/admin/campaigns/approvals", body).json["results"]
    assert [result["id"] for result in results] == body["ids"]
    assert [result["ok"] for result in results] == [True, False, True, False]
    assert [result["problem"]["type"] for result in results[1::2]] == [
        "refused-transition",
        "not-found",
    ]
    assert results[0]["status"] == "published"
    waiting = make_campaign(sponsor, "draft")
    assert reload(waiting).status.value == "draft"


@pytest.mark.parametrize(
    "body",
    [
        {"ids": [], "decision": "approve"},
        {"ids": ["cmp_a"] * 101, "decision": "approve"},
        {"ids": ["cmp_a"], "decision": "maybe"},
        {"ids": ["usr_a"], "decision": "return"},
    ],
)
def test_malformed_bulk_decisions_are_refused(body: dict[str, Any]):
    answer = SignedIn(make_admin()).post("/admin/campaigns/approvals", body)
    assert answer.status_code == 422


def test_only_admins_decide(switch: Callable[[bool], None]):
    switch(True)
    sponsor = make_sponsor()
    campaign_id = submitted(sponsor)
    owner = SignedIn(sponsor)
    assert owner.post(f"/admin/campaigns/{campaign_id}/approve", {}).status_code == 403
    assert owner.post(f"/sponsor/campaigns/{campaign_id}/approve", {}).status_code in (404, 405)


def test_decisions_stand_in_the_audit_trail(switch: Callable[[bool], None]):
    switch(True)
    sponsor, admin = make_sponsor(), make_admin()
    client = SignedIn(admin)
    campaign_id = submitted(sponsor)
    client.post(f"/admin/campaigns/{campaign_id}/return", {"reason": "Too vague."})
    SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign_id}/publish")
    client.post(f"/admin/campaigns/{campaign_id}/approve", {})
    entries = (
        db.session.query(AuditEntry)
        .filter_by(subject_id=campaign_id, actor=admin.user_id)
        .order_by(AuditEntry.at, AuditEntry.id)
    )
    assert [entry.action for entry in entries] == [
        "campaign.returned",
        "campaign.approved",
        "campaign.publish",
    ]
    assert "vague" not in str([entry.data for entry in entries]), "the trail holds no texts"
