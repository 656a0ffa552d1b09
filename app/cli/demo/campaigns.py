"""The campaigns of the demo, from their making to the present moment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from app.ad_requests import deadlines
from app.ad_requests.figures import CONFIRM_HOURS, OFFER_HOURS, REVIEW_HOURS
from app.brands.models import Brand, Product
from app.campaigns import moves
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.cli.demo.plans import CAMPAIGNS
from app.cli.demo.stories import DemoCampaign, Story, ago
from app.cli.demo.traffic import make_traffic, shop_of
from app.core.actor import SYSTEM, Actor
from app.core.clock import now
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.payments import service as payments

LONGEST_AGO = max(plan.days_ago for plan in CAMPAIGNS)
PATIENCE_HOURS = 240


def make_campaigns(
    admin: Actor, sponsors: Mapping[str, Actor], influencers: Mapping[str, Actor]
) -> None:
    """Make every campaign with what became of it, up to the present moment."""
    with _patience():
        for plan in CAMPAIGNS:
            _tell(plan, admin, sponsors[plan.sponsor], influencers)
    make_traffic(sponsors)
    _let_time_pass()


def _tell(
    plan: DemoCampaign, admin: Actor, sponsor: Actor, influencers: Mapping[str, Actor]
) -> None:
    campaign = _campaign(sponsor, plan)
    for story in plan.stories:
        Story(admin, influencers, sponsor, campaign, plan).tell(*story)
    for event, days_ago in plan.afterwards:
        with ago(days=days_ago):
            unit_of_work(partial(_end, sponsor, campaign.id, event))


@contextmanager
def _patience() -> Iterator[None]:
    """Let what is open wait longer than usual: who looks at the demo some days later still finds
    offers to answer and drafts to review. A deadline stands as it was when its state began."""
    options = (OFFER_HOURS, REVIEW_HOURS, CONFIRM_HOURS)
    usual = [option.get() for option in options]
    db.session.rollback()

    def put(hours: list[int]) -> None:
        for option, value in zip(options, hours, strict=True):
            option.set(SYSTEM, value)

    unit_of_work(lambda: put([PATIENCE_HOURS] * len(options)))
    try:
        yield
    finally:
        unit_of_work(lambda: put(usual))


def _let_time_pass() -> None:
    """Do what the deadline jobs would have done meanwhile, so that the first tick finds nothing."""
    for half_days in range(2 * LONGEST_AGO, -1, -1):
        with ago(days=half_days / 2):
            deadlines.enforce()
            payments.mature_due()


def _campaign(sponsor: Actor, plan: DemoCampaign) -> Campaign:
    with ago(days=plan.days_ago):
        today = now().date()
        starts_on = today + timedelta(days=plan.starts_in)
        ends_on = today + timedelta(days=plan.ends_in)
        campaign = unit_of_work(
            lambda: campaigns.create(
                sponsor,
                title=plan.title,
                description=plan.description,
                goals=plan.goals,
                niches=list(plan.niches),
                visibility=plan.visibility,
                budget=Money(plan.budget, "EUR"),
                fee_from=Money(plan.fees[0], "EUR"),
                fee_to=Money(plan.fees[1], "EUR"),
                starts_on=starts_on,
                ends_on=ends_on,
                phases=_phases(plan, starts_on, ends_on),
                usage_rights="Organic use on our own channels, 6 months.",
                disclosure_rule="Say that it is an advertisement in the first line.",
                hold_days=7,
                influencers_wanted=plan.wanted,
                product_url=shop_of(sponsor) if plan.shop else "",
                **_advertised(sponsor, plan),
            )
        )
    if plan.published:
        with ago(days=plan.days_ago - 1):
            unit_of_work(lambda: _end(sponsor, campaign.id, "publish"))
    return campaign


def _advertised(sponsor: Actor, plan: DemoCampaign) -> dict[str, Any]:
    """The brand and the products that a campaign names."""
    if not plan.products:
        return {}
    rows = db.session.execute(
        select(Product.id, Product.brand_id)
        .join(Brand, Brand.id == Product.brand_id)
        .where(Brand.sponsor_id == sponsor.sponsor_id, Product.name.in_(plan.products))
    ).all()
    return {"brand_id": rows[0].brand_id, "product_ids": [row.id for row in rows]}


def _phases(plan: DemoCampaign, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    length = (ends_on - starts_on).days + 1
    each = length // max(1, len(plan.phases))
    phases = []
    for index, name in enumerate(plan.phases):
        first = starts_on + timedelta(days=index * each)
        last = ends_on if index == len(plan.phases) - 1 else first + timedelta(days=each - 1)
        phases.append({"name": name, "starts_on": first, "ends_on": last})
    return phases


def _end(actor: Actor, campaign_id: str, event: str) -> None:
    campaign = campaigns.get_for(actor, campaign_id, lock=True)
    getattr(moves, event)(actor, campaign)
