"""What Stripe's objects mean to us: its webhooks and its answers become the same facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import stripe

from app.core.money import MAX_AMOUNT, is_known_currency
from app.core.signed_messages import BadSignature
from app.core.strict_json import MalformedJSON, loads
from app.payments.gateways.base import (
    DepositOrder,
    Event,
    FactKind,
    GatewayFact,
    LookUp,
    MalformedEvent,
    PayoutOrder,
)
from app.payments.gateways.stripe_money import from_stripe

TOLERANCE_SECONDS = 300

_SESSION_EVENTS = frozenset(
    {
        "checkout.session.completed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.async_payment_failed",
        "checkout.session.expired",
    }
)
_PAYOUT_EVENTS = frozenset({"payout.paid", "payout.failed", "payout.canceled"})


def read(secrets: tuple[str, ...], headers: Mapping[str, str], body: bytes) -> Event:
    """What a webhook says, if one of `secrets` signed it lately; None where it is not about us.

    Raises BadSignature or MalformedEvent.
    """
    _verify(secrets, headers.get("stripe-signature", ""), body)
    try:
        event = loads(body)
        name, kind, thing = event["id"], event["type"], event["data"]["object"]
        if not (isinstance(name, str) and len(name) <= 100 and isinstance(kind, str)):
            raise MalformedEvent("its name or type is no text")
        if kind in _SESSION_EVENTS:
            if event.get("account") is not None:
                # A connected account sells something of its own: none of that money is ours.
                return None
            failed = kind.endswith("_failed")
            return of_session(thing, event_id=name, payment_failed=failed)
        if kind in _PAYOUT_EVENTS:
            return _look_up(name, (thing["metadata"] or {}).get("withdrawal_id"))
        if kind == "transfer.reversed":
            return _look_up(name, thing["transfer_group"])
    except (MalformedJSON, KeyError, TypeError, AttributeError) as error:
        raise MalformedEvent("this is no event of Stripe") from error
    return None


def of_session(
    session: Mapping[str, Any], *, event_id: str, payment_failed: bool = False
) -> GatewayFact | None:
    """What a Checkout Session says of its deposit; None while it is open, or is not ours."""
    subject = session["client_reference_id"]
    if not isinstance(subject, str) or not subject.startswith("dep_") or len(subject) > 64:
        return None
    currency = str(session["currency"]).upper()
    if session["payment_status"] == "paid":
        return GatewayFact(
            event_id=event_id,
            kind=FactKind.DEPOSIT_SETTLED,
            subject=subject,
            amount=_amount(session["amount_total"], currency),
            currency=currency,
            entry_id=str(session["payment_intent"])[:64],
        )
    expired = session["status"] == "expired"
    if not (payment_failed or expired):
        return None
    return GatewayFact(
        event_id=event_id,
        kind=FactKind.DEPOSIT_DECLINED,
        subject=subject,
        amount=_amount(session["amount_total"], currency),
        currency=currency,
        reason="The pay page was not used in time." if expired else "The payment failed.",
    )


def deposit_refused(order: DepositOrder, reason: str) -> GatewayFact:
    """Stripe opens no pay page for this deposit."""
    return GatewayFact(
        event_id=f"refused_{order.deposit_id}",
        kind=FactKind.DEPOSIT_DECLINED,
        subject=order.deposit_id,
        amount=order.amount,
        currency=order.currency,
        reason=reason[:300],
    )


def paid(order: PayoutOrder, transfer_id: str) -> GatewayFact:
    """The money of a withdrawal left our balance by a transfer, and arrived."""
    return GatewayFact(
        event_id=f"paid_{order.withdrawal_id}",
        kind=FactKind.PAYOUT_PAID,
        subject=order.withdrawal_id,
        amount=order.amount,
        currency=order.currency,
        entry_id=transfer_id,
    )


def returned(order: PayoutOrder, transfer_id: str, reason: str) -> GatewayFact:
    """The money of a withdrawal that had arrived is back in our balance."""
    return GatewayFact(
        event_id=f"returned_{order.withdrawal_id}",
        kind=FactKind.PAYOUT_RETURNED,
        subject=order.withdrawal_id,
        amount=order.amount,
        currency=order.currency,
        entry_id=f"{transfer_id}:back",
        reason=reason[:300],
    )


def _verify(secrets: tuple[str, ...], signature: str, body: bytes) -> None:
    for secret in secrets:
        try:
            stripe.WebhookSignature.verify_header(body, signature, secret, TOLERANCE_SECONDS)
        except (stripe.SignatureVerificationError, ValueError, TypeError):
            # ValueError: the body is no text; TypeError: the signature is not ASCII.
            continue
        return
    raise BadSignature


def _look_up(event_id: str, subject: object) -> LookUp | None:
    if not isinstance(subject, str) or not subject.startswith("wdr_") or len(subject) > 64:
        return None
    return LookUp(event_id, subject)


def _amount(units: object, currency: str) -> int:
    if not isinstance(units, int) or isinstance(units, bool) or not is_known_currency(currency):
        raise MalformedEvent("its amount is no money")
    amount = from_stripe(units, currency)
    if amount is None or not 1 <= amount <= MAX_AMOUNT:
        raise MalformedEvent("its amount is out of bounds")
    return amount
