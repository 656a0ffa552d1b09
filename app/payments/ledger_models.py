"""The ledger: accounts, transfers, and the payments that people see of them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import (
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
)
from app.core.money import Money
from app.identity.models import Influencer, Sponsor
from app.payments import ddl
from app.payments.lifecycle import (
    PaymentStatus,
)
from app.payments.postings import (
    INFLUENCER_OWNED,
    SPONSOR_OWNED,
    WITHOUT_FLOOR,
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
    `postings`) and equals what its transfers sum to; nothing lets it fall below zero, but the
    operator's own money.

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
        CheckConstraint(f"balance >= 0 OR {_kind_in(WITHOUT_FLOOR)}", name="balance_floor"),
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
    WALLET_RETURN = "wallet_return"


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


ddl.attach(Base.metadata, ("transfers",))
