"""The whole road of an agreement through the API, and where its money is at each step."""

from __future__ import annotations

import pytest

from app.campaigns import service as campaigns
from app.core.actor import SYSTEM
from app.payments import service as payments
from tests.factories.ad_requests import FEE, TWO_PARTS, URL, make_terms, make_world, offer_body
from tests.factories.identity import SignedIn


@pytest.fixture
def world(app):
    return make_world()


@pytest.fixture
def sponsor(world):
    return SignedIn(world.sponsor)


@pytest.fixture
def influencer(world):
    return SignedIn(world.influencer)


@pytest.fixture
def admin(world):
    return SignedIn(world.admin)


def body_parts() -> list[dict]:
    return [
        {"title": part.title, "share": part.share, "due_on": part.due_on.isoformat()}
        for part in make_terms(parts=TWO_PARTS).deliverables
    ]


def invite(world, sponsor, **offer):
    answer = sponsor.post(
        f"/sponsor/campaigns/{world.campaign.id}/invitations",
        {"influencer_id": world.influencer.influencer_id, "offer": offer_body(**offer)},
    )
    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/api/v1/sponsor/ad-requests/{answer.json['id']}"
    return answer.json


def accept(client, role, ad_request):
    return client.post(
        f"/{role}/ad-requests/{ad_request['id']}/accept",
        {"offer_hash": ad_request["current_offer"]["hash"]},
    )


def amounts(ad_request):
    return {name: money["amount"] for name, money in ad_request["money"].items()}


def test_an_agreement_is_made_carried_out_and_paid(world, sponsor, influencer):
    made = invite(world, sponsor, deliverables=body_parts())
    assert (made["status"], made["stage"], made["waits_for"]) == ("proposed", None, ["influencer"])
    assert "accept" not in made["actions"]

    countered = influencer.post(
        f"/influencer/ad-requests/{made['id']}/counter",
        {"offer": offer_body(120_000, deliverables=body_parts())},
    )
    assert countered.status_code == 200, countered.text
    assert countered.json["status"] == "negotiating"
    assert [offer["number"] for offer in countered.json["offers"]] == [1, 2]

    accepted = accept(sponsor, "sponsor", countered.json)
    assert accepted.status_code == 200, accepted.text
    assert (accepted.json["status"], accepted.json["stage"]) == ("active", "due")
    assert amounts(accepted.json)["held"] == 120_000
    first, second = accepted.json["deliverables"]
    assert (first["amount"]["amount"], second["amount"]["amount"]) == (72_000, 48_000)

    for part in (first, second):
        road = f"ad-requests/{made['id']}/deliverables/{part['id']}"
        sent = influencer.post(f"/influencer/{road}/submissions", {"text": "My draft"})
        assert sent.status_code == 201, sent.text
        assert sponsor.post(f"/sponsor/{road}/approve", {}).status_code == 200
        live = influencer.post(f"/influencer/{road}/publications", {"url": URL})
        assert live.status_code == 201, live.text
        done = sponsor.post(f"/sponsor/{road}/confirm", {})
        assert done.status_code == 200, done.text

    assert done.json["status"] == "completed"
    assert amounts(done.json) == {
        "committed": 120_000,
        "held": 0,
        "released": 120_000,
        "refunded": 0,
        "platform_fee_charged": 0,
        "fee": 120_000,
        "commission_cap": 0,
        "commission_paid": 0,
        "commission_returned": 0,
        "platform_fee": 0,
    }
    assert payments.escrow_balance(made["id"]) == 0
    campaign = campaigns.get_for(SYSTEM, world.campaign.id)
    assert (campaign.committed_amount, campaign.spent_amount) == (120_000, 120_000)
    assert campaign.open_agreements == 0
    steps = [(step["event"], step["by"]) for step in done.json["history"]]
    assert steps[:2] == [("counter", "influencer"), ("accept", "sponsor")]
    assert steps[-1] == ("complete", "sponsor")


def test_an_application_is_accepted_by_the_sponsor(world, sponsor, influencer):
    applied = influencer.post(
        f"/influencer/campaigns/{world.campaign.id}/applications", {"offer": offer_body()}
    )
    assert applied.status_code == 201, applied.text
    assert (applied.json["origin"], applied.json["chosen_by"]) == ("application", "applied")
    assert applied.json["current_offer"]["deliverables"][0]["share"] == 100

    accepted = accept(sponsor, "sponsor", applied.json)

    assert accepted.json["status"] == "active"
    assert accepted.json["deliverables"][0]["amount"] == {"amount": FEE, "currency": "EUR"}


def test_an_assignment_needs_the_sponsors_consent_first(world, sponsor, influencer, admin):
    assigned = admin.post(
        f"/admin/campaigns/{world.campaign.id}/assignments",
        {"influencer_id": world.influencer.influencer_id, "offer": offer_body()},
    )
    assert assigned.status_code == 201, assigned.text
    assert assigned.json["awaits_consent"] is True

    early = accept(influencer, "influencer", assigned.json)
    assert (early.status_code, early.json["type"]) == (409, "awaiting-consent")

    consented = accept(sponsor, "sponsor", assigned.json)
    assert (consented.json["status"], consented.json["awaits_consent"]) == ("proposed", False)
    assert consented.json["waits_for"] == ["influencer"]

    own = accept(sponsor, "sponsor", assigned.json)
    assert (own.status_code, own.json["type"]) == (409, "own-offer")
    assert accept(influencer, "influencer", assigned.json).json["status"] == "active"


def test_an_assignment_goes_straight_to_the_influencer_when_the_sponsor_consents_always(app):
    world = make_world(consents=True)
    assigned = SignedIn(world.admin).post(
        f"/admin/campaigns/{world.campaign.id}/assignments",
        {"influencer_id": world.influencer.influencer_id, "offer": offer_body()},
    )

    accepted = accept(SignedIn(world.influencer), "influencer", assigned.json)

    assert accepted.json["status"] == "active"


def test_the_unused_cap_of_a_commission_waits_for_orders_when_all_is_done(
    world, sponsor, influencer
):
    made = invite(
        world,
        sponsor,
        commission={"rate": 8, "cap": {"amount": 20_000, "currency": "EUR"}},
    )
    active = accept(influencer, "influencer", made).json
    assert amounts(active)["held"] == 120_000
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 120_000

    road = f"ad-requests/{made['id']}/deliverables/{active['deliverables'][0]['id']}"
    influencer.post(f"/influencer/{road}/submissions", {"text": "My draft"})
    sponsor.post(f"/sponsor/{road}/approve")
    influencer.post(f"/influencer/{road}/publications", {"url": URL})
    done = sponsor.post(f"/sponsor/{road}/confirm").json

    figures = amounts(done)
    assert (figures["released"], figures["refunded"], figures["held"]) == (100_000, 0, 20_000)
    assert done["commission_until"] is not None
    assert payments.escrow_balance(made["id"]) == 20_000
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 120_000
