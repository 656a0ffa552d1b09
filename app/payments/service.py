"""What other domains and the surfaces call. Each part has its own module; this is the face."""

from __future__ import annotations

from app.payments.balances import (
    Earnings,
    EarningsBalance,
    WalletBalance,
    WalletTotals,
    earnings,
    earnings_of,
    wallet,
    wallet_totals,
)
from app.payments.clawbacks import claw_back
from app.payments.contested import contest, settle_contest
from app.payments.deposit_look_ups import check_deposit, look_up_deposits
from app.payments.deposits import deposit, deposits_of, get_deposit
from app.payments.escrow import charge_platform_fee, escrow_balance, hold, refund, release
from app.payments.fees import hold_days, platform_fee
from app.payments.gateways.registry import gateways
from app.payments.inbox import hear, receive
from app.payments.invariants import Check, check_ledger
from app.payments.lists import (
    payments_of_influencer,
    payments_of_sponsor,
    transfers,
    withdrawals_of,
)
from app.payments.settlement import (
    gateway_named,
    mature_due,
    open_deposit,
    pay_out,
    retry_waiting_events,
    try_payouts_again,
)
from app.payments.withdrawals import cancel, get_withdrawal, withdraw

__all__ = [
    "Check",
    "Earnings",
    "EarningsBalance",
    "WalletBalance",
    "WalletTotals",
    "cancel",
    "charge_platform_fee",
    "check_deposit",
    "check_ledger",
    "claw_back",
    "contest",
    "deposit",
    "deposits_of",
    "earnings",
    "earnings_of",
    "escrow_balance",
    "gateway_named",
    "gateways",
    "get_deposit",
    "get_withdrawal",
    "hear",
    "hold",
    "hold_days",
    "look_up_deposits",
    "mature_due",
    "open_deposit",
    "pay_out",
    "payments_of_influencer",
    "payments_of_sponsor",
    "platform_fee",
    "receive",
    "refund",
    "release",
    "retry_waiting_events",
    "settle_contest",
    "transfers",
    "try_payouts_again",
    "wallet",
    "wallet_totals",
    "withdraw",
    "withdrawals_of",
]
