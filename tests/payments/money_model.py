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


@dataclass
class Model:
    """Plain arithmetic."""

    wallet: int = 0
    escrows: dict[str, int] = field(default_factory=dict)
    asked: dict[str, tuple[int, int, int]] = field(default_factory=dict)
    releases: list[Release] = field(default_factory=list)
    available: int = 0
    fees: int = 0
    withdrawals: dict[str, list[Any]] = field(default_factory=dict)  # amount, state, account

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
        # All that people have, and what the platform earned, lies at the gateway.
        found = {("cash", "sandbox"): sum(owed.values()), **owed}
        return {account: balance for account, balance in found.items() if balance}
