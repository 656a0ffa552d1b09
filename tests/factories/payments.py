"""People with money: sponsors with a funded wallet, influencers with earnings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import count

from flask.testing import FlaskClient

from app.core.actor import SYSTEM, Actor, Role
from app.core.extensions import db
from app.core.money import Money
from app.core.transaction import unit_of_work
from app.identity import passwords
from app.identity import service as identity
from app.identity.lifecycle import USER, UserEvent
from app.identity.models import User
from app.payments import service
from app.payments.models import Deposit

PASSWORD = "correct-horse-battery"
_numbers = count(1)


@cache
def _password_hash() -> str:
    return passwords.hash_password(PASSWORD)


@dataclass(frozen=True)
class Person:
    """A user, the sponsor or influencer behind it, and the actor that services take."""

    user_id: str
    email: str
    id: str
    actor: Actor


def sponsor() -> Person:
    """An approved sponsor with an empty wallet; the person is its owner."""
    person = _register(Role.SPONSOR)
    unit_of_work(
        lambda: USER.move(db.session.get_one(User, person.user_id), SYSTEM, UserEvent.APPROVE)
    )
    return person


def influencer() -> Person:
    """An influencer without earnings."""
    return _register(Role.INFLUENCER)


def admin() -> Person:
    """An admin."""
    email = f"admin-{next(_numbers)}@accord.test"
    user = unit_of_work(lambda: identity.create_admin(email=email, password_hash=_password_hash()))
    actor = Actor(role=Role.ADMIN, user_id=user.id)
    return Person(user.id, email, user.id, actor)


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
    reference = f"adr_{next(_numbers)}"
    fund(payer, amount, currency)
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


def bearer(client: FlaskClient, person: Person) -> dict[str, str]:
    """The header of a fresh sign-in."""
    answer = client.post(
        "/api/v1/auth/login",
        json={"email": person.email, "password": PASSWORD, "transport": "header"},
    )
    assert answer.status_code == 200, answer.text
    assert answer.json is not None
    return {"Authorization": f"Bearer {answer.json['access_token']}"}


def _register(role: Role) -> Person:
    email = f"{role.value}-{next(_numbers)}@accord.test"

    def work() -> Person:
        user = identity.register(
            email=email, password_hash=_password_hash(), role=role, name=f"The {role.value}"
        )
        user = identity.get_user(user.id)
        if role is Role.SPONSOR:
            assert user.membership is not None
            actor = Actor(
                role=role,
                user_id=user.id,
                sponsor_id=user.membership.sponsor_id,
                member_role=user.membership.role,
            )
            return Person(user.id, email, user.membership.sponsor_id, actor)
        assert user.influencer is not None
        actor = Actor(role=role, user_id=user.id, influencer_id=user.influencer.id)
        return Person(user.id, email, user.influencer.id, actor)

    return unit_of_work(work)
