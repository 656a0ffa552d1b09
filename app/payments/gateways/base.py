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
    PAYOUT_RETURNED = "payout.returned"
    COST_CHARGED = "cost.charged"
    COST_RETURNED = "cost.returned"
    OWN_MONEY_IN = "own_money.in"
    OWN_MONEY_OUT = "own_money.out"
    UNREADABLE = "unreadable"
    WALLET_RETURNED = "wallet.returned"


@dataclass(frozen=True)
class GatewayFact:
    """Something that happened at a gateway; webhooks, look-ups and answers all become one.

    `event_id` is the gateway's name of the message, `subject` our deposit or withdrawal, or the
    payment of what was returned of a wallet (of costs and the operator's own money the gateway's
    name of the movement), `entry_id` the line of the gateway's statement if money moved,
    `statement_id` the bank's own name of the entry that the line is of. `amount` is in minor
    units. One that is `unreadable` is of 0 XXX, no currency, and its `reason` is what it said.
    """

    event_id: str
    kind: FactKind
    subject: str
    amount: int
    currency: str
    entry_id: str | None = None
    reason: str | None = None
    statement_id: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The fact as the inbox keeps it."""
        return asdict(self) | {"kind": self.kind.value}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> GatewayFact:
        """The fact that `as_json` gave. Raises KeyError, TypeError or ValueError on others."""
        return cls(**{**data, "kind": FactKind(data["kind"])})


@dataclass(frozen=True)
class LookUp:
    """An event that says that a payout moved, but not all of it: the gateway must be asked."""

    event_id: str
    subject: str


Event = GatewayFact | LookUp | None
"""What a webhook says; None where it is of no concern to us."""


@dataclass(frozen=True)
class DepositOrder:
    """What a sponsor wants to pay in. `outcome` is for gateways that play one, `external_id` the
    gateway's name of a deposit that is open there, `return_url` where the payer comes back to."""

    deposit_id: str
    amount: int
    currency: str
    outcome: str | None = None
    external_id: str | None = None
    return_url: str = ""


@dataclass(frozen=True)
class Checkout:
    """A deposit at the gateway: its name there, its pay page, and what is known at once."""

    external_id: str
    pay_url: str | None = None
    facts: tuple[GatewayFact, ...] = ()


class PaysBy(StrEnum):
    """How one pays in: on a page of the gateway, or by a transfer from the own bank."""

    PAGE = "page"
    BANK_TRANSFER = "bank_transfer"


@dataclass(frozen=True)
class PayoutOrder:
    """What an influencer is to be paid. `withdrawal_id` is the gateway's idempotency key.

    `destination` holds the payout details in clear, and is neither stored nor logged: `bank`
    has `iban` or `account` (with `bank_code`), `name` and `country`, `stripe` has `account_id`,
    `sandbox` may have an `account` that `fails`, is `slow` or `unknown`. `method` says which.
    `refusals` is how often the gateway said "not yet", `external_id` its name of what it began.
    """

    withdrawal_id: str
    amount: int
    currency: str
    destination: Mapping[str, str] = field(default_factory=dict, repr=False)
    refusals: int = 0
    external_id: str | None = None


@dataclass(frozen=True)
class PayoutAnswer:
    """A payout at the gateway; without a fact it is under way and an event will follow."""

    external_id: str
    fact: GatewayFact | None = None


class GatewayUnreachable(Exception):
    """The gateway did not answer: whether it acted is unknown and must be looked up."""


class NotYet(GatewayUnreachable):
    """The gateway did nothing and may do it later, such as when the money is not available yet.

    `begun` is its name of a payout whose first step was done before.
    """

    def __init__(self, reason: str, *, begun: str | None = None) -> None:
        super().__init__(reason)
        self.begun = begun


class Refused(Exception):
    """The gateway said no, and did nothing; the text is for a person."""


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

    @property
    def pays_by(self) -> PaysBy:
        """How one pays in."""

    @property
    def patience(self) -> timedelta | None:
        """After how long without an event the gateway is asked; None when only people know."""

    @property
    def returns_within(self) -> timedelta | None:
        """For how long after it was paid the gateway is asked each day whether a payout came back;
        None where there is nothing to ask."""

    def delay(self, outcome: str | None) -> timedelta:
        """How long to wait before the deposit is opened."""

    def refusal(self, order: DepositOrder) -> str | None:
        """Why a deposit of this amount cannot be taken, in words for the payer; None if it can."""

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """Open a deposit; safe to repeat. Raises GatewayUnreachable."""

    def find_deposit(self, order: DepositOrder) -> GatewayFact | None:
        """What became of a deposit; None while it is open. Raises GatewayUnreachable."""

    def instructions(self, order: DepositOrder) -> dict[str, str] | None:
        """Where to transfer an open deposit to (`reference`, `name`, `iban` …); None where it is
        paid on a page."""

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """Pay out; safe to repeat. Raises GatewayUnreachable when the outcome is unknown, NotYet
        when nothing was done and later may be."""

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """What became of a payout; None when the gateway never saw it.

        Raises GatewayUnreachable, or NotYet when its next step has to wait.
        """

    def find_return(self, order: PayoutOrder) -> GatewayFact | None:
        """Whether a payout that was paid came back after all, and with which line of the
        statement; None while it did not. Raises GatewayUnreachable."""

    def read_event(self, headers: Mapping[str, str], body: bytes) -> Event:
        """What a webhook says, without any call; header names are in lower case.

        Raises BadSignature or MalformedEvent.
        """


class PayeeOnboarding(Protocol):
    """A gateway at which a payee opens an account of their own before anything is paid out."""

    def open_payee(self, payee_id: str, *, email: str, country: str) -> str:
        """The gateway's id of the payee's account, opened once a payee. Raises
        GatewayUnreachable, or Refused with the gateway's reason."""

    def payee_link(self, account_id: str, *, return_url: str, refresh_url: str) -> str:
        """An address, good for minutes, at which the payee completes the account. Raises as
        `open_payee`."""

    def payee_ready(self, account_id: str) -> bool:
        """Whether the account can be paid out to. Raises as `open_payee`."""
