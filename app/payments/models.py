"""The ledger, what people see of it, and what gateways told us."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, cast

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.clock import now
from app.core.models import (
    Base,
    Timestamps,
    UtcDateTime,
    Versioned,
    choice,
    id_column,
    not_negative,
)
from app.core.money import Money
from app.identity.models import Influencer, Sponsor, User
from app.payments import ddl
from app.payments.lifecycle import (
    WITHDRAWAL,
    DepositStatus,
    PaymentStatus,
    WithdrawalEvent,
    WithdrawalStatus,
)
from app.payments.payout_models import PayoutDetails, Step, WithdrawalApproval, steps_of
from app.payments.postings import (
    INFLUENCER_OWNED,
    SPONSOR_OWNED,
    AccountKey,
    AccountKind,
    TransferKind,
)

_IS_ESCROW = text("kind = 'escrow'")
_IS_WAITING = text("matured_at IS NULL")


def _kind_in(kinds: frozenset[AccountKind]) -> str:
    return "kind IN (" + ", ".join(f"'{kind.value}'" for kind in sorted(kinds)) + ")"


class Account(Base):
    """A place where money is. `balance` is kept in the account's normal direction (see
    `postings`) and equals what its transfers sum to; nothing lets it fall below zero.

    `owner_id` repeats the sponsor's or influencer's id, so that no part of an account's key is
    null; `reference` is the ad request of an escrow and the gateway of cash and money in flight.
    """

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("kind", "owner_id", "currency", "reference"),
        UniqueConstraint("id", "currency"),
        Index(
            "uq_accounts_reference_escrow",
            "reference",
            unique=True,
            sqlite_where=_IS_ESCROW,
            postgresql_where=_IS_ESCROW,
        ),
        Index(None, "sponsor_id", "kind", "currency"),
        Index(None, "influencer_id", "kind", "currency"),
        # What is on its way out through a gateway is summed under the lock of its cash.
        Index(None, "kind", "currency", "reference"),
        CheckConstraint(
            "owner_id = coalesce(sponsor_id, influencer_id, '')", name="owner_is_its_row"
        ),
        CheckConstraint(
            f"({_kind_in(SPONSOR_OWNED)}) = (sponsor_id IS NOT NULL)", name="sponsor_of_kind"
        ),
        CheckConstraint(
            f"({_kind_in(INFLUENCER_OWNED)}) = (influencer_id IS NOT NULL)",
            name="influencer_of_kind",
        ),
        *not_negative("balance"),
    )

    id: Mapped[str] = id_column("acc")
    kind: Mapped[AccountKind] = mapped_column(choice(AccountKind))
    owner_id: Mapped[str] = mapped_column(String(32), default="")
    sponsor_id: Mapped[str | None] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str | None] = mapped_column(ForeignKey("influencers.id"))
    reference: Mapped[str] = mapped_column(String(64), default="")
    currency: Mapped[str] = mapped_column(String(3))
    balance: Mapped[int] = mapped_column(BigInteger, default=0)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def key(self) -> AccountKey:
        """The account as the posting rules name it."""
        return AccountKey(self.kind, self.currency, self.owner_id, self.reference)


class PaymentKind(StrEnum):
    """What a payment is to the person who sees it."""

    DEPOSIT = "deposit"
    HOLD = "hold"
    RELEASE = "release"
    COMMISSION = "commission"
    REFUND = "refund"
    FEE = "fee"
    WITHDRAWAL = "withdrawal"
    CLAWBACK = "clawback"


class Payment(Timestamps, Versioned, Base):
    """What a person sees: one deposit, hold, release, refund … with its state and dates.

    `reference` is the ad request and `milestone` its deliverable, both opaque here.
    """

    __tablename__ = "payments"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "influencer_id", "created_at", "id"),
        Index(None, "reference", "created_at"),
        Index(None, "kind", "status", "created_at"),
    )

    id: Mapped[str] = id_column("pay")
    kind: Mapped[PaymentKind] = mapped_column(choice(PaymentKind))
    status: Mapped[PaymentStatus] = mapped_column(choice(PaymentStatus))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    sponsor_id: Mapped[str | None] = mapped_column(ForeignKey("sponsors.id"))
    influencer_id: Mapped[str | None] = mapped_column(ForeignKey("influencers.id"))
    reference: Mapped[str | None] = mapped_column(String(64))
    milestone: Mapped[str | None] = mapped_column(String(64))
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    sponsor: Mapped[Sponsor | None] = relationship(lazy="raise")
    influencer: Mapped[Influencer | None] = relationship(lazy="raise")
    maturity: Mapped[Maturity | None] = relationship(
        back_populates="payment", lazy="raise", uselist=False
    )

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)

    @property
    def available_at(self) -> datetime | None:
        """The end of a release's hold period (loaded with `maturity`)."""
        return self.maturity.due_at if self.maturity is not None else None


class Transfer(Base):
    """One movement of money: debit and credit in one row, so that no half of it can exist.

    Rows are only ever added (triggers on both databases). The currency is that of both accounts,
    held by the foreign keys.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        UniqueConstraint("idempotency_key"),
        UniqueConstraint("reverses_id"),
        ForeignKeyConstraint(
            ["debit_account_id", "currency"], ["accounts.id", "accounts.currency"]
        ),
        ForeignKeyConstraint(
            ["credit_account_id", "currency"], ["accounts.id", "accounts.currency"]
        ),
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("debit_account_id <> credit_account_id", name="two_accounts"),
        Index(None, "debit_account_id", "at"),
        Index(None, "credit_account_id", "at"),
        Index(None, "payment_id"),
        Index(None, "reference", "at"),
        Index(None, "at", "id"),
    )

    id: Mapped[str] = id_column("tra")
    debit_account_id: Mapped[str] = mapped_column(String(32))
    credit_account_id: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    kind: Mapped[TransferKind] = mapped_column(choice(TransferKind))
    reference: Mapped[str] = mapped_column(String(64), default="")
    subject: Mapped[str] = mapped_column(String(64), default="")
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"))
    idempotency_key: Mapped[str] = mapped_column(String(160))
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("transfers.id"))
    actor: Mapped[str] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    debit_account: Mapped[Account] = relationship(
        lazy="raise", foreign_keys=[debit_account_id], viewonly=True,
        primaryjoin="Transfer.debit_account_id == Account.id",
    )  # fmt: skip
    credit_account: Mapped[Account] = relationship(
        lazy="raise", foreign_keys=[credit_account_id], viewonly=True,
        primaryjoin="Transfer.credit_account_id == Account.id",
    )  # fmt: skip

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)


class Maturity(Base):
    """A release in its hold period, and the date on which it may be withdrawn.

    While it is contested (`contested_at`) the date does not count.
    """

    __tablename__ = "maturities"
    __table_args__ = (
        UniqueConstraint("payment_id"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index(None, "influencer_id", "matured_at", "due_at"),
        Index(
            "ix_maturities_due_at_waiting",
            "due_at",
            "id",
            sqlite_where=_IS_WAITING,
            postgresql_where=_IS_WAITING,
        ),
    )

    id: Mapped[str] = id_column("mat")
    payment_id: Mapped[str] = mapped_column(ForeignKey("payments.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    matured_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    contested_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    payment: Mapped[Payment] = relationship(back_populates="maturity", lazy="raise")

    @property
    def money(self) -> Money:
        """The amount with its currency."""
        return Money(self.amount, self.currency)


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


class GatewayEvent(Base):
    """The inbox: what a gateway told us, once a message, however often it is delivered.

    One that can never be applied is set aside by an admin, which counts as processed.
    """

    __tablename__ = "gateway_events"
    __table_args__ = (
        UniqueConstraint("gateway", "external_id"),
        Index(None, "processed_at", "received_at"),
        Index(None, "subject"),
    )

    id: Mapped[str] = id_column("gev")
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str] = mapped_column(String(120))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(64))
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    processed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(String(300))
    set_aside_by: Mapped[str | None] = mapped_column(String(32))
    set_aside_because: Mapped[str | None] = mapped_column(String(300))


class GatewayEntry(Base):
    """A line of a gateway's statement: what it says came in (+) or went out (−). Only added.

    `statement_id` is the bank's own name of the entry where people read it off the statement:
    one entry may stand for several payouts, each of which is a line of its own here.
    """

    __tablename__ = "gateway_entries"
    __table_args__ = (
        UniqueConstraint("gateway", "external_id"),
        CheckConstraint("amount <> 0", name="amount_moves"),
        Index(None, "gateway", "currency", "at"),
        Index(None, "gateway", "statement_id"),
    )

    id: Mapped[str] = id_column("gen")
    gateway: Mapped[str] = mapped_column(String(24))
    external_id: Mapped[str] = mapped_column(String(120))
    subject: Mapped[str] = mapped_column(String(64))
    amount: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str] = mapped_column(String(3))
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    statement_id: Mapped[str | None] = mapped_column(String(120))


ddl.attach(Base.metadata, ddl.LEDGER_TABLES)

# Their tables belong to the same metadata, whoever imports this module first.
from app.payments import clawback_models as clawback_models  # noqa: E402
from app.payments import invoice_models as invoice_models  # noqa: E402
from app.payments import payout_batch_models as payout_batch_models  # noqa: E402
