"""Facts of orders. Each names whom it concerns; the winner's four are None for an order that is
credited to nobody."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class OrderFactBase:
    """Base of all facts here."""

    order_id: str
    sponsor_id: str
    influencer_id: str | None
    link_id: str | None
    ad_request_id: str | None
    campaign_id: str | None


@dataclass(frozen=True, kw_only=True)
class OrderRecorded(OrderFactBase):
    """An order came in for the first time."""

    verified: bool


@dataclass(frozen=True, kw_only=True)
class OrderChanged(OrderFactBase):
    """What counts of an order changed: it was verified, refunded, or credited to another link
    (`link_before`, `ad_request_before`)."""

    link_before: str | None
    ad_request_before: str | None


@dataclass(frozen=True, kw_only=True)
class OrderEdited(OrderFactBase):
    """The shop names another total now than the one that was recorded and paid by."""


@dataclass(frozen=True, kw_only=True)
class CommissionPaid(OrderFactBase):
    """`amount` minor units were released to the influencer, into the hold period."""

    amount: int
    currency: str


@dataclass(frozen=True, kw_only=True)
class CommissionTakenBack(OrderFactBase):
    """`amount` minor units of a commission came back, since the order was refunded."""

    amount: int
    currency: str
