"""Making and accepting offers: which one, by whom, with what money."""

from __future__ import annotations

from functools import partial

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from app.ad_requests import campaign_changes, service
from app.ad_requests.events import ApplicantToldOfTerms
from app.ad_requests.models import AdRequest, Offer
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.core import events
from app.core.actor import SYSTEM, MemberRole, Role
from app.core.errors import Conflict, Invalid
from app.core.extensions import db
from app.core.jobs import Job, JobStatus, run_job
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.errors import AccountBarred
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.payments import service as payments
from app.payments.fees import HOLD_DAYS, PLATFORM_FEE_PERCENT
from app.payments.models import Transfer
from tests.factories.ad_requests import (
    World,
    accept,
    advance,
    agree,
    counter,
    current_hash,
    document,
    make_terms,
    make_world,
    propose,
    reload,
    wallet,
)
from tests.factories.campaigns import make_campaign
from tests.factories.identity import SignedIn, make_influencer, make_member
from tests.factories.payments import fund


@pytest.fixture
def world(app):
    return make_world()


def problem_of(act) -> str:
    with pytest.raises(Conflict) as raised:
        unit_of_work(act)
    return raised.value.type


def try_accept(world, made, by, offer_hash=None):
    actor, wanted = world.side(by).actor, offer_hash or current_hash(made)
    return problem_of(lambda: service.accept(actor, ad_request_id=made.id, offer_hash=wanted))


def suspend(person):
    def work():
        USER.move(db.session.get_one(User, person.user_id), SYSTEM, UserEvent.SUSPEND)

    unit_of_work(work)


# --- which offer --------------------------------------------------------------------------------


def test_an_offer_that_is_no_longer_current_cannot_be_accepted(world):
    made = propose(world)
    seen = current_hash(made)
    counter(world, made, "sponsor", fee=50_000)

    assert try_accept(world, made, "influencer", seen) == "stale-offer"
    assert try_accept(world, made, "influencer", "0" * 64) == "stale-offer"
    assert reload(made).status.value == "negotiating"
    assert payments.escrow_balance(made.id) == 0


def test_nobody_accepts_their_own_offer(world):
    assert try_accept(world, propose(world), "sponsor") == "own-offer"


def test_both_accept_the_same_hash(world):
    made = propose(world)
    counter(world, made, "influencer", fee=130_000)
    offer_hash = current_hash(made)

    accepted = reload(accept(world, made, "sponsor"))

    assert accepted.fee_amount == 130_000
    agreed = next(offer for offer in accepted.offers if offer.id == accepted.accepted_offer_id)
    assert agreed.hash == offer_hash


def test_a_negotiation_ends_after_fifty_offers(world, monkeypatch):
    monkeypatch.setattr("app.ad_requests.offers.MOST_OFFERS", 2)
    made = propose(world)
    counter(world, made, "influencer")
    assert (
        problem_of(
            lambda: service.counter(world.sponsor.actor, ad_request_id=made.id, offer=make_terms())
        )
        == "too-many-offers"
    )


def test_a_replaced_offer_waits_for_the_other_side_again(world):
    made = propose(world, "application")
    revised = counter(world, made, "influencer", fee=80_000)
    assert (revised.waits_for_sponsor, revised.waits_for_influencer) == (True, False)
    assert accept(world, made, "sponsor").fee_amount == 80_000


# --- offers are for good ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE offers SET fee_amount = 1",
        "UPDATE offers SET hash = 'x'",
        "DELETE FROM offers",
    ],
)
def test_the_database_refuses_to_change_an_offer(world, statement):
    made = propose(world)
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(lambda: db.session.execute(text(statement)))
    assert reload(made).offers[0].fee_amount == 100_000


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_replacing_an_offer_does_not_get_around_it(world):
    propose(world)
    statement = text("INSERT OR REPLACE INTO offers SELECT * FROM offers")
    with pytest.raises(DBAPIError, match="append-only"):
        unit_of_work(lambda: db.session.execute(statement))


# --- money --------------------------------------------------------------------------------------


def test_an_offer_over_the_budget_cannot_be_accepted(app):
    world = make_world(budget=Money(99_999, "EUR"))
    made = propose(world)
    assert try_accept(world, made, "influencer") == "over-budget"
    assert reload(made).status.value == "proposed"
    assert wallet(world) == 1_000_000


def test_the_cap_counts_against_the_budget_and_the_platforms_fee_does_not(app):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 10.0))
    world = make_world(budget=Money(120_000, "EUR"))
    made = agree(world, cap=20_000)
    assert reload(made).held_amount == 130_000
    assert campaigns.get_for(SYSTEM, world.campaign.id).committed_amount == 120_000
    assert wallet(world) == 870_000


def test_both_see_the_platforms_fee_of_the_current_offer_before_they_accept(app):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 7.5))
    world = make_world()
    made = propose(world)
    for fee, expected in ((100_000, 7_500), (60_000, 4_500)):
        if fee != 100_000:
            counter(world, made, "influencer", fee=fee)
        for side in ("sponsor", "influencer"):
            money = document(world.side(side), made)["money"]
            assert money["platform_fee"] == {"amount": expected, "currency": "EUR"}
            assert money["committed"]["amount"] == 0
    accept(world, made, "sponsor")
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 20.0))
    agreed = document(world.sponsor, made)["money"]
    assert (agreed["platform_fee"]["amount"], agreed["committed"]["amount"]) == (4_500, 64_500)


def test_what_an_admin_changes_changes_no_offer_that_is_open(app):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 7.5))
    world = make_world()
    made = propose(world)
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 30.0))
    unit_of_work(lambda: HOLD_DAYS.set(SYSTEM, 90))
    shown = document(world.influencer, made)
    assert shown["money"]["platform_fee"]["amount"] == 7_500
    assert shown["conditions"]["hold_days"] == 7
    agreed = accept(world, made, "influencer")
    assert (agreed.platform_fee_amount, agreed.held_amount) == (7_500, 107_500)
    assert (agreed.conditions or {}).get("hold_days") == 7
    # The next offer is made under the new figures.
    second = propose(World(world.sponsor, make_influencer(), world.admin, world.campaign))
    assert document(world.sponsor, second)["money"]["platform_fee"]["amount"] == 30_000


def test_what_other_agreements_have_committed_is_not_free(app):
    world = make_world(budget=Money(150_000, "EUR"))
    agree(world)
    second = unit_of_work(
        lambda: service.invite(
            world.sponsor.actor,
            campaign_id=world.campaign.id,
            influencer_id=make_influencer().influencer_id,
            offer=make_terms(50_001),
        )
    )
    other = reload(second)
    actor = make_actor_of(other)
    assert (
        problem_of(
            lambda: service.accept(actor, ad_request_id=second.id, offer_hash=current_hash(second))
        )
        == "over-budget"
    )


def make_actor_of(ad_request: AdRequest):
    from app.core.actor import Actor

    return Actor(role=Role.INFLUENCER, user_id="usr_x", influencer_id=ad_request.influencer_id)


def test_without_the_funds_acceptance_changes_nothing(app):
    world = make_world(funds=99_999)
    made = propose(world)
    before = db.session.scalar(select(func.count()).select_from(Transfer))

    assert try_accept(world, made, "influencer") == "insufficient-funds"

    now_ = reload(made)
    campaign = campaigns.get_for(SYSTEM, world.campaign.id)
    assert (now_.status.value, now_.held_amount, now_.deliverables) == ("proposed", 0, [])
    assert (campaign.committed_amount, campaign.open_agreements) == (0, 0)
    assert db.session.scalar(select(func.count()).select_from(Transfer)) == before
    assert wallet(world) == 99_999

    fund(world.sponsor, 1)
    assert accept(world, made, "influencer").status.value == "active"


def test_the_amounts_of_deliverables_and_fees_sum_exactly(app):
    unit_of_work(lambda: PLATFORM_FEE_PERCENT.set(SYSTEM, 7.5))
    world = make_world()
    made = reload(agree(world, fee=100_001, parts=(("A", 33, 5), ("B", 33, 6), ("C", 34, 7))))
    assert sum(part.amount for part in made.deliverables) == 100_001
    assert made.platform_fee_amount == 7_500
    assert sum(part.platform_fee_amount for part in made.deliverables) == 7_500


# --- who ----------------------------------------------------------------------------------------


def test_only_one_ad_request_between_a_campaign_and_an_influencer_is_live(world):
    made = propose(world)
    assert (
        problem_of(
            lambda: service.apply(
                world.influencer.actor, campaign_id=world.campaign.id, offer=make_terms()
            )
        )
        == "already-live"
    )
    unit_of_work(lambda: service.withdraw(world.sponsor.actor, ad_request_id=made.id))
    propose(world, "application")


def test_the_database_itself_keeps_a_second_live_one_out(world):
    made = propose(world)

    def work():
        row = db.session.get_one(AdRequest, made.id)
        values = {
            column.name: getattr(row, column.name)
            for column in AdRequest.__table__.columns
            if column.name != "id"
        }
        db.session.add(AdRequest(**values))
        db.session.flush()

    with pytest.raises(DBAPIError):
        unit_of_work(work)


@pytest.mark.parametrize("by", ["sponsor", "influencer"])
def test_nothing_is_agreed_with_a_suspended_counterparty(world, by):
    made = propose(world, "application" if by == "sponsor" else "invitation")
    other = world.influencer if by == "sponsor" else world.sponsor
    suspend(other)
    assert try_accept(world, made, by) == "counterparty-suspended"
    actor = world.side(by).actor
    unit_of_work(lambda: service.reject(actor, ad_request_id=made.id))


def test_a_member_agrees_to_nothing_for_a_suspended_owner(world):
    manager = make_member(world.sponsor, MemberRole.MANAGER)
    made = propose(world, "application")
    suspend(world.sponsor)
    body = {"offer_hash": current_hash(made)}
    path = f"/sponsor/ad-requests/{made.id}/accept"
    assert SignedIn(manager).post(path, body).json["type"] == "team-suspended"
    with pytest.raises(Conflict) as raised:
        propose(type(world)(manager, make_influencer(), world.admin, world.campaign))
    assert raised.value.type == "team-suspended"
    make_member(world.sponsor, MemberRole.OWNER)
    assert SignedIn(manager).post(path, body).status_code == 200


@pytest.mark.parametrize("event", [UserEvent.CLOSE, UserEvent.SUSPEND])
def test_who_was_barred_after_the_door_binds_themselves_to_nothing(world, event):
    answered = propose(world)
    other = type(world)(world.sponsor, make_influencer(), world.admin, world.campaign)

    def bar(person):
        unit_of_work(lambda: USER.move(db.session.get_one(User, person.user_id), SYSTEM, event))
        db.session.expunge_all()

    for person in (world.influencer, other.influencer):
        bar(person)
    # The actors are as they were told apart before.
    for act in (
        lambda: accept(world, answered, "influencer"),
        lambda: counter(world, answered, "influencer"),
        lambda: propose(other, "application"),
    ):
        with pytest.raises(AccountBarred):
            act()
    bar(world.sponsor)
    third = type(world)(world.sponsor, make_influencer(), world.admin, world.campaign)
    with pytest.raises(AccountBarred):
        propose(third)
    assert reload(answered).status == "proposed"


def test_a_suspended_influencer_is_not_invited(world):
    suspend(world.influencer)
    with pytest.raises(Conflict) as raised:
        propose(world)
    assert raised.value.type == "counterparty-suspended"


def test_a_profile_that_nobody_registered_is_not_invited(world):
    from app.identity.models import Influencer

    def work():
        profile = Influencer(slug="nobody", name="Nobody")
        db.session.add(profile)
        db.session.flush()
        return profile.id

    profile_id = unit_of_work(work)
    assert (
        problem_of(
            lambda: service.invite(
                world.sponsor.actor,
                campaign_id=world.campaign.id,
                influencer_id=profile_id,
                offer=make_terms(),
            )
        )
        == "influencer-not-registered"
    )


def test_an_offer_is_in_the_campaigns_currency(world):
    with pytest.raises(Invalid) as raised:
        propose(world, currency="USD")
    assert set(raised.value.errors) == {"offer.fee.currency"}


# --- campaigns ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["draft", "paused", "completed"])
@pytest.mark.parametrize("origin", ["invitation", "assignment"])
def test_a_campaign_that_does_not_run_takes_no_proposals(app, status, origin):
    world = make_world()
    closed = make_campaign(world.sponsor, status)
    other = type(world)(world.sponsor, world.influencer, world.admin, closed)
    with pytest.raises(Conflict) as raised:
        propose(other, origin)
    assert raised.value.type == "campaign-closed"


def move_campaign(world, name, **values):
    from app.campaigns import moves

    def work():
        campaign = campaigns.get_for(SYSTEM, world.campaign.id, lock=True)
        if name == "edit":
            campaigns.edit(world.sponsor.actor, campaign, **values)
        else:
            getattr(moves, name)(world.sponsor.actor, campaign)

    unit_of_work(work)


def test_pausing_stops_new_proposals_and_lets_open_ones_go_on(world):
    made = propose(world)
    move_campaign(world, "pause")
    assert accept(world, made, "influencer").status.value == "active"


@pytest.mark.parametrize("how", ["complete", "archive"])
def test_open_proposals_end_with_their_campaign(world, how):
    made = propose(world)
    answer = SignedIn(world.sponsor).post(f"/sponsor/campaigns/{world.campaign.id}/{how}", {})
    assert answer.status_code == 200, answer.text
    ended = reload(made)
    assert (ended.status.value, ended.closing_reason) == ("expired", "The campaign has ended.")


def test_a_campaign_with_an_active_agreement_cannot_end(world):
    agree(world)
    with pytest.raises(Conflict) as raised:
        move_campaign(world, "complete")
    assert raised.value.type == "open-agreements"


@pytest.fixture
def heard(app, monkeypatch):
    """Which ad requests were told of new terms, in order."""
    told: list[str] = []
    monkeypatch.setitem(
        events._handlers, ApplicantToldOfTerms, [lambda fact: told.append(fact.ad_request_id)]
    )
    return told


def tell_of_new_terms():
    """Do the jobs that tell, and those that they make; returns how many there were."""
    done = 0
    waiting = select(Job.id).where(
        Job.name == "ad_requests.tell_of_new_terms", Job.status == JobStatus.QUEUED
    )
    while ids := db.session.scalars(waiting).all():
        db.session.rollback()
        for job_id in ids:
            assert run_job(job_id)
        done += len(ids)
    db.session.rollback()
    return done


def test_an_edit_of_terms_tells_applicants_and_leaves_accepted_offers_alone(world, heard):
    active = agree(world)
    other = type(world)(world.sponsor, make_influencer(), world.admin, world.campaign)
    waiting = propose(other, "application")
    before = reload(active).offers[0].hash

    move_campaign(world, "edit", description="Now with tea.")
    assert heard == []  # not while the sponsor waits
    tell_of_new_terms()

    assert heard == [waiting.id]
    assert reload(active).offers[0].hash == before
    offer = reload(waiting).offers[0]
    assert (
        offer.campaign_terms_version < db.session.get_one(Campaign, world.campaign.id).terms_version
    )


def test_many_are_told_of_new_terms_in_batches_once_each(world, heard, monkeypatch):
    batches_of_two = partial(campaign_changes.tell_of_new_terms, limit=2)
    monkeypatch.setattr(service, "tell_of_new_terms", batches_of_two)
    open_ones = []
    for _ in range(3):
        other = type(world)(world.sponsor, make_influencer(), world.admin, world.campaign)
        open_ones.append(propose(other, "application").id)

    move_campaign(world, "edit", description="Now with tea.")
    move_campaign(world, "edit", description="Now with more tea.")
    late = type(world)(world.sponsor, make_influencer(), world.admin, world.campaign)
    propose(late, "application")  # knows them

    assert tell_of_new_terms() == 3  # the overtaken one, and two batches
    assert heard == sorted(open_ones)


def test_a_counter_after_a_completed_agreement_needs_a_new_ad_request(world):
    made = agree(world)
    advance(world, made, "completed")
    assert propose(world).id != made.id
    assert db.session.scalar(select(func.count()).select_from(Offer)) == 2
