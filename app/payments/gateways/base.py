"""What every gateway can do, and the words in which it talks to us."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol


class FactKind(StrEnum):
    DEPOSIT_SETTLED = "deposit.settled"
    DEPOSIT_DECLINED = "deposit.declined"
    PAYOUT_PAID = "payout.paid"
    PAYOUT_FAILED = "payout.failed"


@dataclass(frozen=True)
class GatewayFact:
    """Something that happened at a gateway; webhooks, look-ups and answers all become one.

    `event_id` is the gateway's name of the message, `subject` our deposit or withdrawal,
    `entry_id` the line of the gateway's statement if money moved. `amount` is in minor units.
    """

    event_id: str
    kind: FactKind
    subject: str
    amount: int
    currency: str
    entry_id: str | None = None
    reason: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The fact as the inbox keeps it."""
        return asdict(self) | {"kind": self.kind.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GatewayFact:
        """The fact that `as_json` gave. Raises KeyError, TypeError or ValueError on others."""
        return cls(**{**data, "kind": FactKind(data["kind"])})


@dataclass(frozen=True)
class DepositOrder:
    """What a sponsor wants to pay in. `outcome` is for gateways that play one."""

    deposit_id: str
    amount: int
    currency: str
    outcome: str | None


@dataclass(frozen=True)
class Checkout:
    """A deposit at the gateway: its name there, its pay page, and what is known at once."""

    external_id: str
    pay_url: str | None = None
    facts: tuple[GatewayFact, ...] = ()


@dataclass(frozen=True)
class PayoutOrder:
    """What an influencer is to be paid. `withdrawal_id` is the gateway's idempotency key.

    `destination` holds the payout details in clear, and is neither stored nor logged: `bank`
    has `iban` or `account`, `name` and `country`, `stripe` has `account_id`.
    """

    withdrawal_id: str
    amount: int
    currency: str
    destination: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class PayoutAnswer:
    """A payout at the gateway; without a fact it is under way and an event will follow."""

    external_id: str
    fact: GatewayFact | None = None


class GatewayUnreachable(Exception):
    """The gateway did not answer: whether it acted is unknown and must be looked up."""


class MalformedEvent(ValueError):
    """An event whose signature is right says nothing that we understand."""


class Gateway(Protocol):
    """A gateway; safe to share between threads."""

    @property
    def name(self) -> str:
        """Its name on the wire and in the ledger."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """What a deposit may ask it to play, the default first; none at a real gateway."""

    def delay(self, outcome: str | None) -> timedelta:
        """How long to wait before the deposit is opened."""

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """Open a deposit; safe to repeat. Raises GatewayUnreachable."""

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """Pay out; safe to repeat. Raises GatewayUnreachable when the outcome is unknown."""

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """What became of a payout; None when the gateway never saw it."""

    def read_event(self, headers: Mapping[str, str], body: bytes) -> GatewayFact:
        """The fact in a webhook; header names are in lower case.

        Raises BadSignature or MalformedEvent.
        """
