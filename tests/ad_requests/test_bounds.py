"""An ad request's document stays small, however long the road was."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from app.ad_requests import documents, turns
from app.ad_requests.figures import CONTENT_NEEDS_APPROVAL
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import TWO_PARTS, advance, agree, document, make_world
from tests.factories.identity import SignedIn


@pytest.fixture
def world(app):
    return make_world()


def test_a_document_shows_the_last_steps_and_where_all_of_them_are(world, monkeypatch):
    made = agree(world, parts=TWO_PARTS)
    advance(world, made, "published")
    whole = document(world.sponsor, made)
    assert whole["earlier_history"] is None

    monkeypatch.setattr(documents, "HISTORY_SHOWN", 3)
    client = SignedIn(world.sponsor)
    shown = client.get(f"/sponsor/ad-requests/{made.id}").json

    every = [
        step["at"] for step in client.get(f"/sponsor/ad-requests/{made.id}/history").json["items"]
    ]
    assert [step["at"] for step in shown["history"]] == every[-3:]
    path = shown["earlier_history"].removeprefix("/api/v1")
    assert [step["at"] for step in client.get(path).json["items"]] == every[::-1]


def test_a_clearance_is_known_however_many_steps_came_after_it(world, monkeypatch):
    unit_of_work(lambda: CONTENT_NEEDS_APPROVAL.set(SYSTEM, True))
    made = agree(world, parts=TWO_PARTS)
    part = advance(world, made, "in_review")
    SignedIn(world.admin).post(f"/admin/submissions/{part.submissions[-1].id}/approve", {})
    with time_machine.travel(now() + timedelta(minutes=1)):
        advance(world, made, "in_review", 1)
        monkeypatch.setattr(documents, "HISTORY_SHOWN", 1)
        first, second = document(world.sponsor, made)["deliverables"]
    assert (first["awaits_clearance"], "approve" in first["actions"]) == (False, True)
    assert (second["awaits_clearance"], "approve" in second["actions"]) == (True, False)


def test_the_last_draft_is_not_sent_back_but_can_be_approved(world, monkeypatch):
    monkeypatch.setattr(turns, "MOST_SUBMISSIONS", 2)
    made = agree(world)
    part = advance(world, made, "in_review")
    sponsor = SignedIn(world.sponsor)
    path = f"/sponsor/ad-requests/{made.id}/deliverables/{part.id}"
    assert "request_changes" in document(world.sponsor, made)["actions"]
    assert sponsor.post(f"{path}/request-changes", {"note": "Again"}).status_code == 200
    advance(world, made, "in_review")

    refused = sponsor.post(f"{path}/request-changes", {"note": "Again"})

    assert (refused.status_code, refused.json["type"]) == (409, "too-many-drafts")
    shown = document(world.sponsor, made)
    assert len(shown["deliverables"][0]["submissions"]) == 2
    assert "request_changes" not in shown["actions"]
    assert sponsor.post(f"{path}/approve", {}).status_code == 200
