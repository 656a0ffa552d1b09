"""A lively small world: people one can sign in as, and agreements in every state.

Everything is done through the services, at the hour at which it would have happened, so that
histories, deadlines and the ledger are those of a platform in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any, TypeVar

from sqlalchemy import select

from app.ad_requests import service as ad_requests
from app.ad_requests.models import AdRequest
from app.ad_requests.terms import Commission, DeliverableTerms, Terms
from app.brands import service as brands
from app.campaigns import moves
from app.campaigns import service as campaigns
from app.campaigns.models import Campaign
from app.cli.collect import import_instagram
from app.cli.demo_people import (
    ADMIN,
    CAMPAIGNS,
    INFLUENCERS,
    PASSWORD,
    SPONSORS,
    DemoCampaign,
    DemoInfluencer,
    DemoSponsor,
)
from app.core.actor import SYSTEM, Actor, Role
from app.core.clock import now, shifted
from app.core.extensions import db
from app.core.jobs import Job, run_job
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity import passwords, profiles
from app.identity import service as identity
from app.identity.account_import import store_accounts
from app.identity.models import Platform, User
from app.payments import service as payments
from config import ROOT

T = TypeVar("T")

REAL_ACCOUNTS = ROOT.parent / "shared" / "data" / "instagram-influencers" / "influencers.csv"


def is_seeded() -> bool:
    """Whether the demo world stands in the database already."""
    found = db.session.scalar(select(User.id).where(User.email == ADMIN.email))
    db.session.rollback()
    return found is not None


def seed(say: Callable[[str], None]) -> None:
    """Make the demo world; `say` hears what is being made."""
    password_hash = passwords.hash_password(PASSWORD)
    people = _people(password_hash, say)
    say(_published_accounts())
    say("campaigns and agreements")
    _campaigns(people)


@dataclass(frozen=True)
class _People:
    admin: Actor
    sponsors: dict[str, Actor]
    influencers: dict[str, Actor]


def _people(password_hash: str, say: Callable[[str], None]) -> _People:
    say("people")
    with _ago(days=120):
        admin = unit_of_work(
            lambda: identity.create_admin(
                email=ADMIN.email, password_hash=password_hash, name=ADMIN.name
            )
        )
    admin_actor = _actor(admin.id)
    sponsors = {sponsor.key: _sponsor(sponsor, admin_actor, password_hash) for sponsor in SPONSORS}
    influencers = {person.key: _influencer(person, password_hash) for person in INFLUENCERS}
    return _People(admin_actor, sponsors, influencers)


def _sponsor(sponsor: DemoSponsor, admin: Actor, password_hash: str) -> Actor:
    with _ago(days=sponsor.days_ago):
        user = unit_of_work(
            lambda: identity.register(
                email=sponsor.email,
                password_hash=password_hash,
                role=Role.SPONSOR,
                name=sponsor.person,
            )
        )
        unit_of_work(lambda: _fill_sponsor(user.id, sponsor))
    if not sponsor.approved:
        return _actor(user.id)
    with _ago(days=sponsor.days_ago - 1):
        unit_of_work(lambda: identity.decide_registration(admin, user_id=user.id, approve=True))
    actor = _actor(user.id)
    with _ago(days=sponsor.days_ago - 2):
        unit_of_work(lambda: _make_brand(actor, sponsor))
    for days_ago, amount in sponsor.deposits:
        with _ago(days=days_ago):
            _deposit(actor, Money(amount, sponsor.currency))
    return actor


def _fill_sponsor(user_id: str, sponsor: DemoSponsor) -> None:
    actor = _actor(user_id)
    row = profiles.sponsor_of(actor, lock=True)
    profiles.update_sponsor(
        actor,
        row,
        name=sponsor.name,
        industry=sponsor.industry,
        description=sponsor.description,
        site=sponsor.site,
        country=sponsor.country,
        currency=sponsor.currency,
        time_zone=sponsor.time_zone,
    )
    user = db.session.get_one(User, user_id)
    user.email_verified_at = now()
    user.time_zone = sponsor.time_zone
    db.session.flush()


def _make_brand(actor: Actor, sponsor: DemoSponsor) -> None:
    brand = brands.create(actor, name=sponsor.brand, site=sponsor.site)
    for name, path, price in sponsor.products:
        brands.add_product(
            actor,
            brand,
            name=name,
            url=f"{sponsor.site}{path}",
            price=Money(price, sponsor.currency),
        )


def _deposit(actor: Actor, amount: Money) -> None:
    unit_of_work(lambda: payments.deposit(actor, amount=amount, gateway="sandbox"))
    job_id = db.session.scalar(
        select(Job.id).where(Job.requested_by == actor.user_id).order_by(Job.created_at.desc())
    )
    db.session.rollback()
    if job_id is not None:
        run_job(job_id)


def _influencer(person: DemoInfluencer, password_hash: str) -> Actor:
    with _ago(days=person.days_ago):
        user = unit_of_work(
            lambda: identity.register(
                email=person.email,
                password_hash=password_hash,
                role=Role.INFLUENCER,
                name=person.name,
            )
        )
        actor = _actor(user.id)
        unit_of_work(lambda: _fill_influencer(actor, person))
    return actor


def _fill_influencer(actor: Actor, person: DemoInfluencer) -> None:
    row = profiles.influencer_of(actor, lock=True)
    profiles.update_influencer(
        actor,
        row,
        bio=person.bio,
        country=person.country,
        language=person.language,
        niches=list(person.niches),
        price=Money(person.price, "EUR"),
        available=person.available,
    )
    for platform, handle, followers, engagement in person.accounts:
        profiles.add_account(
            actor,
            platform=Platform(platform),
            handle=handle,
            url="",
            followers=followers,
            average_engagement=engagement,
        )
    user = db.session.get_one(User, actor.user_id)
    user.email_verified_at = now()
    db.session.flush()


def _published_accounts() -> str:
    if REAL_ACCOUNTS.is_file():
        _new, _changed, total = import_instagram(REAL_ACCOUNTS, "instagram-influencers", [])
        return f"{total} published Instagram accounts"
    made = [line for person in INFLUENCERS for line in person.lookalikes()]
    unit_of_work(lambda: store_accounts(made, source="self-made"))
    return f"{len(made)} self-made accounts (the published ones are not on this machine)"


def _campaigns(people: _People) -> None:
    for plan in CAMPAIGNS:
        sponsor = people.sponsors[plan.sponsor]
        campaign = _campaign(sponsor, plan)
        for story in plan.stories:
            _Story(people, sponsor, campaign, plan).tell(*story)
        for event, days_ago in plan.afterwards:
            with _ago(days=days_ago):
                unit_of_work(partial(_end, sponsor, campaign.id, event))


def _campaign(sponsor: Actor, plan: DemoCampaign) -> Campaign:
    with _ago(days=plan.days_ago):
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
            )
        )
    if plan.published:
        with _ago(days=plan.days_ago - 1):
            unit_of_work(lambda: _end(sponsor, campaign.id, "publish"))
    return campaign


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


class _Story:
    """What became of one influencer in one campaign, step by step towards today."""

    def __init__(
        self, people: _People, sponsor: Actor, campaign: Campaign, plan: DemoCampaign
    ) -> None:
        self.people, self.sponsor, self.campaign, self.plan = people, sponsor, campaign, plan
        self.influencer = SYSTEM
        self.row: AdRequest | None = None

    def tell(self, key: str, days_ago: float, fee: int, *steps: str) -> None:
        """Take `steps` from `days_ago` on, half a day apart; a number is a pause in days."""
        self.influencer = self.people.influencers[key]
        at = days_ago
        for step in steps:
            if step.replace(".", "").isdigit():
                at -= float(step)
                continue
            name, _, argument = step.partition(":")
            with _ago(days=at):
                unit_of_work(partial(getattr(self, name), fee, argument))
            at -= 0.4

    def invite(self, fee: int, message: str) -> None:
        self.row = ad_requests.invite(
            self.sponsor,
            campaign_id=self.campaign.id,
            influencer_id=self.influencer.influencer_id or "",
            offer=self._terms(fee, message),
        )

    def apply(self, fee: int, message: str) -> None:
        self.row = ad_requests.apply(
            self.influencer, campaign_id=self.campaign.id, offer=self._terms(fee, message)
        )

    def assign(self, fee: int, message: str) -> None:
        self.row = ad_requests.assign(
            self.people.admin,
            campaign_id=self.campaign.id,
            influencer_id=self.influencer.influencer_id or "",
            offer=self._terms(fee, message),
        )

    def raises(self, fee: int, message: str) -> None:
        self._counter(self.influencer, fee + fee // 5, message)

    def meets(self, fee: int, message: str) -> None:
        self._counter(self.sponsor, fee + fee // 8, message)

    def _counter(self, actor: Actor, fee: int, message: str) -> None:
        ad_requests.counter(actor, ad_request_id=self._id, offer=self._terms(fee, message))

    def accepts(self, _fee: int, by: str) -> None:
        row = ad_requests.get_for(self._by(by), self._id)
        current = max(row.offers, key=lambda offer: offer.number)
        ad_requests.accept(self._by(by), ad_request_id=self._id, offer_hash=current.hash)

    def rejects(self, _fee: int, by: str) -> None:
        ad_requests.reject(self._by(by), ad_request_id=self._id, reason="The dates do not fit.")

    def withdraws(self, _fee: int, by: str) -> None:
        ad_requests.withdraw(self._by(by), ad_request_id=self._id, reason="Another plan came up.")

    def submits(self, _fee: int, text: str) -> None:
        ad_requests.submit(
            self.influencer, ad_request_id=self._id, deliverable_id=self._next("due"), text=text
        )

    def wants_changes(self, _fee: int, note: str) -> None:
        ad_requests.request_changes(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("in_review"),
            note=note,
        )

    def approves(self, _fee: int, note: str) -> None:
        ad_requests.approve(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("in_review"),
            note=note or None,
        )

    def publishes(self, _fee: int, url: str) -> None:
        ad_requests.publish(
            self.influencer,
            ad_request_id=self._id,
            deliverable_id=self._next("approved"),
            url=f"https://www.instagram.com/p/{url}/",
        )

    def confirms(self, _fee: int, _argument: str) -> None:
        ad_requests.confirm(
            self.sponsor, ad_request_id=self._id, deliverable_id=self._next("published")
        )

    def disputes(self, _fee: int, reason: str) -> None:
        ad_requests.dispute(
            self.sponsor,
            ad_request_id=self._id,
            deliverable_id=self._next("published"),
            reason=reason,
        )

    def says(self, _fee: int, text: str) -> None:
        who, _, words = text.partition("|")
        ad_requests.post_message(self._by(who), ad_request_id=self._id, text=words)

    def rates(self, _fee: int, text: str) -> None:
        who, stars, words = text.split("|")
        ad_requests.rate(self._by(who), ad_request_id=self._id, stars=int(stars), text=words)

    @property
    def _id(self) -> str:
        assert self.row is not None
        return self.row.id

    def _by(self, who: str) -> Actor:
        return self.sponsor if who == "sponsor" else self.influencer

    def _next(self, status: str) -> str:
        row = ad_requests.get_for(self.sponsor, self._id)
        found = [item for item in row.deliverables if item.status.value == status]
        return sorted(found, key=lambda item: item.position)[0].id

    def _terms(self, fee: int, message: str) -> Terms:
        today = now().date()
        last = self.campaign.ends_on
        parts = self.plan.deliverables
        return Terms(
            fee=Money(fee, "EUR"),
            commission=Commission(basis_points=800, cap=Money(fee // 4 // 100 * 100, "EUR"))
            if self.plan.commission
            else None,
            deliverables=tuple(
                DeliverableTerms(
                    title=title,
                    share=share,
                    due_on=min(last, today + timedelta(days=7 * (index + 1))),
                    publish_by=min(last, today + timedelta(days=7 * (index + 1) + 5)),
                )
                for index, (title, share) in enumerate(parts)
            ),
            message=message,
        )


@contextmanager
def _ago(*, days: float) -> Iterator[None]:
    with shifted(timedelta(days=-days)):
        yield


def _actor(user_id: str) -> Actor:
    user = identity.get_user(user_id)
    membership = user.membership
    return Actor(
        role=user.role,
        user_id=user.id,
        status=user.status,
        sponsor_id=membership.sponsor_id if membership else None,
        member_role=membership.role if membership else None,
        influencer_id=user.influencer.id if user.influencer else None,
    )


def sign_ins() -> list[str]:
    """Three lines to sign in with, one a role."""
    return [
        f"  {label:11}{email:28}{PASSWORD}"
        for label, email in (
            ("sponsor", SPONSORS[0].email),
            ("influencer", INFLUENCERS[0].email),
            ("admin", ADMIN.email),
        )
    ]
