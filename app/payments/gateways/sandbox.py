"""A gateway without money: it plays the outcome that a deposit asks for, and pays out at once.

The same order always gives the same facts, so that nothing it is told twice happens twice.
Production refuses it.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

from app.core.clock import now
from app.core.money import MAX_AMOUNT, is_known_currency
from app.core.strict_json import MalformedJSON, loads
from app.payments.gateways.base import (
    Checkout,
    DepositOrder,
    FactKind,
    GatewayFact,
    MalformedEvent,
    PayoutAnswer,
    PayoutOrder,
)
from app.payments.gateways.signatures import verify

SLOW = timedelta(seconds=5)


class SandboxGateway:
    """`success`, `decline`, `slow` (some seconds later) or `duplicate` (told three times)."""

    name = "sandbox"
    outcomes = ("success", "decline", "slow", "duplicate")

    def __init__(self, secret_key: str) -> None:
        self.secret = hmac.new(
            secret_key.encode(), b"events of the sandbox gateway", hashlib.sha256
        ).digest()

    def delay(self, outcome: str | None) -> timedelta:
        """`slow` waits some seconds."""
        return SLOW if outcome == "slow" else timedelta()

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """Play the outcome."""
        settled = GatewayFact(
            event_id=f"evt_{order.deposit_id}",
            kind=FactKind.DEPOSIT_SETTLED,
            subject=order.deposit_id,
            amount=order.amount,
            currency=order.currency,
            entry_id=f"in_{order.deposit_id}",
        )
        declined = replace(
            settled,
            kind=FactKind.DEPOSIT_DECLINED,
            entry_id=None,
            reason="The card was declined.",
        )
        facts: tuple[GatewayFact, ...] = (settled,)
        if order.outcome == "decline":
            facts = (declined,)
        elif order.outcome == "duplicate":
            again = replace(settled, event_id=f"{settled.event_id}_again")
            facts = (settled, settled, again)
        return Checkout(external_id=f"sbx_{order.deposit_id}", facts=facts)

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """Pay at once."""
        fact = GatewayFact(
            event_id=f"evt_{order.withdrawal_id}",
            kind=FactKind.PAYOUT_PAID,
            subject=order.withdrawal_id,
            amount=order.amount,
            currency=order.currency,
            entry_id=f"out_{order.withdrawal_id}",
        )
        return PayoutAnswer(external_id=f"sbx_{order.withdrawal_id}", fact=fact)

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """It remembers nothing; sending again gives the same answer."""
        return None

    def read_event(self, headers: Mapping[str, str], body: bytes) -> GatewayFact:
        """A fact in JSON, signed as `signatures.sign` does. Raises BadSignature, MalformedEvent."""
        message_id = verify(self.secret, headers, body, at=now())
        try:
            fact = GatewayFact.from_json({**loads(body), "event_id": message_id})
        except (MalformedJSON, KeyError, TypeError, ValueError) as error:
            raise MalformedEvent("this is no event of the sandbox") from error
        if not _is_sane(fact):
            raise MalformedEvent("a field of the event is out of bounds")
        return fact


def _is_sane(fact: GatewayFact) -> bool:
    whole = isinstance(fact.amount, int) and not isinstance(fact.amount, bool)
    texts = (fact.subject, fact.currency, fact.entry_id or "", fact.reason or "")
    return (
        whole
        and 1 <= fact.amount <= MAX_AMOUNT
        and all(isinstance(text, str) and len(text) <= 64 for text in texts)
        and is_known_currency(fact.currency)
    )
