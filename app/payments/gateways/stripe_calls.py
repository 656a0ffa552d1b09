"""One call of Stripe's API, and what its answer or its silence means."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import stripe

from app.payments.gateways.base import GatewayUnreachable, NotYet, Refused

T = TypeVar("T")

# What Stripe answers with when it is certain that it did nothing.
_REFUSALS = (stripe.InvalidRequestError, stripe.CardError, stripe.PermissionError)

# What came in lately is not available yet; the same call succeeds days later.
_NOT_YET = ("balance_insufficient", "insufficient_funds")


def call(ask: Callable[[], T]) -> T:
    """What Stripe answers. Raises Refused when it did nothing for certain, else
    GatewayUnreachable: whether it acted is unknown; NotYet is one of which it is certain that it
    did not, and may later."""
    try:
        return ask()
    except _REFUSALS as error:
        if error.code in _NOT_YET:
            raise NotYet(f"not yet: {error.code}") from error
        raise Refused(error.user_message or "Stripe refused this.") from error
    except stripe.StripeError as error:
        raise GatewayUnreachable(f"{type(error).__name__}: {error.code or error}") from error


def key_of(name: str) -> Any:
    """The options of a call that Stripe does once under this name."""
    return {"idempotency_key": name}


def plain(resource: Any) -> dict[str, Any]:
    """An object of Stripe's as plain values."""
    found: dict[str, Any] = resource.to_dict()
    return found
