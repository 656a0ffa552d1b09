"""What an influencer sees of a campaign that they have an ad request with."""

from __future__ import annotations

import pytest

from app.ad_requests import service as ad_requests
from app.core.transaction import unit_of_work
from tests.factories.ad_requests import make_world, propose
from tests.factories.identity import SignedIn, make_influencer

pytestmark = pytest.mark.usefixtures("app")


def test_an_invited_influencer_reads_a_private_campaign_and_no_other_does():
    world = make_world(visibility="private")
    invited, stranger = SignedIn(world.influencer), SignedIn(make_influencer())
    path = f"/influencer/campaigns/{world.campaign.id}"
    assert invited.get(path).status_code == 404
    ad_request = propose(world)
    read = invited.get(path)
    assert read.status_code == 200
    assert read.json["ad_request"] == {
        "id": ad_request.id,
        "status": "proposed",
        "live": True,
    }
    assert stranger.get(path).status_code == 404
    assert invited.get("/influencer/campaigns").json["items"] == []


def test_who_has_a_live_ad_request_cannot_apply_again_until_it_ended():
    world = make_world()
    client = SignedIn(world.influencer)
    path = f"/influencer/campaigns/{world.campaign.id}"
    assert client.get(path).json["ad_request"] is None
    assert client.get(path).json["actions"] == ["apply"]
    ad_request_id = propose(world, "application").id
    assert client.get(path).json["actions"] == []
    unit_of_work(lambda: ad_requests.withdraw(world.influencer.actor, ad_request_id=ad_request_id))
    again = client.get(path).json
    assert again["ad_request"]["live"] is False
    assert again["actions"] == ["apply"]
