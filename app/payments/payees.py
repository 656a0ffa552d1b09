"""Influencers who open an account of their own at a gateway, to be paid out from there."""

from __future__ import annotations

from sqlalchemy import select

from app.core.actor import Actor
from app.core.errors import Invalid, Unavailable
from app.core.extensions import db
from app.core.settings import settings
from app.core.transaction import unit_of_work
from app.identity.models import User
from app.payments import payout_details
from app.payments.errors import NoGateway
from app.payments.gateways.base import GatewayUnreachable, Refused
from app.payments.gateways.registry import payee_onboarding
from app.payments.payout_models import PayoutMethod

BACK = "/influencer/earnings"


def open_stripe_account(actor: Actor, *, country: str) -> str:
    """Open the actor's account at Stripe, make it the payout details, and return the address at
    which the actor completes it. One whose details are at Stripe already keeps that account.

    Calls the gateway outside every transaction; safe to repeat. Raises NoGateway where Stripe is
    not in use, Invalid with Stripe's reason, Unavailable when it does not answer.
    """
    gateway = payee_onboarding().get(PayoutMethod.STRIPE.value)
    if gateway is None or actor.influencer_id is None:
        raise NoGateway("Stripe is not in use on this platform. Choose another way to be paid.")
    known = payout_details.current(actor.influencer_id)
    stripe = known is not None and known.method is PayoutMethod.STRIPE
    account_id = payout_details.destination_of(known)["account_id"] if stripe else None
    email = db.session.scalar(select(User.email).where(User.id == actor.user_id)) or ""
    db.session.rollback()
    back = f"{settings().public_url}{BACK}"
    try:
        if account_id is None:
            account_id = gateway.open_payee(actor.influencer_id, email=email, country=country)
            destination = {"account_id": account_id}
            unit_of_work(
                lambda: payout_details.change(
                    actor, method=PayoutMethod.STRIPE, destination=destination
                )
            )
        return gateway.payee_link(account_id, return_url=back, refresh_url=f"{back}?stripe=again")
    except Refused as refusal:
        raise Invalid(country=str(refusal)) from refusal
    except GatewayUnreachable as error:
        raise Unavailable("Stripe does not answer. Try again in a moment.") from error
