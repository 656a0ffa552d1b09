"""A lively small world: people one can sign in as, and agreements in every state.

Everything is done through the services, at the hour at which it would have happened, so that
histories, deadlines and the ledger are those of a platform in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select, update

from app.brands import service as brands
from app.cli.collect import import_instagram
from app.cli.demo.campaigns import make_campaigns
from app.cli.demo.dashboards import make_dashboard
from app.cli.demo.money import deposit, move_money
from app.cli.demo.people import (
    ADMIN,
    INFLUENCERS,
    PASSWORD,
    SPONSORS,
    DemoInfluencer,
    DemoSponsor,
)
from app.cli.demo.stories import ago
from app.cli.demo.traffic import open_shop
from app.core.actor import Actor, Role
from app.core.clock import now
from app.core.extensions import db
from app.core.jobs import Job, JobStatus
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity import passwords, profiles
from app.identity import service as identity
from app.identity.account_import import store_accounts
from app.identity.models import Platform, User
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
    make_campaigns(people.admin, people.sponsors, people.influencers)
    move_money(people.admin, people.sponsors[SPONSORS[0].key], people.influencers)
    make_dashboard(people.sponsors[SPONSORS[0].key])
    unit_of_work(_let_jobs_wait_from_now)


def _let_jobs_wait_from_now() -> None:
    # They were asked for in the made past; nobody kept them waiting since.
    moment = now()
    db.session.execute(
        update(Job)
        .where(Job.status == JobStatus.QUEUED, Job.run_after < moment)
        .values(run_after=moment)
    )


@dataclass(frozen=True)
class _People:
    admin: Actor
    sponsors: dict[str, Actor]
    influencers: dict[str, Actor]


def _people(password_hash: str, say: Callable[[str], None]) -> _People:
    say("people")
    with ago(days=120):
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
    with ago(days=sponsor.days_ago):
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
    with ago(days=sponsor.days_ago - 1):
        unit_of_work(lambda: identity.decide_registration(admin, user_id=user.id, approve=True))
    actor = _actor(user.id)
    with ago(days=sponsor.days_ago - 2):
        unit_of_work(lambda: _make_brand(actor, sponsor))
        unit_of_work(lambda: open_shop(actor, sponsor.site))
    for days_ago, amount in sponsor.deposits:
        with ago(days=days_ago):
            deposit(actor, Money(amount, sponsor.currency), "sandbox")
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


def _influencer(person: DemoInfluencer, password_hash: str) -> Actor:
    with ago(days=person.days_ago):
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
