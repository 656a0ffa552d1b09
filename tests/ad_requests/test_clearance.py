"""Where admins look at drafts first, a sponsor approves after them."""

from __future__ import annotations

import pytest

from app.ad_requests import service
from app.ad_requests.figures import CONTENT_NEEDS_APPROVAL
from app.core.actor import SYSTEM
from app.core.transaction import unit_of_work
from tests.ad_requests.trial import outcome
from tests.factories.ad_requests import advance, agree, document, make_world, reload
from tests.factories.identity import SignedIn


@pytest.fixture
def world(app):
    unit_of_work(lambda: CONTENT_NEEDS_APPROVAL.set(SYSTEM, True))
    return make_world()


def submitted(world):
    made = agree(world)
    part = advance(world, made, "in_review")
    return made, part, part.submissions[-1].id


def try_approve(world, made, part) -> str:
    result: str = outcome(
        lambda: (
            service.approve(world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id)
            .deliverables[0]
            .status.value
        )
    )
    return result


def test_a_draft_waits_for_an_admin_and_then_for_its_sponsor(world):
    made, part, submission_id = submitted(world)
    admin = SignedIn(world.admin)
    assert try_approve(world, made, part) == "awaiting-clearance"
    shown = document(world.sponsor, made)["deliverables"][0]
    assert (shown["awaits_clearance"], "approve" in shown["actions"]) == (True, False)
    assert "clear" in document(world.admin, made)["actions"]
    (row,) = admin.get("/admin/submissions").json["items"]
    assert (row["id"], row["waiting_seconds"] >= 0) == (submission_id, True)

    cleared = admin.post(f"/admin/submissions/{submission_id}/approve", {})

    assert cleared.status_code == 200, cleared.text
    assert admin.get("/admin/submissions").json["items"] == []
    assert reload(made).deliverables[0].deadline > part.deadline
    assert try_approve(world, made, part) == "approved"
    again = admin.post(f"/admin/submissions/{submission_id}/approve", {})
    assert (again.status_code, again.json["type"]) == (409, "refused-transition")


def test_a_draft_that_an_admin_returns_goes_back_to_its_author(world):
    made, _, submission_id = submitted(world)
    returned = SignedIn(world.admin).post(
        f"/admin/submissions/{submission_id}/return", {"reason": "No disclosure"}
    )
    part = returned.json["deliverables"][0]
    assert (part["status"], part["submissions"][0]["note"]) == ("due", "No disclosure")

    advance(world, made, "in_review")
    assert document(world.sponsor, made)["deliverables"][0]["awaits_clearance"] is True


def test_a_later_draft_needs_its_own_clearance(world):
    made, part, submission_id = submitted(world)
    SignedIn(world.admin).post(f"/admin/submissions/{submission_id}/approve", {})
    unit_of_work(
        lambda: service.request_changes(
            world.sponsor.actor, ad_request_id=made.id, deliverable_id=part.id
        )
    )
    advance(world, made, "in_review")
    assert try_approve(world, made, part) == "awaiting-clearance"


def test_many_drafts_are_decided_each_by_itself(world):
    first, second = submitted(world), submitted(make_world())
    admin = SignedIn(world.admin)
    ids = [first[2], "sub_unknown", second[2]]
    answer = admin.post("/admin/submissions/approvals", {"ids": ids, "decision": "approve"})
    assert [row["ok"] for row in answer.json["results"]] == [True, False, True]
    assert answer.json["results"][1]["problem"]["type"] == "not-found"
    assert admin.get("/admin/submissions").json["items"] == []


def test_nothing_waits_while_it_is_switched_off(app):
    world = make_world()
    made, part, _ = submitted(world)
    assert SignedIn(world.admin).get("/admin/submissions").json["items"] == []
    assert document(world.sponsor, made)["deliverables"][0]["awaits_clearance"] is False
    assert try_approve(world, made, part) == "approved"


def test_a_review_that_nobody_ends_still_ends_by_itself(world):
    import time_machine

    made, part, _ = submitted(world)
    with time_machine.travel(part.deadline, tick=False):
        assert service.enforce_deadlines() == {"approved": 1}
    assert reload(made).deliverables[0].status.value == "approved"
