"""Money that comes in and goes out: deposits and withdrawals; and the face of all tables here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, cast

from sqlalchemy import (
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.models import (
    Base,
    Timestamps,
    UtcDateTime,
    Versioned,
    choice,
    id_column,
    not_negative,
)
from app.identity.models import Influencer, Sponsor, User
from app.payments import clawback_models as clawback_models
from app.payments import invoice_models as invoice_models
from app.payments import payout_batch_models as payout_batch_models
from app.payments.gateway_models import GatewayEntry as GatewayEntry
from app.payments.gateway_models import GatewayEvent as GatewayEvent
from app.payments.ledger_models import Account as Account
from app.payments.ledger_models import Maturity as Maturity
from app.payments.ledger_models import Payment as Payment
from app.payments.ledger_models import PaymentKind as PaymentKind
from app.payments.ledger_models import Transfer as Transfer
from app.payments.lifecycle import (
    WITHDRAWAL,
    DepositStatus,
    WithdrawalEvent,
    WithdrawalStatus,
)
from app.payments.payout_models import PayoutDetails, Step, WithdrawalApproval, steps_of


class Deposit(Timestamps, Versioned, Base):
    """A sponsor's payment into the wallet, as the gateway sees it; the amount is its payment's.

    `outcome` is what the sandbox was asked to play; `external_id` is the gateway's own name.
    """

    __tablename__ = "deposits"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        UniqueConstraint("gateway", "external_id"),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "status", "created_at"),
    )

    id: Mapped[str] = id_column("dep")
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"))
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str | None] = mapped_column(String(120))
    outcome: Mapped[str | None] = mapped_column(String(24))
    pay_url: Mapped[str | None] = mapped_column(String(2000))
    status: Mapped[DepositStatus] = mapped_column(choice(DepositStatus), default=DepositStatus.OPEN)
    failure: Mapped[str | None] = mapped_column(String(300))

    payment: Mapped[Payment] = relationship(lazy="raise")
    sponsor: Mapped[Sponsor] = relationship(lazy="raise")

    # Where to transfer it to, while it is open at a gateway without a page; not stored.
    instructions = cast("dict[str, str] | None", None)

    @property
    def open_pay_url(self) -> str | None:
        """Where to pay it, while it can still be paid there."""
        return self.pay_url if self.status is DepositStatus.OPEN else None


class Withdrawal(Timestamps, Versioned, Base):
    """A payout to an influencer in two phases; the amount is its payment's.

    It goes to `details` (None: the sandbox, which needs none), not before `send_after`.
    `next_try_at` is when it is sent or looked up again if nothing was heard until then.
    `escalate_at` is until when it should be approved, then paid (None once it has ended); past
    that it is escalated to the admins, once for each.
    `retries_id` is the failed withdrawal that this one repeats.
    """

    __tablename__ = "withdrawals"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        UniqueConstraint("gateway", "external_id"),
        UniqueConstraint("retries_id"),
        Index(None, "influencer_id", "created_at", "id"),
        Index(None, "status", "created_at"),
        Index(None, "status", "next_try_at"),
        Index(None, "escalate_at", "id"),
        Index(None, "created_at", "id"),
        Index(None, "payout_details_id"),
        *not_negative("approvals_needed", "refusals"),
    )

    id: Mapped[str] = id_column("wdr")
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    payout_details_id: Mapped[str | None] = mapped_column(ForeignKey("payout_details.id"))
    retries_id: Mapped[str | None] = mapped_column(ForeignKey("withdrawals.id"))
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str | None] = mapped_column(String(120))
    status: Mapped[WithdrawalStatus] = mapped_column(
        choice(WithdrawalStatus), default=WithdrawalStatus.QUEUED
    )
    failure: Mapped[str | None] = mapped_column(String(300))
    requested_by: Mapped[str] = mapped_column(String(32))
    ended_by: Mapped[str | None] = mapped_column(String(32))
    approvals_needed: Mapped[int] = mapped_column(default=0)
    refusals: Mapped[int] = mapped_column(default=0)
    send_after: Mapped[datetime | None] = mapped_column(UtcDateTime)
    next_try_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalate_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    approved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship(lazy="raise")
    influencer: Mapped[Influencer] = relationship(lazy="raise")
    details: Mapped[PayoutDetails | None] = relationship(lazy="raise")
    approvals: Mapped[list[WithdrawalApproval]] = relationship(
        lazy="raise", order_by=[WithdrawalApproval.at, WithdrawalApproval.admin_id]
    )
    retry: Mapped[Withdrawal | None] = relationship(
        lazy="raise", viewonly=True, uselist=False,
        primaryjoin="Withdrawal.id == foreign(remote(Withdrawal.retries_id))",
    )  # fmt: skip
    requester: Mapped[User | None] = relationship(
        lazy="raise", viewonly=True,
        primaryjoin="foreign(Withdrawal.requested_by) == User.id",
    )  # fmt: skip
    ender: Mapped[User | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin="foreign(Withdrawal.ended_by) == User.id"
    )

    # What the admin who reads it may do with it now; not stored.
    admin_actions: ClassVar[Sequence[str]] = ()

    @property
    def own_actions(self) -> list[str]:
        """What the influencer may do with it now."""
        return ["cancel"] if WITHDRAWAL.allows(self.status, WithdrawalEvent.CANCEL) else []

    @property
    def steps(self) -> list[Step]:
        """Every step with its date; those that are still to come have none."""
        return steps_of(self)
