"""People with money: sponsors with a funded wallet, influencers with earnings."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from sqlalchemy import update

from app.core.actor import SYSTEM, Actor
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.payments import service
from app.payments.models import Deposit
from tests.factories import identity as people

_agreements = count(1)


@dataclass(frozen=True)
class Person:
    """A user, the sponsor or influencer behind it, and the actor that services take."""

    user_id: str
    email: str
    id: str
    actor: Actor


def sponsor() -> Person:
    """An approved sponsor with an empty wallet; the person is its owner."""
    person = people.make_sponsor()
    return _with_money(person, person.sponsor_id)


def influencer() -> Person:
    """An influencer without earnings."""
    person = people.make_influencer()
    return _with_money(person, person.influencer_id)


def admin() -> Person:
    """An admin."""
    person = people.make_admin()
    return _with_money(person, person.user_id)


def lives_in(person: Person, time_zone: str) -> None:
    """Set the person's time zone."""
    values = update(User).where(User.id == person.user_id).values(time_zone=time_zone)
    unit_of_work(lambda: db.session.execute(values))


def fund(person: Person, amount: int, currency: str = "EUR") -> Deposit:
    """Pay into a sponsor's wallet through the sandbox gateway, and let it settle."""
    deposit = unit_of_work(
        lambda: service.deposit(person.actor, amount=Money(amount, currency), gateway="sandbox")
    )
    service.open_deposit(deposit.id)
    return deposit


def earn(
    payer: Person, earner: Person, amount: int, currency: str = "EUR", *, hold_days: int = 0
) -> str:
    """Let an influencer earn money of a sponsor; returns the reference of the agreement."""
    fund(payer, amount, currency)
    return spend(payer, earner, amount, currency, hold_days=hold_days)


def spend(
    payer: Person, earner: Person, amount: int, currency: str = "EUR", *, hold_days: int = 0
) -> str:
    """`earn` of what is in the sponsor's wallet already."""
    reference = f"adr_{next(_agreements)}"
    unit_of_work(
        lambda: service.hold(
            payer.actor,
            reference=reference,
            sponsor_id=payer.id,
            currency=currency,
            fee=amount,
            commission_cap=0,
            platform_fee=0,
        )
    )
    unit_of_work(
        lambda: service.release(
            SYSTEM,
            reference=reference,
            milestone="all",
            influencer_id=earner.id,
            amount=amount,
            hold_days=hold_days,
        )
    )
    return reference


def _with_money(person: people.Person, own_id: str | None) -> Person:
    assert own_id is not None
    return Person(person.user_id, person.email, own_id, person.actor)
