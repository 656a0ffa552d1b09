"""States of what a person sees of money: payments, deposits, withdrawals."""

from __future__ import annotations

from enum import StrEnum

from app.core.lifecycle import Lifecycle


class PaymentStatus(StrEnum):
    """`pending` moved nothing for good yet; `held` is earned and waits for its date."""

    PENDING = "pending"
    HELD = "held"
    SETTLED = "settled"
    FAILED = "failed"


class PaymentEvent(StrEnum):
    SETTLE = "settle"
    FAIL = "fail"
    RETURN = "return"


PAYMENT = Lifecycle(
    "payment",
    {
        PaymentStatus.PENDING: {
            PaymentEvent.SETTLE: PaymentStatus.SETTLED,
            PaymentEvent.FAIL: PaymentStatus.FAILED,
        },
        PaymentStatus.HELD: {PaymentEvent.SETTLE: PaymentStatus.SETTLED},
        # A payout that the bank sent back.
        PaymentStatus.SETTLED: {PaymentEvent.RETURN: PaymentStatus.FAILED},
        # A deposit that the gateway declined first and took after all: the money did come in.
        PaymentStatus.FAILED: {PaymentEvent.SETTLE: PaymentStatus.SETTLED},
    },
)


class DepositStatus(StrEnum):
    OPEN = "open"
    SETTLED = "settled"
    DECLINED = "declined"


class DepositEvent(StrEnum):
    SETTLE = "settle"
    DECLINE = "decline"


# Whatever the order in which a gateway's events arrive, money that came in ends as settled.
DEPOSIT = Lifecycle(
    "deposit",
    {
        DepositStatus.OPEN: {
            DepositEvent.SETTLE: DepositStatus.SETTLED,
            DepositEvent.DECLINE: DepositStatus.DECLINED,
        },
        DepositStatus.DECLINED: {DepositEvent.SETTLE: DepositStatus.SETTLED},
        DepositStatus.SETTLED: {},
    },
)


class WithdrawalStatus(StrEnum):
    AWAITING_APPROVAL = "awaiting_approval"
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    PAID = "paid"
    FAILED = "failed"
    REFUSED = "refused"
    CANCELLED = "cancelled"


class WithdrawalEvent(StrEnum):
    APPROVE = "approve"
    REFUSE = "refuse"
    CANCEL = "cancel"
    SEND = "send"
    LOSE = "lose"
    DEFER = "defer"
    PAY = "pay"
    FAIL = "fail"
    RETURN = "return"


WITHDRAWAL = Lifecycle(
    "withdrawal",
    {
        WithdrawalStatus.AWAITING_APPROVAL: {
            WithdrawalEvent.APPROVE: WithdrawalStatus.QUEUED,
            WithdrawalEvent.REFUSE: WithdrawalStatus.REFUSED,
            WithdrawalEvent.CANCEL: WithdrawalStatus.CANCELLED,
            WithdrawalEvent.FAIL: WithdrawalStatus.FAILED,
        },
        WithdrawalStatus.QUEUED: {
            WithdrawalEvent.SEND: WithdrawalStatus.SENDING,
            WithdrawalEvent.REFUSE: WithdrawalStatus.REFUSED,
            WithdrawalEvent.CANCEL: WithdrawalStatus.CANCELLED,
            WithdrawalEvent.FAIL: WithdrawalStatus.FAILED,
        },
        WithdrawalStatus.SENDING: {
            WithdrawalEvent.PAY: WithdrawalStatus.PAID,
            WithdrawalEvent.FAIL: WithdrawalStatus.FAILED,
            WithdrawalEvent.LOSE: WithdrawalStatus.UNKNOWN,
            # Only of a bank transfer that no batch holds: no gateway has it.
            WithdrawalEvent.REFUSE: WithdrawalStatus.REFUSED,
            WithdrawalEvent.CANCEL: WithdrawalStatus.CANCELLED,
            # The gateway did nothing yet, for certain.
            WithdrawalEvent.DEFER: WithdrawalStatus.QUEUED,
        },
        # Looked up at the gateway, never reversed blindly.
        WithdrawalStatus.UNKNOWN: {
            WithdrawalEvent.PAY: WithdrawalStatus.PAID,
            WithdrawalEvent.FAIL: WithdrawalStatus.FAILED,
            WithdrawalEvent.SEND: WithdrawalStatus.SENDING,
        },
        # The bank took it, and sent it back days later.
        WithdrawalStatus.PAID: {WithdrawalEvent.RETURN: WithdrawalStatus.FAILED},
        WithdrawalStatus.FAILED: {},
        WithdrawalStatus.REFUSED: {},
        WithdrawalStatus.CANCELLED: {},
    },
)

OPEN_WITHDRAWALS = (
    WithdrawalStatus.AWAITING_APPROVAL,
    WithdrawalStatus.QUEUED,
    WithdrawalStatus.SENDING,
    WithdrawalStatus.UNKNOWN,
)


class PayoutBatchStatus(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


class PayoutBatchEvent(StrEnum):
    CLOSE = "close"


PAYOUT_BATCH = Lifecycle(
    "payout batch",
    {
        PayoutBatchStatus.OPEN: {PayoutBatchEvent.CLOSE: PayoutBatchStatus.CLOSED},
        PayoutBatchStatus.CLOSED: {},
    },
)


class PayoutLineStatus(StrEnum):
    WAITING = "waiting"
    PAID = "paid"
    FAILED = "failed"


class PayoutLineEvent(StrEnum):
    PAY = "pay"
    FAIL = "fail"


PAYOUT_LINE = Lifecycle(
    "payout",
    {
        PayoutLineStatus.WAITING: {
            PayoutLineEvent.PAY: PayoutLineStatus.PAID,
            PayoutLineEvent.FAIL: PayoutLineStatus.FAILED,
        },
        PayoutLineStatus.PAID: {},
        PayoutLineStatus.FAILED: {},
    },
)
