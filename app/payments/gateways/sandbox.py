"""A gateway without money: it plays the outcome that a deposit or its pay page asks for.

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
from app.core.signed_messages import verify
from app.core.strict_json import MalformedJSON, loads
from app.payments.gateways.base import (
    Checkout,
    DepositOrder,
    FactKind,
    GatewayFact,
    GatewayUnreachable,
    MalformedEvent,
    PayoutAnswer,
    PayoutOrder,
    PaysBy,
)

SLOW = timedelta(seconds=5)
PAGE = "page"
# What a payer may choose on the pay page; a deposit may ask for it directly as well.
OUTCOMES = ("success", "decline", "slow", "duplicate", "out_of_order", "silent")
# What the payout details may name as `account`; any other account is paid at once.
PAYOUT_ACCOUNTS = ("pays", "fails", "slow", "unknown")


class SandboxGateway:
    """Deposits: `success`, `decline`, `slow` (some seconds later), `duplicate` (told three
    times), `out_of_order` (an older refusal arrives after the success), `silent` (no webhook: the
    payer's return settles it) or `page` (the payer chooses one of those).

    Payouts: the account of the destination `fails`, is `slow` (paid once it is looked up) or
    `unknown` (paid, but the answer is lost).
    """

    name = "sandbox"
    outcomes = (*OUTCOMES, PAGE)
    pays_by = PaysBy.PAGE
    patience: timedelta | None = SLOW
    returns_within: timedelta | None = None

    def __init__(self, secret_key: str, public_url: str = "") -> None:
        self.public_url = public_url
        self.secret = _derived(secret_key, b"events of the sandbox gateway")
        self.page_secret = _derived(secret_key, b"pay pages of the sandbox gateway")

    def delay(self, outcome: str | None) -> timedelta:
        """`slow` waits some seconds."""
        return SLOW if outcome == "slow" else timedelta()

    def refusal(self, order: DepositOrder) -> str | None:
        """It takes everything."""
        return None

    def instructions(self, order: DepositOrder) -> dict[str, str] | None:
        """None: it has a page."""
        return None

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """Play the outcome, or open the page on which the payer chooses one."""
        settled, declined = _settled(order), _declined(order)
        again = replace(settled, event_id=f"{settled.event_id}_again")
        earlier = replace(declined, event_id=f"{settled.event_id}_earlier")
        facts: dict[str | None, tuple[GatewayFact, ...]] = {
            "decline": (declined,),
            "duplicate": (settled, settled, again),
            "out_of_order": (settled, earlier),
            "silent": (),
            PAGE: (),
        }
        return Checkout(
            external_id=f"sbx_{order.deposit_id}",
            pay_url=self._page_of(order.deposit_id) if order.outcome == PAGE else None,
            facts=facts.get(order.outcome, (settled,)),
        )

    def find_deposit(self, order: DepositOrder) -> GatewayFact | None:
        """What the payer chose; a `slow` one is not known until its event comes."""
        if order.outcome in (PAGE, "slow"):
            return None
        return _declined(order) if order.outcome == "decline" else _settled(order)

    def page_key(self, deposit_id: str) -> str:
        """What the address of a pay page carries, so that nobody finds one by its number."""
        return hmac.new(self.page_secret, deposit_id.encode(), hashlib.sha256).hexdigest()[:32]

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """Pay at once, or as the destination's account says."""
        account = order.destination.get("account")
        if account == "unknown":
            raise GatewayUnreachable("The sandbox was told to lose its answer.")
        if account == "slow":
            return PayoutAnswer(external_id=f"sbx_{order.withdrawal_id}")
        return _payout(order)

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """It remembers nothing; what it would have done by now is the same each time."""
        return _payout(order)

    def find_return(self, order: PayoutOrder) -> GatewayFact | None:
        """What it paid stays paid, unless an event says that it came back."""
        return None

    def read_event(self, headers: Mapping[str, str], body: bytes) -> GatewayFact:
        """A fact in JSON, signed as `signed_messages.sign` does. Raises BadSignature or
        MalformedEvent."""
        message_id = verify(self.secret, headers, body, at=now())
        try:
            fact = GatewayFact.from_json({**loads(body), "event_id": message_id})
        except (MalformedJSON, KeyError, TypeError, ValueError) as error:
            raise MalformedEvent("this is no event of the sandbox") from error
        if not _is_sane(fact):
            raise MalformedEvent("a field of the event is out of bounds")
        return fact

    def _page_of(self, deposit_id: str) -> str:
        return f"{self.public_url}/sandbox/pay/{deposit_id}?key={self.page_key(deposit_id)}"


def _derived(secret_key: str, purpose: bytes) -> bytes:
    return hmac.new(secret_key.encode(), purpose, hashlib.sha256).digest()


def _settled(order: DepositOrder) -> GatewayFact:
    return GatewayFact(
        event_id=f"evt_{order.deposit_id}",
        kind=FactKind.DEPOSIT_SETTLED,
        subject=order.deposit_id,
        amount=order.amount,
        currency=order.currency,
        entry_id=f"in_{order.deposit_id}",
    )


def _declined(order: DepositOrder) -> GatewayFact:
    return replace(
        _settled(order),
        kind=FactKind.DEPOSIT_DECLINED,
        entry_id=None,
        reason="The card was declined.",
    )


def _payout(order: PayoutOrder) -> PayoutAnswer:
    fails = order.destination.get("account") == "fails"
    fact = GatewayFact(
        event_id=f"evt_{order.withdrawal_id}",
        kind=FactKind.PAYOUT_FAILED if fails else FactKind.PAYOUT_PAID,
        subject=order.withdrawal_id,
        amount=order.amount,
        currency=order.currency,
        entry_id=None if fails else f"out_{order.withdrawal_id}",
        reason="The bank does not know this account." if fails else None,
    )
    return PayoutAnswer(external_id=f"sbx_{order.withdrawal_id}", fact=fact)


def _is_sane(fact: GatewayFact) -> bool:
    whole = isinstance(fact.amount, int) and not isinstance(fact.amount, bool)
    texts = (fact.subject, fact.currency, fact.entry_id or "", fact.reason or "")
    return (
        whole
        and 1 <= fact.amount <= MAX_AMOUNT
        and all(isinstance(text, str) and len(text) <= 64 for text in texts)
        and is_known_currency(fact.currency)
    )
