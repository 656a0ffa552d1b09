"""Who may move a campaign from which state to which."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask

from app.audit.models import AuditEntry
from app.campaigns import service
from app.campaigns.events import (
    CampaignArchived,
    CampaignCompleted,
    CampaignDeleted,
    CampaignPaused,
    CampaignPublished,
    CampaignResumed,
)
from app.core import events
from app.core.actor import MemberRole
from app.core.clock import now, today
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.lifecycle import history
from app.core.transaction import unit_of_work
from tests.factories.campaigns import make_campaign, reload
from tests.factories.identity import (
    Person,
    SignedIn,
    make_admin,
    make_influencer,
    make_member,
    make_sponsor,
)

pytestmark = pytest.mark.usefixtures("app")

STATES = ("draft", "published", "paused", "completed", "archived")
EVENTS = ("publish", "pause", "resume", "complete", "archive")
NEXT = {
    ("draft", "publish"): "published",
    ("published", "pause"): "paused",
    ("published", "complete"): "completed",
    ("published", "archive"): "archived",
    ("paused", "resume"): "published",
    ("paused", "complete"): "completed",
    ("paused", "archive"): "archived",
    ("completed", "archive"): "archived",
}
FACTS = {
    "publish": CampaignPublished,
    "pause": CampaignPaused,
    "resume": CampaignResumed,
    "complete": CampaignCompleted,
    "archive": CampaignArchived,
}
REFUSALS = {
    "finance": 403,
    "viewer": 403,
    "another sponsor": 404,
    "influencer": 403,
    "pending sponsor": 403,
}


def _person(who: str, sponsor: Person) -> Person:
    if who == "owner":
        return sponsor
    if who in ("manager", "finance", "viewer"):
        return make_member(sponsor, MemberRole(who))
    if who == "admin":
        return make_admin()
    if who == "influencer":
        return make_influencer()
    return make_sponsor(approved=who != "pending sponsor")


@pytest.mark.parametrize("who", ["owner", "manager", "admin"])
def test_a_campaign_moves_as_the_table_says_and_no_other_way(
    who: str, monkeypatch: pytest.MonkeyPatch
):
    heard: list[Any] = []
    for kind in FACTS.values():
        monkeypatch.setitem(events._handlers, kind, [heard.append])
    sponsor = make_sponsor()
    client = SignedIn(_person(who, sponsor))
    surface = "admin" if who == "admin" else "sponsor"
    for state in STATES:
        for event in EVENTS:
            campaign = make_campaign(sponsor, state)
            heard.clear()
            answer = client.post(f"/{surface}/campaigns/{campaign.id}/{event}")
            after = NEXT.get((state, event))
            if after is None:
                assert answer.status_code == 409, (state, event)
                assert answer.json["type"] == "refused-transition"
                assert answer.json["state"] == state
                assert reload(campaign).status.value == state
                assert heard == []
            else:
                assert answer.status_code == 200, (state, event, answer.json)
                assert answer.json["status"] == reload(campaign).status.value == after
                assert heard == [FACTS[event](campaign.id)]


@pytest.mark.parametrize("who", REFUSALS)
def test_nobody_else_moves_changes_or_deletes_a_campaign(who: str):
    sponsor = make_sponsor()
    client = SignedIn(_person(who, sponsor))
    for state in STATES:
        campaign = make_campaign(sponsor, state)
        path = f"/sponsor/campaigns/{campaign.id}"
        answers = [client.post(f"{path}/{event}") for event in EVENTS]
        answers += [client.patch(path, {"title": "X"}), client.delete(path)]
        answers += [client.post(f"{path}/duplicate")]
        assert {answer.status_code for answer in answers} == {REFUSALS[who]}
        assert reload(campaign).status.value == state
        assert reload(campaign).title == campaign.title


def test_an_anonymous_caller_is_asked_to_sign_in(app: Flask):
    campaign = make_campaign(make_sponsor(), "draft")
    for surface in ("sponsor", "admin"):
        path = f"/api/v1/{surface}/campaigns/{campaign.id}/publish"
        assert app.test_client().post(path).status_code == 401


@pytest.mark.parametrize("who", ["finance", "viewer"])
def test_finance_and_viewers_read_without_actions(who: str):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    read = SignedIn(_person(who, sponsor)).get(f"/sponsor/campaigns/{campaign.id}")
    assert (read.status_code, read.json["actions"]) == (200, [])


def test_only_drafts_are_deleted(monkeypatch: pytest.MonkeyPatch):
    heard: list[Any] = []
    monkeypatch.setitem(events._handlers, CampaignDeleted, [heard.append])
    sponsor = make_sponsor()
    client = SignedIn(sponsor)
    for state in STATES:
        campaign = make_campaign(sponsor, state)
        heard.clear()
        answer = client.delete(f"/sponsor/campaigns/{campaign.id}")
        if state == "draft":
            assert answer.status_code == 204
            assert heard == [CampaignDeleted(campaign.id)]
            with pytest.raises(NotFound):
                reload(campaign)
        else:
            assert (answer.status_code, answer.json["type"]) == (409, "refused-transition")
            assert reload(campaign).status.value == state


def test_the_actions_of_a_document_are_those_that_its_state_allows():
    sponsor = make_sponsor()
    client = SignedIn(sponsor)
    expected = {
        "draft": ["publish", "edit", "duplicate", "delete"],
        "published": ["pause", "complete", "archive", "invite", "edit", "duplicate"],
        "paused": ["resume", "complete", "archive", "edit", "duplicate"],
        "completed": ["archive", "duplicate"],
        "archived": ["duplicate"],
    }
    for state, actions in expected.items():
        campaign = make_campaign(sponsor, state)
        assert client.get(f"/sponsor/campaigns/{campaign.id}").json["actions"] == actions


def test_an_incomplete_or_ended_brief_is_not_published():
    sponsor = make_sponsor()
    client = SignedIn(sponsor)
    bare = make_campaign(sponsor, "draft", description="")
    ended = make_campaign(
        sponsor, "draft", starts_on=today() - timedelta(9), ends_on=today() - timedelta(2)
    )
    for campaign, field in ((bare, "description"), (ended, "ends_on")):
        answer = client.post(f"/sponsor/campaigns/{campaign.id}/publish")
        assert (answer.status_code, answer.json["type"]) == (409, "campaign-incomplete")
        assert list(answer.json["errors"]) == [field]
        assert reload(campaign).status.value == "draft"


def test_the_last_day_ends_at_midnight_in_the_campaigns_time_zone():
    sponsor = make_sponsor()
    start = today()
    campaign = make_campaign(
        sponsor, "draft", starts_on=start, ends_on=start, time_zone="Pacific/Kiritimati"
    )  # UTC+14
    noon = now().replace(hour=12, minute=0)
    with time_machine.travel(noon.replace(hour=9, minute=59), tick=False):
        assert not service.is_over(reload(campaign))
    with time_machine.travel(noon.replace(hour=10, minute=0), tick=False):
        assert service.is_over(reload(campaign))
        answer = SignedIn(sponsor).post(f"/sponsor/campaigns/{campaign.id}/publish")
        assert answer.json["type"] == "campaign-incomplete"


@pytest.mark.parametrize("event", ["complete", "archive"])
def test_a_campaign_with_active_agreements_does_not_end(event: str):
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    unit_of_work(lambda: service.agreement_opened(campaign.id))
    client = SignedIn(sponsor)
    path = f"/sponsor/campaigns/{campaign.id}"
    refused = client.post(f"{path}/{event}")
    assert (refused.status_code, refused.json["type"]) == (409, "open-agreements")
    assert refused.json["open_agreements"] == 1
    assert event not in client.get(path).json["actions"]
    unit_of_work(lambda: service.agreement_closed(campaign.id))
    assert client.post(f"{path}/{event}").status_code == 200


def test_moves_are_kept_in_the_history_and_in_the_audit_trail():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor, "draft")
    client = SignedIn(sponsor)
    for event in ("publish", "pause", "resume"):
        client.post(f"/sponsor/campaigns/{campaign.id}/{event}")
    assert [change.event for change in history(campaign.id)] == ["publish", "pause", "resume"]
    assert {change.actor for change in history(campaign.id)} == {sponsor.user_id}
    entries = db.session.query(AuditEntry).filter_by(subject_id=campaign.id).all()
    assert {entry.action for entry in entries} == {
        "campaign.created",
        "campaign.publish",
        "campaign.pause",
        "campaign.resume",
    }
