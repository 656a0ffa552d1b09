"""What flags do to a campaign."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from app.audit.models import AuditEntry
from app.campaigns import service
from app.campaigns.errors import CampaignClosed
from app.campaigns.models import Campaign
from app.core.actor import SYSTEM
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.transaction import unit_of_work
from tests.factories.campaigns import make_campaign, reload
from tests.factories.identity import SignedIn, make_admin, make_sponsor

pytestmark = pytest.mark.usefixtures("app")


def put(campaign: Campaign, *, hidden: bool = False, suspended: bool = False) -> None:
    unit_of_work(
        lambda: service.set_effects(
            SYSTEM, campaign_id=campaign.id, hidden=hidden, suspended=suspended
        )
    )


def listed(client: FlaskClient) -> list[Any]:
    answer: Any = client.get("/api/v1/public/campaigns").json
    return list(answer["items"])


@pytest.mark.parametrize("effect", ["hidden", "suspended"])
def test_a_flagged_campaign_leaves_the_public_and_comes_back(client: FlaskClient, effect: str):
    campaign = make_campaign(make_sponsor())
    assert len(listed(client)) == 1
    put(campaign, **{effect: True})
    assert listed(client) == []
    assert client.get(f"/api/v1/public/campaigns/{campaign.id}").status_code == 404
    admin = SignedIn(make_admin())
    assert len(admin.get("/admin/campaigns?flagged=true").json["items"]) == 1
    put(campaign)
    assert len(listed(client)) == 1
    assert admin.get("/admin/campaigns?flagged=true").json["items"] == []


def test_a_suspended_campaign_takes_no_proposals_and_its_owner_still_reads_it():
    sponsor = make_sponsor()
    campaign = make_campaign(sponsor)
    service.require_open_for_proposals(reload(campaign))
    put(campaign, suspended=True)
    with pytest.raises(CampaignClosed):
        service.require_open_for_proposals(reload(campaign))
    read = SignedIn(sponsor).get(f"/sponsor/campaigns/{campaign.id}")
    assert (read.status_code, read.json["suspended"]) == (200, True)
    assert "invite" not in read.json["actions"]


def test_a_hidden_campaign_goes_on_with_those_who_have_it():
    campaign = make_campaign(make_sponsor())
    put(campaign, hidden=True)
    service.require_open_for_proposals(reload(campaign))


@pytest.mark.parametrize("status", ["draft", "paused", "completed", "archived"])
def test_a_campaign_that_is_not_published_takes_no_proposals(status: str):
    campaign = make_campaign(make_sponsor(), status)
    with pytest.raises(CampaignClosed) as refused:
        service.require_open_for_proposals(reload(campaign))
    assert refused.value.type == "campaign-closed"
    assert refused.value.extra["state"] == status


def test_effects_stand_in_the_audit_trail():
    campaign = make_campaign(make_sponsor())
    put(campaign, hidden=True)
    entry = db.session.query(AuditEntry).filter_by(action="campaign.effects").one()
    assert entry.data == {"hidden": True, "suspended": False, "flagged": True}


def test_a_campaign_that_is_not_there_has_no_effects():
    with pytest.raises(NotFound):
        unit_of_work(
            lambda: service.set_effects(SYSTEM, campaign_id="cmp_x", hidden=True, suspended=False)
        )
