"""Orders of sponsors' shops, the receipts that say whom each is credited to, and commissions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.ad_requests.models import AdRequest
from app.attribution.commissions import Standing, Withheld
from app.attribution.link_models import TrackingLink
from app.attribution.order_facts import LONGEST_CLICK_ID, LONGEST_ID, OrderSourceKind
from app.attribution.order_lifecycle import OrderStatus
from app.attribution.touches import Rule, TouchKind, TouchOutcome
from app.campaigns.lifecycle import AttributionTouch
from app.campaigns.models import Campaign
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
from app.identity.models import Influencer, Sponsor

_DECIDES = text("decides")


class OrderSource(Timestamps, Versioned, Base):
    """A way by which orders of a sponsor come in, with the secret that signs them (encrypted; the
    script has none). After a change the secret before it is taken until `previous_until`.
    At `refused_at` a message came that could not be taken, about the last such one."""

    __tablename__ = "order_sources"
    __table_args__ = (UniqueConstraint("sponsor_id", "kind"),)

    id: Mapped[str] = id_column("src")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    kind: Mapped[OrderSourceKind] = mapped_column(choice(OrderSourceKind))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    hint: Mapped[str] = mapped_column(String(20), default="")
    previous_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    previous_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rotated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refused_reason: Mapped[str] = mapped_column(String(40), default="")


class ExchangeRate(Base):
    """What one unit of `currency` is worth in `into`, as a sponsor states it: a decimal text.

    Orders keep the rate that they were converted by.
    """

    __tablename__ = "exchange_rates"

    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"), primary_key=True)
    currency: Mapped[str] = mapped_column(String(3), primary_key=True)
    into: Mapped[str] = mapped_column(String(3), primary_key=True)
    rate: Mapped[str] = mapped_column(String(24))
    stated_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    stated_by: Mapped[str] = mapped_column(String(32))


class Order(Timestamps, Versioned, Base):
    """An order of a sponsor's shop, as the shop numbers it.

    `total`, `net` (without tax and shipping) and `refunded` (of the total, until now) are minor
    units of `currency`. `told` is the total that its shop names now, where that is another: it was
    edited there, and what was recorded stays. `as_of` is the shop's moment of what was taken last:
    an older message neither cancels nor reopens. `revenue_amount` is `net`, and `refund_amount`
    what refunds and a cancellation took of it, in minor units of `counted_currency`, that of the
    campaign: absent without a campaign or a rate. An order that nobody who may has confirmed
    (`verified_at`) earns no commission. `touched_by` is what named its click or coupons;
    `click_doubted`: that was the page, which named another total than the shop, so its click
    counts for nobody. The four ids are of the winner by the receipt that decides.
    """

    __tablename__ = "orders"
    __table_args__ = (
        UniqueConstraint("sponsor_id", "external_id"),
        *not_negative("total_amount", "net_amount", "refunded_amount", "told_amount"),
        CheckConstraint("net_amount <= total_amount", name="net_within_total"),
        CheckConstraint("refunded_amount <= total_amount", name="refunded_within_total"),
        CheckConstraint("refund_amount BETWEEN 0 AND revenue_amount", name="refund_within_revenue"),
        CheckConstraint(
            "(told_amount IS NULL) = (told_currency IS NULL)", name="told_in_a_currency"
        ),
        CheckConstraint(
            "(verified_at IS NULL) = (verified_by IS NULL)", name="verified_by_somebody"
        ),
        Index(None, "sponsor_id", "created_at", "id"),
        Index(None, "sponsor_id", "ordered_at", "id"),
        Index(None, "influencer_id", "ordered_at", "id"),
        Index(None, "campaign_id", "ordered_at", "id"),
        Index(None, "ad_request_id", "ordered_at", "id"),
        Index(None, "link_id", "ordered_at"),
    )

    id: Mapped[str] = id_column("ord")
    sponsor_id: Mapped[str] = mapped_column(ForeignKey("sponsors.id"))
    external_id: Mapped[str] = mapped_column(String(LONGEST_ID))
    source: Mapped[OrderSourceKind] = mapped_column(choice(OrderSourceKind))
    status: Mapped[OrderStatus] = mapped_column(choice(OrderStatus), default=OrderStatus.PAID)
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    currency: Mapped[str] = mapped_column(String(3))
    total_amount: Mapped[int] = mapped_column(BigInteger)
    net_amount: Mapped[int] = mapped_column(BigInteger)
    refunded_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    as_of: Mapped[datetime | None] = mapped_column(UtcDateTime)
    told_amount: Mapped[int | None] = mapped_column(BigInteger)
    told_currency: Mapped[str | None] = mapped_column(String(3))

    click_id: Mapped[str | None] = mapped_column(String(LONGEST_CLICK_ID))
    click_doubted: Mapped[bool] = mapped_column(default=False)
    coupons: Mapped[list[str]] = mapped_column(JSON, default=list)
    touched_by: Mapped[OrderSourceKind | None] = mapped_column(
        choice(OrderSourceKind, "touched_by")
    )
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verified_by: Mapped[str | None] = mapped_column(String(32))

    link_id: Mapped[str | None] = mapped_column(ForeignKey("tracking_links.id"))
    ad_request_id: Mapped[str | None] = mapped_column(ForeignKey("ad_requests.id"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id"))
    influencer_id: Mapped[str | None] = mapped_column(ForeignKey("influencers.id"))
    counted_currency: Mapped[str | None] = mapped_column(String(3))
    rate: Mapped[str | None] = mapped_column(String(24))
    revenue_amount: Mapped[int | None] = mapped_column(BigInteger)
    refund_amount: Mapped[int | None] = mapped_column(BigInteger)

    sponsor: Mapped[Sponsor] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")
    ad_request: Mapped[AdRequest | None] = relationship(lazy="raise")
    influencer: Mapped[Influencer | None] = relationship(lazy="raise")
    link: Mapped[TrackingLink | None] = relationship(lazy="raise")
    commission: Mapped[CommissionEntry | None] = relationship(lazy="raise", back_populates="order")
    receipts: Mapped[list[Receipt]] = relationship(
        lazy="raise", back_populates="order", order_by="Receipt.number"
    )

    @property
    def verified(self) -> bool:
        """Whether the shop or the sponsor says that it was bought."""
        return self.verified_at is not None

    @property
    def total(self) -> Money:
        return Money(self.total_amount, self.currency)

    @property
    def net(self) -> Money:
        return Money(self.net_amount, self.currency)

    @property
    def refunded(self) -> Money:
        return Money(self.refunded_amount, self.currency)

    @property
    def given_back_amount(self) -> int:
        """What of the total counts no more: the whole of a cancelled order."""
        cancelled = self.status is OrderStatus.CANCELLED
        return self.total_amount if cancelled else self.refunded_amount

    @property
    def told(self) -> Money | None:
        """The total that the shop names now, where it is another."""
        if self.told_amount is None or self.told_currency is None:
            return None
        return Money(self.told_amount, self.told_currency)

    @property
    def revenue(self) -> Money | None:
        """Net revenue in the campaign's currency, before refunds."""
        return self._counted(self.revenue_amount)

    @property
    def refund(self) -> Money | None:
        """What refunds took of the revenue."""
        return self._counted(self.refund_amount)

    def _counted(self, amount: int | None) -> Money | None:
        if amount is None or self.counted_currency is None:
            return None
        return Money(amount, self.counted_currency)


class Receipt(Base):
    """Whom an order is credited to under one rule, and what became of every touch.

    The one that `decides` is what counts and was paid by. Others are replays under another rule,
    or were replaced before anything was paid; they stay. `left_out` touches were too many to keep.
    """

    __tablename__ = "receipts"
    __table_args__ = (
        UniqueConstraint("order_id", "number"),
        Index(
            "uq_receipts_order_id_decides",
            "order_id",
            unique=True,
            sqlite_where=_DECIDES,
            postgresql_where=_DECIDES,
        ),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("window_days BETWEEN 1 AND 90", name="window"),
        CheckConstraint("NOT (decides AND is_replay)", name="replays_do_not_decide"),
    )

    id: Mapped[str] = id_column("rcp")
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    number: Mapped[int]
    decides: Mapped[bool]
    is_replay: Mapped[bool] = mapped_column(default=False)
    rule_version: Mapped[int]
    touch: Mapped[AttributionTouch] = mapped_column(choice(AttributionTouch))
    window_days: Mapped[int]
    coupon_beats_link: Mapped[bool]
    left_out: Mapped[int] = mapped_column(default=0)
    computed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)
    computed_by: Mapped[str] = mapped_column(String(32))

    order: Mapped[Order] = relationship(lazy="raise", back_populates="receipts")
    touches: Mapped[list[ReceiptTouch]] = relationship(
        lazy="raise", order_by="ReceiptTouch.position"
    )

    @property
    def rule(self) -> Rule:
        """The rule that decided."""
        return Rule(self.touch, self.window_days, self.coupon_beats_link)


class ReceiptTouch(Base):
    """One touch on a receipt, the earliest first, with what became of it."""

    __tablename__ = "receipt_touches"
    __table_args__ = (Index(None, "influencer_id", "order_id"), Index(None, "order_id"))

    receipt_id: Mapped[str] = mapped_column(ForeignKey("receipts.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    kind: Mapped[TouchKind] = mapped_column(choice(TouchKind))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    outcome: Mapped[TouchOutcome] = mapped_column(choice(TouchOutcome))
    link_id: Mapped[str] = mapped_column(ForeignKey("tracking_links.id"))
    influencer_id: Mapped[str] = mapped_column(ForeignKey("influencers.id"))
    ad_request_id: Mapped[str | None] = mapped_column(ForeignKey("ad_requests.id"))
    campaign_id: Mapped[str | None] = mapped_column(ForeignKey("campaigns.id"))
    coupon: Mapped[str | None] = mapped_column(String(40))

    influencer: Mapped[Influencer] = relationship(lazy="raise")
    link: Mapped[TrackingLink] = relationship(lazy="raise")
    campaign: Mapped[Campaign | None] = relationship(lazy="raise")


class CommissionEntry(Timestamps, Base):
    """The commission of an order: one row an order, so that it pays once. One that was cancelled
    and goes on is paid anew: then the amounts are those since, and `repaid` counts how often.

    Amounts are minor units of `currency`, the agreement's. `due_amount` is the rate on what is
    left of net revenue; `paid_amount` was released from the cap, `taken_back_amount` came back of
    it. `withheld` says why less is paid than is due, or nothing.
    """

    __tablename__ = "commissions"
    __table_args__ = (
        UniqueConstraint("order_id"),
        *not_negative("due_amount", "paid_amount", "taken_back_amount"),
        CheckConstraint("taken_back_amount <= paid_amount", name="taken_back_within_paid"),
        CheckConstraint(
            "paid_amount = 0 OR ad_request_id IS NOT NULL", name="paid_under_an_agreement"
        ),
        Index(None, "ad_request_id", "withheld"),
    )

    id: Mapped[str] = id_column("com")
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"))
    ad_request_id: Mapped[str | None] = mapped_column(ForeignKey("ad_requests.id"))
    currency: Mapped[str] = mapped_column(String(3))
    basis_points: Mapped[int | None]
    due_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    paid_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    taken_back_amount: Mapped[int] = mapped_column(BigInteger, default=0)
    repaid: Mapped[int] = mapped_column(default=0, server_default="0")
    withheld: Mapped[Withheld | None] = mapped_column(choice(Withheld))
    payment_id: Mapped[str | None] = mapped_column(ForeignKey("payments.id"))
    paid_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    order: Mapped[Order] = relationship(lazy="raise", back_populates="commission")

    @property
    def standing(self) -> Standing:
        """What was paid, and what came back of it."""
        return Standing(self.paid_amount, self.taken_back_amount)

    @property
    def due(self) -> Money:
        return Money(self.due_amount, self.currency)

    @property
    def paid(self) -> Money:
        return Money(self.paid_amount, self.currency)

    @property
    def taken_back(self) -> Money:
        return Money(self.taken_back_amount, self.currency)

    @property
    def kept_late(self) -> Money:
        """What a refund came too late to take back."""
        return Money(max(0, self.standing.kept - self.due_amount), self.currency)

    @property
    def rate(self) -> float | None:
        """The agreed rate in percent of net revenue."""
        return None if self.basis_points is None else self.basis_points / 100
