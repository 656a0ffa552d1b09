"""Plain arithmetic of the life of money, which the services are held against."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.payments.models import PaymentKind

OPEN = ("queued", "sending", "unknown")


@dataclass
class Release:
    """What was released to the influencer; `amount` shrinks by what is taken back."""

    reference: str
    milestone: str
    amount: int
    kind: PaymentKind
    state: str  # held, contested, mature, taken
    due: datetime
    decided: bool = False
    keys: int = 0  # how often something was taken back of it


@dataclass
class Model:
    """Plain arithmetic."""

    wallet: int = 0
    escrows: dict[str, int] = field(default_factory=dict)
    asked: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    available: int = 0
    fees: int = 0
    bank: int = 0  # what lies at the bank beside the gateway
    own: int = 0  # of it the operator's
    owed: list[int] = field(default_factory=list)  # by clawback, the oldest first
    withdrawals: dict[str, list[Any]] = field(default_factory=dict)  # amount, state, account

    def earn(self, amount: int) -> None:
        """Money becomes available: what is owed is taken from it first."""
        self.available += amount
        for number, claim in enumerate(self.owed):
            part = min(claim, self.available)
            self.owed[number] -= part
            self.available -= part
            self.wallet += part

    def take_back(self, amount: int) -> None:
        """Take back of what is available; the rest is owed."""
        part = min(amount, self.available)
        self.available -= part
        self.wallet += part
        self.owed.append(amount - part)

    @property
    def held(self) -> int:
        return sum(r.amount for r in self.releases if r.state in ("held", "contested"))

    @property
    def in_flight(self) -> int:
        return sum(amount for amount, state, _ in self.withdrawals.values() if state in OPEN)

    def balances(self) -> dict[tuple[str, str], int]:
        """Every account that is not empty, by its kind and reference."""
        owed = {
            ("sponsor_wallet", ""): self.wallet,
            **{("escrow", reference): held for reference, held in self.escrows.items()},
            ("influencer_held", ""): self.held,
            ("influencer_available", ""): self.available,
            ("withdrawal_in_flight", "sandbox"): self.in_flight,
            ("platform_fees", ""): self.fees,
        }
        # All that people have, and what the platform earned, lies at the gateways; what was
        # withdrawn before it was taken back is a claim beside it.
        claims = dict.fromkeys((("clawback_receivable", ""), ("clawback_due", "")), sum(self.owed))
        # What was returned left the bank and not the gateway, whoever's money lay there.
        there = {
            ("cash", "manual"): self.bank,
            ("operator_money", "manual"): self.own,
            ("cash", "sandbox"): sum(owed.values()) + self.own - self.bank,
        }
        found = {**there, **owed, **claims}
        return {account: balance for account, balance in found.items() if balance}
