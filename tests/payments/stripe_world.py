"""An instance that uses the fake Stripe, and what the tests ask of both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.core.transaction import unit_of_work
from app.payments import payout_details, service
from app.payments.payout_models import PayoutMethod
from config import Settings
from tests.factories import payments as make
from tests.factories.payments import Person
from tests.payments import stripe_fake, wire
from tests.payments.stripe_fake import StripeFake, signed

EVENTS = "/api/v1/public/gateways/stripe/events"
ACCOUNT = "acct_1SWaccLkdIwHu7ix"


@pytest.fixture(scope="session")
def _stripe_server() -> Iterator[StripeFake]:
    fake = StripeFake()
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def stripe_api(_stripe_server: StripeFake) -> StripeFake:
    """The fake Stripe, with nothing in it."""
    _stripe_server.reset()
    return _stripe_server


def with_stripe(settings: Settings, fake: StripeFake) -> Settings:
    """The settings of an instance that uses the fake."""
    return replace(
        settings,
        stripe_secret_key=stripe_fake.KEY,
        stripe_webhook_secrets=stripe_fake.SECRETS,
        stripe_api_base=fake.url,
    )


def open_deposit(client: FlaskClient, headers: dict[str, str], amount: int = 12_500) -> Any:
    """A deposit whose Checkout Session is open; the wire shape of it."""
    money = {"amount": amount, "currency": "EUR"}
    answer = wire.deposit(client, headers, gateway="stripe", amount=money)
    service.open_deposit(answer.json["id"])
    return wire.read(client, answer.headers["Location"], headers)


def tell(client: FlaskClient, kind: str, thing: dict[str, Any], **more: Any) -> Any:
    """Deliver a webhook of Stripe's."""
    body, headers = signed(kind, thing, **more)
    return client.post(EVENTS, data=body, headers=headers)


def rich_influencer(client: FlaskClient, payer: Person, headers: dict[str, str],
                    fake: StripeFake, amount: int = 12_500) -> Person:  # fmt: skip
    """An influencer who earned what came in through Stripe, and is paid through Stripe."""
    deposit = open_deposit(client, headers, amount)
    session = fake.of("checkout.session")[-1]
    assert tell(client, "checkout.session.completed", fake.pay(session["id"])).status_code == 204
    assert deposit["pay_url"] == session["url"]
    person = make.influencer()
    make.spend(payer, person, amount)
    unit_of_work(
        lambda: payout_details.change(
            person.actor, method=PayoutMethod.STRIPE, destination={"account_id": ACCOUNT}
        )
    )
    return person
