"""What other domains and the surfaces call. Each part has its own module; this is the face."""

from __future__ import annotations

from app.payments.balances import (
    Earnings,
    EarningsBalance,
    WalletBalance,
    earnings,
    wallet,
)
from app.payments.escrow import charge_platform_fee, escrow_balance, hold, refund, release
from app.payments.fees import hold_days, platform_fee

__all__ = [
    "Earnings",
    "EarningsBalance",
    "WalletBalance",
    "charge_platform_fee",
    "earnings",
    "escrow_balance",
    "hold",
    "hold_days",
    "platform_fee",
    "refund",
    "release",
    "wallet",
]
