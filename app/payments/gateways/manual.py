"""Bank transfers that people make and confirm: no calls, no events, references to tell them by.

A sponsor transfers to the platform's account with the reference of the deposit, and an admin
confirms what came; payouts wait until an admin collects them into a batch (`payout_batches`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from app.core.signed_messages import BadSignature
from app.payments.gateways.base import (
    Checkout,
    DepositOrder,
    GatewayFact,
    PayoutAnswer,
    PayoutOrder,
    PaysBy,
)

NAME = "manual"


def reference_of(row_id: str) -> str:
    """The creditor reference (ISO 11649) of a deposit or withdrawal: its two check digits let
    every bank find a slip of the pen."""
    body = row_id.rpartition("_")[2][-14:].upper()
    return f"RF{98 - _value(body + 'RF00') % 97:02d}{body}"


class ManualGateway:
    """`bank_details` are the platform's own (`name`, `iban` or `account`, `bic`, `bank`)."""

    name = NAME
    outcomes: tuple[str, ...] = ()
    pays_by = PaysBy.BANK_TRANSFER
    patience: timedelta | None = None
    returns_within: timedelta | None = None

    def __init__(self, bank_details: Mapping[str, str]) -> None:
        self.bank_details = dict(bank_details)

    def delay(self, outcome: str | None) -> timedelta:
        """There is nothing to wait for."""
        return timedelta()

    def refusal(self, order: DepositOrder) -> str | None:
        """A bank takes everything."""
        return None

    def instructions(self, order: DepositOrder) -> dict[str, str] | None:
        """The platform's account and the reference to write."""
        return {"reference": reference_of(order.deposit_id), **self.bank_details}

    def open_deposit(self, order: DepositOrder) -> Checkout:
        """The reference is its name at the bank."""
        return Checkout(external_id=reference_of(order.deposit_id))

    def find_deposit(self, order: DepositOrder) -> GatewayFact | None:
        """Only the bank statement says, and an admin reads it."""
        return None

    def send_payout(self, order: PayoutOrder) -> PayoutAnswer:
        """It waits for a batch."""
        return PayoutAnswer(external_id=reference_of(order.withdrawal_id))

    def find_payout(self, order: PayoutOrder) -> PayoutAnswer | None:
        """It waits for a batch, or for the admin who confirms one."""
        return self.send_payout(order)

    def find_return(self, order: PayoutOrder) -> None:
        """Only the bank statement says, and an admin reads it."""
        return

    def read_event(self, headers: Mapping[str, str], body: bytes) -> None:
        """Nobody sends any. Raises BadSignature."""
        raise BadSignature("This gateway sends no events.")


def _value(text: str) -> int:
    return int("".join(str(int(character, 36)) for character in text))
