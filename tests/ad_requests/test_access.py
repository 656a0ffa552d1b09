"""Whose ad requests these are, who of a team may act, and what malformed input comes to."""

from __future__ import annotations

import pytest

from app.core.actor import SYSTEM, MemberRole
from app.core.extensions import db
from app.core.transaction import unit_of_work
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from tests.factories.ad_requests import (
    URL,
    advance,
    agree,
    current_hash,
    make_world,
    offer_body,
    propose,
    reload,
)
from tests.factories.identity import SignedIn, make_influencer, make_member, make_sponsor


@pytest.fixture
def world(app):
    return make_world()


def suspend(person):
    def work():
        USER.move(db.session.get_one(User, person.user_id), SYSTEM, UserEvent.SUSPEND)

    unit_of_work(work)


def readings(ad_request_id):
    base = f"/ad-requests/{ad_request_id}"
    return [base, f"{base}/history", f"{base}/messages", f"{base}/offers/diff?from=1&to=1"]


def acts(ad_request_id, deliverable_id, offer_hash):
    """Path below the surface and a body that would do for the right person."""
    base = f"/ad-requests/{ad_request_id}"
    part = f"{base}/deliverables/{deliverable_id}"
    return {
        f"{base}/accept": {"offer_hash": offer_hash},
        f"{base}/counter": {"offer": offer_body()},
        f"{base}/reject": {},
        f"{base}/withdraw": {},
        f"{base}/extend": {},
        f"{base}/cancel": {"reason": "No"},
        f"{base}/messages": {"text": "Hello"},
        f"{base}/ratings": {"stars": 5},
        f"{part}/dispute": {"reason": "No"},
        f"{part}/dispute/answer": {"text": "No"},
    }


SPONSOR_ONLY = {"approve": {}, "request-changes": {}, "confirm": {}, "check": {}}
INFLUENCER_ONLY = {"submissions": {"text": "A draft"}, "publications": {"url": URL}}


@pytest.mark.parametrize("role", ["sponsor", "influencer"])
def test_a_stranger_finds_nothing_and_changes_nothing(world, role):
    made = agree(world)
    part = reload(made).deliverables[0]
    stranger = SignedIn(make_sponsor() if role == "sponsor" else make_influencer())
    for path in readings(made.id):
        assert stranger.get(f"/{role}{path}").status_code == 404
    own = SPONSOR_ONLY if role == "sponsor" else INFLUENCER_ONLY
    bodies = acts(made.id, part.id, current_hash(made)) | {
        f"/ad-requests/{made.id}/deliverables/{part.id}/{name}": body for name, body in own.items()
    }
    for path, body in bodies.items():
        answer = stranger.post(f"/{role}{path}", body)
        assert (path, answer.status_code) == (path, 404)
    assert stranger.get(f"/{role}/ad-requests").json["items"] == []
    assert stranger.get(f"/{role}/turns").json["total"] == 0
    assert reload(made).version == made.version


def test_a_sponsor_neither_invites_for_nor_reads_anothers_campaign(world):
    other = SignedIn(make_sponsor())
    campaign = f"/sponsor/campaigns/{world.campaign.id}"
    body = {"influencer_id": world.influencer.influencer_id, "offer": offer_body()}
    assert other.post(f"{campaign}/invitations", body).status_code == 404
    assert other.get(f"{campaign}/applicants").status_code == 404


def test_a_deliverable_belongs_to_its_ad_request(world):
    made = agree(world)
    other = make_world()
    foreign = reload(agree(other)).deliverables[0]
    sponsor = SignedIn(world.sponsor)
    path = f"/sponsor/ad-requests/{made.id}/deliverables/{foreign.id}/approve"
    assert sponsor.post(path, {}).status_code == 404
    cancel = {"reason": "No", "deliverable_id": foreign.id}
    assert sponsor.post(f"/sponsor/ad-requests/{made.id}/cancel", cancel).status_code == 404


def test_a_private_campaign_is_no_place_to_apply_to(app):
    world = make_world(visibility="private")
    influencer = SignedIn(world.influencer)
    path = f"/influencer/campaigns/{world.campaign.id}/applications"
    assert influencer.post(path, {"offer": offer_body()}).status_code == 404

    invited = propose(world)
    read = influencer.get(f"/influencer/ad-requests/{invited.id}")
    assert read.json["campaign"]["title"] == world.campaign.title
    influencer.post(f"/influencer/ad-requests/{invited.id}/reject", {})
    assert influencer.post(path, {"offer": offer_body()}).status_code == 201


@pytest.mark.parametrize("member", [MemberRole.FINANCE, MemberRole.VIEWER])
def test_finance_and_viewers_read_and_do_not_act(world, member):
    made = agree(world)
    part = advance(world, made, "in_review")
    reader = SignedIn(make_member(world.sponsor, member))

    read = reader.get(f"/sponsor/ad-requests/{made.id}")

    assert (read.status_code, read.json["actions"]) == (200, [])
    assert read.json["deliverables"][0]["actions"] == []
    for path, body in acts(made.id, part.id, current_hash(made)).items():
        assert reader.post(f"/sponsor{path}", body).status_code == 403
    approve = f"/sponsor/ad-requests/{made.id}/deliverables/{part.id}/approve"
    assert reader.post(approve, {}).status_code == 403


def test_a_manager_acts(world):
    made = agree(world)
    part = advance(world, made, "in_review")
    manager = SignedIn(make_member(world.sponsor, MemberRole.MANAGER))
    approve = f"/sponsor/ad-requests/{made.id}/deliverables/{part.id}/approve"
    assert manager.post(approve, {"note": "Nice"}).status_code == 200


def test_a_suspended_side_reads_and_does_not_act(world):
    made = agree(world)
    part = reload(made).deliverables[0]
    influencer = SignedIn(world.influencer)
    suspend(world.influencer)
    read = influencer.get(f"/influencer/ad-requests/{made.id}")
    assert (read.status_code, read.json["actions"]) == (200, [])
    path = f"/influencer/ad-requests/{made.id}/deliverables/{part.id}/submissions"
    assert influencer.post(path, {"text": "A draft"}).json["type"] == "account-suspended"


def test_roles_keep_to_their_surface(world):
    made = propose(world)
    clients = {name: SignedIn(world.side(name)) for name in ("sponsor", "influencer", "admin")}
    for name, client in clients.items():
        for surface in clients:
            expected = 200 if surface == name else 403
            assert client.get(f"/{surface}/ad-requests/{made.id}").status_code == expected
    assert app_client(made).status_code == 401


def app_client(made):
    from flask import current_app

    return current_app.test_client().get(f"/api/v1/sponsor/ad-requests/{made.id}")


def test_a_private_message_is_read_by_both_sides_and_admins_only(world):
    made = propose(world)
    SignedIn(world.sponsor).post(f"/sponsor/ad-requests/{made.id}/messages", {"text": "Between us"})
    for name in ("sponsor", "influencer", "admin"):
        client = SignedIn(world.side(name))
        (message,) = client.get(f"/{name}/ad-requests/{made.id}/messages").json["items"]
        assert (message["text"], message["by"]) == ("Between us", "sponsor")
        assert message["mine"] is (name == "sponsor")


# --- malformed input ----------------------------------------------------------------------------

EUR = "EUR"
BAD_OFFERS = [
    None,
    [],
    "offer",
    {},
    {"fee": None},
    {"fee": 1000},
    {"fee": {"amount": "1000", "currency": EUR}},
    {"fee": {"amount": 10.5, "currency": EUR}},
    {"fee": {"amount": True, "currency": EUR}},
    {"fee": {"amount": 0, "currency": EUR}},
    {"fee": {"amount": -5, "currency": EUR}},
    {"fee": {"amount": 10**12 + 1, "currency": EUR}},
    {"fee": {"amount": 1000, "currency": "EURO"}},
    {"fee": {"amount": 1000, "currency": "XXQ"}},
    {"fee": {"amount": 1000, "currency": "USD"}},
    {"fee": {"amount": 1000, "currency": EUR, "more": 1}},
    offer_body(extra=1),
    offer_body(commission={}),
    offer_body(commission={"rate": 8}),
    *(
        offer_body(commission={"rate": rate, "cap": {"amount": 1, "currency": EUR}})
        for rate in (0, -1, 100.01, 8.123, "8", True, None, 10**18, 1e-9)
    ),
    offer_body(commission={"rate": 8, "cap": {"amount": 0, "currency": EUR}}),
    offer_body(commission={"rate": 8, "cap": {"amount": 1, "currency": "USD"}}),
    offer_body(deliverables=[]),
    offer_body(deliverables={}),
    offer_body(deliverables=["Reel"]),
    offer_body(deliverables=[{"title": "Reel"}]),
    offer_body(deliverables=[{"title": "Reel", "share": 99}]),
    offer_body(deliverables=[{"title": "Reel", "share": 101}]),
    offer_body(deliverables=[{"title": "Reel", "share": 100.0}]),
    offer_body(deliverables=[{"title": "Reel", "share": "100"}]),
    offer_body(deliverables=[{"title": "Reel", "share": True}]),
    offer_body(deliverables=[{"title": "", "share": 100}]),
    offer_body(deliverables=[{"title": " ", "share": 100}]),
    offer_body(deliverables=[{"title": "x" * 161, "share": 100}]),
    offer_body(deliverables=[{"title": "a\nb", "share": 100}]),
    offer_body(deliverables=[{"title": "\u202eReel", "share": 100}]),
    offer_body(deliverables=[{"title": "A", "share": 50}, {"title": "B", "share": 49}]),
    offer_body(deliverables=[{"title": "A", "share": 5}] * 20 + [{"title": "B", "share": 5}]),
    offer_body(deliverables=[{"title": "Reel", "share": 100, "due_on": "yesterday"}]),
    offer_body(deliverables=[{"title": "Reel", "share": 100, "due_on": "2001-01-01"}]),
    offer_body(deliverables=[{"title": "Reel", "share": 100, "due_on": "9999-12-31"}]),
    offer_body(deliverables=[{"title": "Reel", "share": 100, "due_on": 20300101}]),
    offer_body(message="x" * 4001),
    offer_body(message=5),
    offer_body(message="\x1b[31m"),
]


def test_malformed_offers_are_refused_by_field_and_leave_nothing(world):
    influencer = SignedIn(world.influencer)
    path = f"/influencer/campaigns/{world.campaign.id}/applications"
    for offer in BAD_OFFERS:
        answer = influencer.post(path, {"offer": offer})
        assert (offer, answer.status_code) == (offer, 422), answer.text
        assert all(name.startswith("offer") for name in answer.json["errors"])
    for number in (10**40, -(10**40)):
        beyond = {"fee": {"amount": number, "currency": EUR}}
        assert influencer.post(path, {"offer": beyond}).status_code == 400
    assert influencer.get("/influencer/ad-requests").json["items"] == []


BAD_BODIES = {
    "accept": [{}, {"offer_hash": 5}, {"offer_hash": ""}, {"offer_hash": "x" * 129}],
    "counter": [{}, {"offer": None}, {"terms": {}}],
    "reject": [{"reason": 5}, {"reason": "x" * 2001}, {"other": 1}],
    "cancel": [{}, {"reason": ""}, {"reason": None}, {"reason": "No", "deliverable_id": 5}],
    "messages": [
        {},
        {"text": ""},
        {"text": 5},
        {"text": "a", "file_ids": ["x"]},
        {"text": "a", "file_ids": ["fil_unknown"]},
        {"text": "a", "file_ids": ["fil_1"] * 11},
    ],
    "ratings": [
        {},
        {"stars": 0},
        {"stars": 6},
        {"stars": 4.5},
        {"stars": "5"},
        {"stars": True},
        {"stars": 5, "text": "x" * 2001},
    ],
}


def test_malformed_bodies_are_refused(world):
    made = agree(world)
    sponsor = SignedIn(world.sponsor)
    for name, bodies in BAD_BODIES.items():
        for body in bodies:
            answer = sponsor.post(f"/sponsor/ad-requests/{made.id}/{name}", body)
            assert (name, body, answer.status_code) == (name, body, 422), answer.text


def test_malformed_work_is_refused(world):
    made = agree(world)
    part = reload(made).deliverables[0]
    influencer = SignedIn(world.influencer)
    road = f"/influencer/ad-requests/{made.id}/deliverables/{part.id}"
    for body in ({}, {"text": ""}, {"url": "javascript:alert(1)"}, {"url": "social.example"}):
        assert influencer.post(f"{road}/submissions", body).status_code == 422
    advance(world, made, "approved")
    for url in (None, "", "ftp://a.example/", "javascript:alert(1)", "http://", "x", 5):
        answer = influencer.post(f"{road}/publications", {"url": url})
        assert (url, answer.status_code) == (url, 422)
    assert reload(made).deliverables[0].status.value == "approved"


def test_unknown_filters_sorts_and_cursors_are_refused(world):
    sponsor = SignedIn(world.sponsor)
    for query in (
        "status=unknown",
        "stage=gone",
        "origin=x",
        "sort=fee",
        "limit=0",
        "limit=101",
        "cursor=abc",
        "nothing=1",
        "your_turn=perhaps",
        "campaign_id=5",
        "sponsor_id=spn_1",
    ):
        answer = sponsor.get(f"/sponsor/ad-requests?{query}")
        assert (query, answer.status_code) == (query, 422)
    for query in ("whose=theirs", "kind=x", "sort=amount"):
        assert sponsor.get(f"/sponsor/turns?{query}").status_code == 422
    made = propose(world)
    for query in ("from=1", "from=0&to=1", "from=1&to=9", "from=a&to=1"):
        answer = sponsor.get(f"/sponsor/ad-requests/{made.id}/offers/diff?{query}")
        assert (query, answer.status_code) == (query, 422)


@pytest.mark.parametrize("bad", ["adr_x", "cmp_1", "%00", "%2e%2e", "x" * 500, "adr_%F0%9F%92%A9"])
def test_ids_that_are_none_are_not_found(world, bad):
    sponsor = SignedIn(world.sponsor)
    assert sponsor.get(f"/sponsor/ad-requests/{bad}").status_code == 404
    assert sponsor.post(f"/sponsor/ad-requests/{bad}/reject", {}).status_code == 404
