"""The counters of a campaign: what agreements commit, give back and spend."""

from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy.exc import IntegrityError

from app.campaigns import service
from app.campaigns.budget import CounterMismatch
from app.campaigns.errors import CampaignClosed, OverBudget
from app.campaigns.models import Campaign
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from tests.factories.campaigns import make_campaign, reload
from tests.factories.identity import make_sponsor
from tests.services.contention import contend

pytestmark = pytest.mark.usefixtures("app")


def figures(campaign: Campaign) -> tuple[int, int]:
    found = reload(campaign)
    return found.committed_amount, found.spent_amount


def test_the_whole_budget_can_be_committed_and_not_one_unit_more():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))
    unit_of_work(lambda: service.commit_budget(campaign.id, 400))
    unit_of_work(lambda: service.commit_budget(campaign.id, 600))
    with pytest.raises(OverBudget) as refused:
        unit_of_work(lambda: service.commit_budget(campaign.id, 1))
    assert refused.value.extra["free"] == {"amount": 0, "currency": "EUR"}
    assert figures(campaign) == (1000, 0)


def test_what_is_given_back_can_be_committed_again():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))
    unit_of_work(lambda: service.commit_budget(campaign.id, 1000))
    unit_of_work(lambda: service.release_budget(campaign.id, 300))
    unit_of_work(lambda: service.commit_budget(campaign.id, 300))
    assert figures(campaign) == (1000, 0)


def test_spending_counts_within_what_is_committed():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))
    unit_of_work(lambda: service.commit_budget(campaign.id, 500))
    unit_of_work(lambda: service.record_spend(campaign.id, 500))
    assert figures(campaign) == (500, 500)
    with pytest.raises(CounterMismatch):
        unit_of_work(lambda: service.record_spend(campaign.id, 1))
    with pytest.raises(CounterMismatch):
        unit_of_work(lambda: service.release_budget(campaign.id, 1))
    assert figures(campaign) == (500, 500)


def test_what_comes_back_after_its_release_is_neither_spent_nor_committed():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))
    unit_of_work(lambda: service.commit_budget(campaign.id, 500))
    unit_of_work(lambda: service.record_spend(campaign.id, 400))
    unit_of_work(lambda: service.reverse_spend(campaign.id, 150))
    assert figures(campaign) == (350, 250)
    with pytest.raises(CounterMismatch):
        unit_of_work(lambda: service.reverse_spend(campaign.id, 251))


@pytest.mark.parametrize("amount", [-1, True, 1.5, "1"])
def test_an_amount_is_a_whole_number_from_zero(amount: object):
    campaign = make_campaign(make_sponsor())
    for move in (
        service.commit_budget,
        service.release_budget,
        service.record_spend,
        service.reverse_spend,
    ):
        with pytest.raises(ValueError, match="whole number"):
            unit_of_work(lambda move=move: move(campaign.id, amount))


def test_a_campaign_that_is_not_there_has_no_budget():
    with pytest.raises(NotFound):
        unit_of_work(lambda: service.commit_budget("cmp_unknown", 1))


def test_a_loaded_row_shows_what_the_counters_moved_to():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))

    def work() -> tuple[Money, Money, int]:
        row = service.lock(campaign.id)
        service.commit_budget(campaign.id, 700)
        service.record_spend(campaign.id, 200)
        service.agreement_opened(campaign.id)
        return row.free, row.spent, row.open_agreements

    assert unit_of_work(work) == (Money(300, "EUR"), Money(200, "EUR"), 1)


def test_a_refused_unit_leaves_every_counter_as_it_was():
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))

    def work() -> None:
        service.commit_budget(campaign.id, 700)
        service.agreement_opened(campaign.id)
        service.commit_budget(campaign.id, 700)

    with pytest.raises(OverBudget):
        unit_of_work(work)
    assert figures(campaign) == (0, 0)
    assert reload(campaign).open_agreements == 0


@pytest.mark.parametrize("status", ["completed", "archived"])
def test_no_agreement_opens_once_the_campaign_is_over(status: str):
    campaign = make_campaign(make_sponsor(), status)
    with pytest.raises(CampaignClosed):
        unit_of_work(lambda: service.agreement_opened(campaign.id))


def test_no_more_agreements_close_than_opened():
    campaign = make_campaign(make_sponsor())
    with pytest.raises(CounterMismatch):
        unit_of_work(lambda: service.agreement_closed(campaign.id))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("committed_amount", 500_001),
        ("committed_amount", -1),
        ("spent_amount", 1),
        ("budget_amount", 0),
        ("open_agreements", -1),
        ("hold_days", 91),
    ],
)
def test_the_database_holds_the_bounds_by_itself(column: str, value: int):
    campaign = make_campaign(make_sponsor())

    def work() -> None:
        setattr(service.lock(campaign.id), column, value)
        db.session.flush()

    with pytest.raises(IntegrityError):
        unit_of_work(work)


@pytest.mark.process
def test_twenty_commitments_at_once_never_exceed_the_budget(environ: dict[str, str]):
    campaign = make_campaign(make_sponsor(), budget=Money(1000, "EUR"))
    outcomes = contend(
        environ,
        "tests.campaigns.contenders:commit_budget",
        {"campaign_id": campaign.id, "amount": 130},
        processes=4,
        times=5,
        threads=5,
    )
    assert Counter(map(str, outcomes)) == {"taken": 7, "{'refused': 'over-budget'}": 13}
    assert figures(campaign) == (910, 0)
