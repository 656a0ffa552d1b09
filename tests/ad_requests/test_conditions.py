"""What was agreed stays agreed, whatever becomes of the campaign's brief."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.ad_requests import content_approvals, live_check
from app.ad_requests.errors import TermsChanged
from app.ad_requests.figures import CONTENT_NEEDS_APPROVAL
from app.ad_requests.live_check_findings import CheckReason, Finding
from app.campaigns import service as campaigns
from app.core.actor import SYSTEM
from app.core.paging import PageRequest
from app.core.transaction import unit_of_work
from app.payments.fees import HOLD_DAYS
from tests.factories.ad_requests import (
    accept,
    advance,
    agree,
    counter,
    document,
    kept,
    make_world,
    propose,
    reload,
    wallet,
)

BRIEF = {
    "hold_days": 7,
    "time_zone": "Pacific/Honolulu",
    "disclosure_rule": "Say it first.",
    "disclosure_tags": ["#ad"],
    "attribution_touch": "first",
    "attribution_window_days": 14,
    "coupon_beats_link": False,
}
EDITED = {
    "hold_days": 90,
    "time_zone": "Pacific/Auckland",
    "disclosure_rule": "Say nothing.",
    "disclosure_tags": ["#paid", "#promo"],
    "attribution_touch": "last",
    "attribution_window_days": 1,
    "coupon_beats_link": True,
}


@pytest.fixture
def world(app):
    return make_world(**BRIEF)


def edit(world, **values):
    def work():
        campaign = campaigns.get_for(SYSTEM, world.campaign.id, lock=True)
        campaigns.edit(world.sponsor.actor, campaign, **(values or EDITED))

    kept(work)


def test_an_agreement_shows_what_held_at_its_acceptance(world):
    ad_request = agree(world)
    edit(world)

    for person in (world.sponsor, world.influencer, world.admin):
        found = document(person, ad_request)
        assert found["conditions"] == {"agreed": True, **BRIEF}
        for name in ("time_zone", "disclosure_rule", "disclosure_tags"):
            assert found["campaign"][name] == BRIEF[name]


def test_an_open_proposal_shows_what_would_hold(world):
    ad_request = propose(world)
    assert document(world.influencer, ad_request)["conditions"] == {"agreed": False, **BRIEF}
    edit(world)
    # The hold period stands in the offer; the next offer has the campaign's new one.
    kept = {**EDITED, "hold_days": BRIEF["hold_days"]}
    assert document(world.influencer, ad_request)["conditions"] == {"agreed": False, **kept}


def test_the_hold_period_is_that_of_the_acceptance(world):
    ad_request = agree(world)
    edit(world)
    part = advance(world, ad_request, "completed")

    assert part.hold_until - part.completed_at < timedelta(days=7, minutes=1)


def test_the_platforms_hold_period_is_kept_too(app):
    world = make_world(hold_days=None)
    ad_request = agree(world)
    before = document(world.influencer, ad_request)["conditions"]["hold_days"]
    unit_of_work(lambda: HOLD_DAYS.set(SYSTEM, before + 20))
    part = advance(world, ad_request, "completed")

    assert document(world.influencer, ad_request)["conditions"]["hold_days"] == before
    assert part.hold_until - part.completed_at < timedelta(days=before, minutes=1)


def test_deadlines_end_in_the_time_zone_of_the_acceptance(world):
    ad_request = agree(world)
    edit(world)
    part = advance(world, ad_request, "approved")

    # Midnight in Honolulu, the whole year round.
    assert (part.deadline.hour, part.deadline.minute) == (10, 0)


def test_a_post_is_looked_at_for_the_tags_that_were_agreed(world, monkeypatch):
    ad_request = agree(world)
    edit(world)
    part = advance(world, ad_request, "published")
    looked_for = []

    def look(url, tags):
        looked_for.append(tags)
        return Finding(None, CheckReason.BUSY)

    monkeypatch.setattr(live_check, "look", look)
    live_check.check(ad_request.id, part.id)

    assert looked_for == [["#ad"]]


def test_admins_look_at_drafts_by_the_rule_that_was_agreed(world):
    unit_of_work(lambda: CONTENT_NEEDS_APPROVAL.set(SYSTEM, True))
    ad_request = agree(world)
    advance(world, ad_request, "in_review")
    edit(world)

    [row] = content_approvals.waiting(PageRequest()).items
    assert row["disclosure_rule"] == BRIEF["disclosure_rule"]


def test_what_was_agreed_is_on_the_row(world):
    assert reload(propose(world)).conditions is None


@pytest.mark.parametrize(
    ("origin", "answerer"), [("invitation", "influencer"), ("application", "sponsor")]
)
def test_an_offer_from_before_an_edit_of_the_brief_cannot_be_accepted(world, origin, answerer):
    ad_request = propose(world, origin)
    person = world.side(answerer)
    assert "accept" in document(person, ad_request)["actions"]
    edit(world, attribution_window_days=1)
    before = wallet(world)

    with pytest.raises(TermsChanged):
        accept(world, ad_request, answerer)

    assert "accept" not in document(person, ad_request)["actions"]
    assert reload(ad_request).status == "proposed"
    assert wallet(world) == before


def test_a_new_offer_under_the_edited_brief_is_accepted(world):
    ad_request = propose(world)
    edit(world)
    counter(world, ad_request, "influencer")
    accept(world, ad_request, "sponsor")

    assert document(world.sponsor, ad_request)["conditions"] == {"agreed": True, **EDITED}


def test_an_edit_that_is_no_term_leaves_the_offer_acceptable(world):
    ad_request = propose(world)
    edit(world, title="Another title")

    assert accept(world, ad_request, "influencer").status == "active"


def test_a_sponsor_consents_to_the_brief_that_the_assignment_was_made_under(world):
    ad_request = propose(world, "assignment")
    edit(world)
    with pytest.raises(TermsChanged):
        accept(world, ad_request, "sponsor")
