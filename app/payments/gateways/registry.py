"""Which gateways this instance has."""

from __future__ import annotations

from app.core.settings import settings
from app.payments.gateways.base import Gateway, PayeeOnboarding
from app.payments.gateways.manual import ManualGateway
from app.payments.gateways.sandbox import SandboxGateway
from app.payments.gateways.stripe import StripeGateway, stripe_gateway


def gateways() -> dict[str, Gateway]:
    """The gateways in use, by name, the preferred one first."""
    chosen = settings()
    found: list[Gateway] = []
    if chosen.sandbox_gateway:
        found.append(SandboxGateway(chosen.secret_key, chosen.public_url))
    stripe = stripe_in_use()
    if stripe is not None:
        found.append(stripe)
    if chosen.manual_bank_details:
        found.append(ManualGateway(dict(chosen.manual_bank_details)))
    return {gateway.name: gateway for gateway in found}


def sandbox() -> SandboxGateway | None:
    """The sandbox, where it is in use."""
    found = gateways().get(SandboxGateway.name)
    return found if isinstance(found, SandboxGateway) else None


def payee_onboarding() -> dict[str, PayeeOnboarding]:
    """The gateways, by name, at which a payee opens an account of their own."""
    stripe = stripe_in_use()
    return {} if stripe is None else {stripe.name: stripe}


def stripe_in_use() -> StripeGateway | None:
    """Stripe, where it is in use."""
    chosen = settings()
    # One of the two without the other is refused at the start, and is no gateway in any case.
    if not (chosen.stripe_secret_key and chosen.stripe_webhook_secrets):
        return None
    return stripe_gateway(
        chosen.stripe_secret_key, chosen.stripe_webhook_secrets, chosen.stripe_api_base
    )
