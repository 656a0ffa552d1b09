"""How each gateway stands, in plain words: in use or not, reachable where asking is cheap."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.settings import settings
from app.payments.gateways.base import GatewayUnreachable, Refused
from app.payments.gateways.manual import ManualGateway
from app.payments.gateways.registry import stripe_in_use
from app.payments.gateways.sandbox import SandboxGateway
from app.payments.gateways.stripe import StripeGateway

EVENTS_PATH = "/api/v1/public/gateways/stripe/events"


@dataclass(frozen=True)
class GatewayState:
    """A gateway; not `ok` when it is in use and cannot work."""

    name: str
    in_use: bool
    ok: bool
    detail: str


def gateway_states() -> list[GatewayState]:
    """Every gateway that Accord knows, in use or not. One call at most, of 15 seconds."""
    return [_sandbox(), _stripe(), _manual()]


def _sandbox() -> GatewayState:
    if not settings().sandbox_gateway:
        return GatewayState(SandboxGateway.name, False, True, "off (SANDBOX_GATEWAY)")
    return GatewayState(SandboxGateway.name, True, True, "in use: it moves test money only")


def _stripe() -> GatewayState:
    found = stripe_in_use()
    if found is None:
        faults = settings().half_set()
        missing = "not set up: set STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET to use it"
        return GatewayState(StripeGateway.name, False, not faults, " ".join(faults) or missing)
    try:
        found.check_key()
    except Refused:
        detail = "it refuses STRIPE_SECRET_KEY: make a new key in its dashboard, and set that"
        return GatewayState(StripeGateway.name, True, False, detail)
    except GatewayUnreachable as error:
        detail = f"it does not answer ({error}): deposits and payouts wait until it does"
        return GatewayState(StripeGateway.name, True, False, detail)
    mode = "the test mode" if "_test_" in settings().stripe_secret_key else "live"
    detail = f"in use ({mode}), it answers; its webhooks go to {settings().public_url}{EVENTS_PATH}"
    if len(found.webhook_secrets) == 1:
        days = found.returns_within.days if found.returns_within is not None else 0
        detail += (
            ". STRIPE_WEBHOOK_SECRET holds one secret: the endpoint for connected accounts has "
            "one of its own, without which a payout is heard of up to 6 hours late, and one that "
            f"comes back up to a day late, within {days} days"
        )
    return GatewayState(StripeGateway.name, True, True, detail)


def _manual() -> GatewayState:
    details = dict(settings().manual_bank_details)
    if not details:
        missing = "not set up: set MANUAL_BANK_DETAILS=name=…; iban=… to take bank transfers"
        return GatewayState(ManualGateway.name, False, True, missing)
    account = details.get("iban") or details["account"]
    detail = (
        f"in use: transfers go to {details['name']}, account …{account[-4:]}; "
        "an admin confirms what comes and goes"
    )
    return GatewayState(ManualGateway.name, True, True, detail)
