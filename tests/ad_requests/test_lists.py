"""Lists, turns, applicants, and what an ad request keeps of its past."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import event

from app.ad_requests import service, turn_list
from app.ad_requests.document_schemas import AdRequestRead
from app.ad_requests.schemas import AdRequestPage, ApplicantPage, TurnPage
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import (
    TWO_PARTS,
    World,
    advance,
    agree,
    counter,
    current_hash,
    make_terms,
    make_world,
    propose,
    step,
)
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def sponsor(world):
    return SignedIn(world.sponsor)


@pytest.fixture
def influencer(world):
    return SignedIn(world.influencer)


def with_influencer(world: World, **values) -> World:
    return World(world.sponsor, make_influencer(**values), world.admin, world.campaign)


def with_campaign(world: World, **values) -> World:
    campaign = make_campaign(world.sponsor, **values)
    return World(world.sponsor, world.influencer, world.admin, campaign)


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["id"] for item in answer.json["items"]]


def count_statements(act) -> int:
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        # SQLite's own BEGIN passes here too.
        if statement.lstrip().startswith("SELECT"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        act()
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


# --- ad requests --------------------------------------------------------------------------------


def test_the_list_is_filtered(world, sponsor, influencer):
    invited = propose(world)
    applied = propose(with_influencer(world, name="Đặng Linh"), "application")
    other = with_campaign(world, title="Winter tea")
    active = agree(other)
    advance(other, active, "in_review")

    def found(query, client=sponsor, role="sponsor"):
        return set(ids(client.get(f"/{role}/ad-requests?{query}")))

    assert found("") == {invited.id, applied.id, active.id}
    assert found("", influencer, "influencer") == {invited.id, active.id}
    assert found("status=proposed") == {invited.id, applied.id}
    assert found("status=proposed&status=active") == {invited.id, applied.id, active.id}
    assert found("stage=in_review") == {active.id}
    assert found("origin=application") == {applied.id}
    assert found(f"campaign_id={other.campaign.id}") == {active.id}
    assert found(f"influencer_id={world.influencer.influencer_id}") == {invited.id, active.id}
    assert found("your_turn=true") == {applied.id, active.id}
    assert found("your_turn=false") == {invited.id}
    assert found("your_turn=true", influencer, "influencer") == {invited.id}
    assert found("q=winter TEA") == {active.id}
    assert found("q=dang") == {applied.id}
    assert found("q=%25") == set()
    admin = SignedIn(world.admin)
    assert found(f"sponsor_id={world.sponsor.sponsor_id}", admin, "admin") == {
        invited.id,
        applied.id,
        active.id,
    }


def test_agreements_with_held_money_are_found(world, sponsor):
    proposed = propose(world)
    agreed = agree(with_influencer(world))
    path = "/sponsor/ad-requests"
    assert ids(sponsor.get(f"{path}?held=true")) == [agreed.id]
    assert ids(sponsor.get(f"{path}?held=false")) == [proposed.id]
    assert ids(sponsor.get(f"{path}?held=true&status=proposed")) == []


def test_the_stage_is_that_of_the_least_advanced_open_part(world, sponsor):
    made = agree(world, parts=TWO_PARTS)

    def stage():
        (row,) = sponsor.get("/sponsor/ad-requests").json["items"]
        return row["stage"]

    assert stage() == "due"
    advance(world, made, "published", 0)
    assert stage() == "due"
    advance(world, made, "in_review", 1)
    assert stage() == "in_review"
    advance(world, made, "completed", 1)
    assert stage() == "published"


def test_the_list_pages_by_cursor_in_every_order(world, sponsor):
    made = [propose(with_influencer(world)).id for _ in range(5)]
    done = agree(with_influencer(world))
    advance(world_of(world, done), done, "completed")
    for sort, first in (("-created_at", done.id), ("created_at", made[0]), ("deadline", made[0])):
        seen: list[str] = []
        cursor = ""
        while True:
            answer = sponsor.get(f"/sponsor/ad-requests?limit=2&sort={sort}{cursor}")
            seen += ids(answer)
            if answer.json["next"] is None:
                break
            cursor = f"&cursor={answer.json['next']}"
        assert (sort, seen[0]) == (sort, first)
        assert sorted(seen) == sorted([*made, done.id])
        if sort == "deadline":
            assert seen[-1] == done.id, "what has no deadline stands last"


def world_of(world: World, ad_request) -> World:
    from app.core.actor import Role
    from tests.factories.identity import Person

    influencer = Person("usr_x", "x", Role.INFLUENCER, influencer_id=ad_request.influencer_id)
    return World(world.sponsor, influencer, world.admin, world.campaign)


def test_a_row_carries_what_a_table_shows(world, sponsor):
    made = propose(world, cap=5_000)
    (row,) = sponsor.get("/sponsor/ad-requests").json["items"]
    assert AdRequestPage().validate({"items": [row], "next": None}) == {}
    assert row["current_offer"]["hash"] == current_hash(made)
    assert row["current_offer"]["commission"] == {
        "rate": 8.0,
        "cap": {"amount": 5_000, "currency": "EUR"},
    }
    assert (row["waits_for"], row["your_turn"]) == (["influencer"], False)


@pytest.mark.parametrize("path", ["/sponsor/ad-requests", "/sponsor/turns", "applicants"])
def test_a_list_takes_the_same_statements_however_long_it_is(world, sponsor, path):
    if path == "applicants":
        path = f"/sponsor/campaigns/{world.campaign.id}/applicants"
    propose(with_influencer(world), "application", parts=TWO_PARTS)
    sponsor.get(path)
    few = count_statements(lambda: sponsor.get(path))
    for _ in range(4):
        propose(
            with_influencer(world, niches=("food",), accounts=()), "application", parts=TWO_PARTS
        )
    many = count_statements(lambda: sponsor.get(path))
    assert len(sponsor.get(path).json["items"]) == 5
    assert many == few


def test_a_document_takes_the_same_statements_however_full_it_is(world, sponsor):
    made = agree(world, parts=TWO_PARTS)
    path = f"/sponsor/ad-requests/{made.id}"
    sponsor.get(path)
    few = count_statements(lambda: sponsor.get(path))
    advance(world, made, "completed")
    advance(world, made, "disputed", 1)
    for number in range(3):
        sponsor.post(f"{path}/messages", {"text": f"Message {number}"})
    assert count_statements(lambda: sponsor.get(path)) == few


def test_a_document_keeps_to_its_schema(world, sponsor):
    made = agree(world, parts=TWO_PARTS, cap=500)
    advance(world, made, "completed")
    advance(world, made, "disputed", 1)
    document = sponsor.get(f"/sponsor/ad-requests/{made.id}").json
    assert AdRequestRead().validate(document) == {}
    assert document.keys() == AdRequestRead().fields.keys()


# --- turns --------------------------------------------------------------------------------------


def test_turns_say_what_waits_for_whom_and_what_happens_then(world, sponsor, influencer):
    offer = propose(world)
    work = agree(with_campaign(world, title="Tea"), parts=TWO_PARTS)
    other = World(world.sponsor, world.influencer, world.admin, world.campaign)
    reviewed = advance(other, work, "in_review")

    mine = influencer.get("/influencer/turns").json
    theirs = sponsor.get("/sponsor/turns").json

    assert TurnPage().validate(mine) == {}
    assert [(row["kind"], row["on_deadline"]) for row in mine["items"]] == [
        ("answer_offer", "expires"),
        ("submit", "overdue_then_cancelled"),
    ]
    assert (mine["mine"], mine["others"], mine["total"]) == (2, 1, 2)
    (review,) = theirs["items"]
    assert (review["kind"], review["deliverable_id"], review["on_deadline"]) == (
        "review",
        reviewed.id,
        "approved_automatically",
    )
    assert review["amount"] == {"amount": 60_000, "currency": "EUR"}
    others = sponsor.get("/sponsor/turns?whose=others").json
    assert {row["ad_request_id"] for row in others["items"]} == {offer.id, work.id}
    assert others["total"] == 2
    assert [row["kind"] for row in sponsor.get("/sponsor/turns?whose=others&limit=1").json["items"]]


def test_turns_page_by_cursor(world, influencer):
    agree(world, parts=tuple((f"Part {n}", 20, n + 1) for n in range(5)))
    seen, cursor = [], ""
    while True:
        answer = influencer.get(f"/influencer/turns?limit=2{cursor}").json
        seen += [row["title"] for row in answer["items"]]
        if answer["next"] is None:
            break
        cursor = f"&cursor={answer['next']}"
    assert seen == [f"Part {n}" for n in range(5)]


def test_consent_and_disputes_are_turns_too(world, sponsor):
    propose(world, "assignment")
    assert sponsor.get("/sponsor/turns").json["items"][0]["kind"] == "consent"
    other = with_campaign(world)
    disputed = agree(other)
    advance(other, disputed, "disputed")
    admin = SignedIn(world.admin)
    (row,) = admin.get("/admin/turns").json["items"]
    assert (row["kind"], row["ad_request_id"]) == ("decide", disputed.id)


def test_each_side_is_shown_the_deadline_of_its_own_turn(world, sponsor, influencer):
    ad_request = agree(world, parts=TWO_PARTS)
    advance(world, ad_request, "in_review")
    whole = sponsor.get(f"/sponsor/ad-requests/{ad_request.id}").json
    deadlines = {part["status"]: part["deadline"] for part in whole["deliverables"]}
    assert set(deadlines) == {"in_review", "due"}

    def shown(client, surface):
        (row,) = client.get(f"/{surface}/ad-requests").json["items"]
        assert row["your_turn"]
        return row["next_deadline"]

    assert shown(sponsor, "sponsor") == deadlines["in_review"]
    assert shown(influencer, "influencer") == deadlines["due"]
    admin = SignedIn(world.admin).get("/admin/ad-requests").json["items"][0]
    assert admin["next_deadline"] == min(deadlines.values())


def test_where_nothing_waits_for_a_side_it_is_shown_the_deadline_of_the_other(world, influencer):
    propose(world)
    (row,) = SignedIn(world.sponsor).get("/sponsor/ad-requests").json["items"]
    (own,) = influencer.get("/influencer/ad-requests").json["items"]
    assert (row["your_turn"], own["your_turn"]) == (False, True)
    assert row["next_deadline"] == own["next_deadline"] is not None


@pytest.mark.parametrize("sort", ["deadline", "-deadline"])
def test_pages_of_turns_of_all_kinds_join_without_gaps_and_doubles(world, sponsor, sort):
    agree(with_influencer(world), parts=tuple((f"Part {n}", 20, n + 1) for n in range(5)))
    for number in range(3):
        propose(with_influencer(world, name=f"N{number}"))
    propose(with_influencer(world), "assignment")
    advance(other := with_campaign(world), agree(other), "disputed")
    for path in ("/sponsor/turns", "/admin/turns"):
        client = sponsor if path.startswith("/sponsor") else SignedIn(world.admin)
        for whose, kinds in (("mine", None), ("others", None), ("others", "answer_offer")):
            query = f"{path}?whose={whose}&sort={sort}" + (f"&kind={kinds}" if kinds else "")
            whole = client.get(f"{query}&limit=100").json["items"]
            deadlines = [row["deadline"] for row in whole]
            assert deadlines == sorted(deadlines, reverse=sort.startswith("-"))
            seen, cursor = [], ""
            while True:
                answer = client.get(f"{query}&limit=2{cursor}").json
                seen += answer["items"]
                if answer["next"] is None:
                    break
                cursor = f"&cursor={answer['next']}"
            assert seen == whole
            if kinds is None:
                assert answer["total"] == answer[whose] == len(whole) > 0


def test_an_admin_who_is_waited_for_by_no_offer_is_shown_none(world):
    propose(world)
    admin = SignedIn(world.admin)
    assert admin.get("/admin/turns?kind=answer_offer").json["items"] == []
    assert len(admin.get("/admin/turns?kind=answer_offer&whose=others").json["items"]) == 1


def test_turns_are_counted_up_to_a_bound(world, sponsor, monkeypatch):
    monkeypatch.setattr(turn_list, "MOST_COUNTED", 3)
    turn_list._counts.cache_clear()
    agree(world, parts=tuple((f"Part {n}", 20, n + 1) for n in range(5)))
    answer = sponsor.get("/sponsor/turns?whose=others&limit=100").json
    assert (answer["others"], len(answer["items"])) == (3, 5)
    turn_list._counts.cache_clear()


# --- applicants ---------------------------------------------------------------------------------


def test_applicants_are_compared_side_by_side(world, sponsor):
    big = with_influencer(
        world, name="Big", niches=("food", "travel"), accounts=(("instagram", "big", 100_000),)
    )
    small = with_influencer(world, name="Small", language="vi")
    first = propose(big, "application", fee=90_000)
    second = propose(small, "application", fee=40_000)
    propose(world)
    path = f"/sponsor/campaigns/{world.campaign.id}/applicants"

    rows = sponsor.get(f"{path}?origin=application&sort=-reach").json

    assert ApplicantPage().validate(rows) == {}
    assert [row["id"] for row in rows["items"]] == [first.id, second.id]
    (top, low) = rows["items"]
    assert top["influencer"]["reach"] == 10_000
    assert top["price_per_thousand"] == {"amount": 9_000, "currency": "EUR"}
    assert low["price_per_thousand"] is None
    assert top["match"]["niches"] == ["food"]
    assert top["match"]["score"] > low["match"]["score"]
    assert ids(sponsor.get(f"{path}?sort=fee&id={first.id}&id={second.id}")) == [
        second.id,
        first.id,
    ]
    assert len(ids(sponsor.get(path))) == 3


def test_several_are_accepted_each_by_itself(app):
    world = make_world(funds=150_000)
    sponsor = SignedIn(world.sponsor)
    made = [propose(with_influencer(world), "application") for _ in range(2)]
    own = propose(with_influencer(world))
    items = [{"id": one.id, "offer_hash": current_hash(one)} for one in (*made, own)]
    items.append({"id": "adr_unknown", "offer_hash": "x"})

    answer = sponsor.post("/sponsor/ad-requests/accept", {"items": items})

    results = answer.json["results"]
    assert [row["ok"] for row in results] == [True, False, False, False]
    assert [row["problem"] and row["problem"]["type"] for row in results] == [
        None,
        "insufficient-funds",
        "own-offer",
        "not-found",
    ]
    assert results[1]["problem"]["missing"] == {"amount": 50_000, "currency": "EUR"}
    assert sponsor.post("/sponsor/ad-requests/accept", {"items": []}).status_code == 422


# --- the past -----------------------------------------------------------------------------------


def test_two_offers_are_compared(world, sponsor):
    made = propose(world, cap=500, parts=TWO_PARTS)
    counter(world, made, "influencer", fee=120_000, cap=400, parts=(("Reel", 100, 10),))
    path = f"/sponsor/ad-requests/{made.id}/offers/diff"

    found = sponsor.get(f"{path}?from=1&to=2").json

    changes = {(row["field"], row["of"]): row for row in found["changes"]}
    assert changes["fee", None]["change"] == 20_000
    assert changes["commission_cap", None]["change"] == -100
    assert changes["share", "Reel"] == {
        "field": "share",
        "of": "Reel",
        "old": 60,
        "new": 100,
        "change": 40,
    }
    assert "usage_rights" in found["unchanged"]
    back = sponsor.get(f"{path}?from=2&to=1").json["changes"]
    assert {row["field"]: row["change"] for row in back}["fee"] == -20_000
    assert sponsor.get(f"{path}?from=1&to=1").json["changes"] == []


def test_the_history_tells_who_did_what(world, sponsor):
    made = agree(world)
    for _ in range(4):
        step(world, made)
    path = f"/sponsor/ad-requests/{made.id}/history"
    rows = sponsor.get(path).json["items"]
    assert [(row["subject"], row["event"], row["by"]) for row in rows] == [
        ("ad_request", "accept", "influencer"),
        ("deliverable", "submit", "influencer"),
        ("deliverable", "approve", "sponsor"),
        ("deliverable", "publish", "influencer"),
        ("deliverable", "confirm", "sponsor"),
        ("ad_request", "complete", "sponsor"),
    ]
    assert rows[0]["actor_name"] == "Influencer"
    first = sponsor.get(f"{path}?limit=4").json
    rest = sponsor.get(f"{path}?limit=4&cursor={first['next']}").json["items"]
    assert first["items"] + rest == rows


def test_messages_page_from_the_newest(world, sponsor, influencer):
    made = propose(world)
    for number in range(3):
        client, role = (sponsor, "sponsor") if number % 2 else (influencer, "influencer")
        path = f"/{role}/ad-requests/{made.id}/messages"
        assert client.post(path, {"text": f"Message {number}"}).status_code == 201
    page = sponsor.get(f"/sponsor/ad-requests/{made.id}/messages?limit=2").json
    assert [row["text"] for row in page["items"]] == ["Message 2", "Message 1"]
    shown = sponsor.get(f"/sponsor/ad-requests/{made.id}").json["messages"]
    assert [row["text"] for row in shown] == ["Message 0", "Message 1", "Message 2"]


def test_a_proposal_that_came_to_nothing_takes_no_messages(world, sponsor):
    made = propose(world)
    unit_of_work(lambda: service.withdraw(world.sponsor.actor, ad_request_id=made.id))
    answer = sponsor.post(f"/sponsor/ad-requests/{made.id}/messages", {"text": "Hello?"})
    assert (answer.status_code, answer.json["type"]) == (409, "refused-transition")


def test_files_of_an_ad_request_are_for_its_readers(world, sponsor, influencer):
    made = propose(world)
    upload = sponsor.client.post(
        "/api/v1/account/files",
        headers=sponsor.headers,
        data={"file": (io.BytesIO(b"A brief in plain words."), "brief.txt")},
    )
    assert upload.status_code == 201, upload.text
    file_id = upload.json["id"]
    stranger = SignedIn(make_influencer())
    body = {"text": "See here", "file_ids": [file_id]}
    posted = sponsor.post(f"/sponsor/ad-requests/{made.id}/messages", body)

    assert [found["name"] for found in posted.json["files"]] == ["brief.txt"]
    assert influencer.get(f"/account/files/{file_id}/content").status_code == 200
    assert stranger.get(f"/account/files/{file_id}/content").status_code == 404
    taken = influencer.post(f"/influencer/ad-requests/{made.id}/messages", body)
    assert (taken.status_code, list(taken.json["errors"])) == (422, ["file_ids"])


def test_a_counter_invites_by_the_edit_is_marked(world, influencer):
    from app.campaigns import service as campaigns
    from app.core.actor import SYSTEM

    made = propose(world, "application")

    def edit():
        campaign = campaigns.get_for(SYSTEM, world.campaign.id, lock=True)
        campaigns.edit(world.sponsor.actor, campaign, goals="Sell more.")

    unit_of_work(edit)
    path = f"/influencer/ad-requests/{made.id}"
    assert influencer.get(path).json["terms_changed"] is True
    unit_of_work(
        lambda: service.counter(
            world.influencer.actor, ad_request_id=made.id, offer=make_terms(90_000)
        )
    )
    assert influencer.get(path).json["terms_changed"] is False
