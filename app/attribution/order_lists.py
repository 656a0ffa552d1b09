"""Orders as the two sides see them: the sponsor all of its shop, the influencer those that they
had a part in. A receipt shows the influencer every touch and the reason, but not whose others are.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import joinedload, selectinload

from app.attribution.models import CommissionEntry, Order, Receipt, ReceiptTouch
from app.core.actor import Actor
from app.core.clock import end_of_day
from app.core.errors import NotFound
from app.core.extensions import db
from app.core.paging import Page, PageRequest, paginate
from app.payments.readers import reader_of

_SHOWN = (
    joinedload(Order.campaign),
    joinedload(Order.influencer),
    joinedload(Order.link),
    joinedload(Order.commission),
    joinedload(Order.sponsor, innerjoin=True),
)
_SORTS = {"ordered_at": Order.ordered_at, "created_at": Order.created_at}


@dataclass(frozen=True)
class OwnOrder:
    """An order as an influencer sees it. Of one that somebody else won the amounts are the
    sponsor's business; the receipt shows why."""

    order: Order
    influencer_id: str

    @property
    def won(self) -> bool:
        """Whether it is credited to them."""
        return self.order.influencer_id == self.influencer_id

    @property
    def revenue(self) -> Any:
        return self.order.revenue if self.won else None

    @property
    def refund(self) -> Any:
        return self.order.refund if self.won else None

    @property
    def commission(self) -> CommissionEntry | None:
        return self.order.commission if self.won else None

    @property
    def campaign(self) -> Any:
        return self.order.campaign if self.won else None

    @property
    def ad_request_id(self) -> str | None:
        return self.order.ad_request_id if self.won else None

    @property
    def receipts(self) -> list[dict[str, Any]]:
        """The receipts, with the own touches marked and those of others without a name."""
        return [self._receipt(receipt) for receipt in self.order.receipts]

    def _receipt(self, receipt: Receipt) -> dict[str, Any]:
        return {
            "receipt": receipt,
            "won": any(
                touch.outcome.value == "won" and touch.influencer_id == self.influencer_id
                for touch in receipt.touches
            ),
            "touches": [
                {
                    "touch": touch,
                    "own": touch.influencer_id == self.influencer_id,
                    "link": touch.link if touch.influencer_id == self.influencer_id else None,
                    "coupon": touch.coupon if touch.influencer_id == self.influencer_id else None,
                }
                for touch in receipt.touches
            ],
        }


def orders_of_sponsor(
    actor: Actor,
    page: PageRequest,
    *,
    since: date | None = None,
    until: date | None = None,
    verified: bool | None = None,
    differs: bool | None = None,
    withheld: Any = None,
    **filters: Any,
) -> Page[Order]:
    """The sponsor's orders of the days from `since` to `until` in the actor's time zone; those
    that differ were edited in the shop. Filters: external_id, status, source, campaign_id,
    influencer_id, ad_request_id, link_id."""
    statement = select(Order).where(Order.sponsor_id == actor.sponsor_id).options(*_SHOWN)
    for name, value in filters.items():
        if value is not None:
            statement = statement.where(getattr(Order, name) == value)
    if verified is not None:
        statement = statement.where(
            Order.verified_at.is_not(None) if verified else Order.verified_at.is_(None)
        )
    if differs is not None:
        edited = Order.told_amount
        statement = statement.where(edited.is_not(None) if differs else edited.is_(None))
    if withheld is not None:
        statement = statement.join(CommissionEntry, CommissionEntry.order_id == Order.id).where(
            CommissionEntry.withheld == withheld
        )
    return _paged(actor, statement, page, since, until)


def order_of_sponsor(actor: Actor, order_id: str) -> Order:
    """One of the sponsor's orders with its receipts. Raises NotFound."""
    return _one(
        select(Order)
        .where(Order.id == order_id, Order.sponsor_id == actor.sponsor_id)
        .options(
            *_SHOWN,
            selectinload(Order.receipts)
            .selectinload(Receipt.touches)
            .options(
                joinedload(ReceiptTouch.influencer),
                joinedload(ReceiptTouch.link),
                joinedload(ReceiptTouch.campaign),
            ),
        )
    )


def orders_of_influencer(
    actor: Actor,
    page: PageRequest,
    *,
    won: bool = True,
    since: date | None = None,
    until: date | None = None,
    ad_request_id: str | None = None,
) -> Page[OwnOrder]:
    """The orders that are credited to the influencer; with `won` False those that they touched
    and that are credited to somebody else, or to nobody."""
    own = actor.influencer_id or ""
    mine = Order.influencer_id == own
    if won:
        statement = select(Order).where(mine)
    else:
        statement = select(Order).where(_touched_by(own), ~mine | Order.influencer_id.is_(None))
    if ad_request_id is not None:
        statement = statement.where(Order.ad_request_id == ad_request_id)
    found = _paged(actor, statement.options(*_SHOWN), page, since, until)
    return Page([OwnOrder(order, own) for order in found.items], found.next)


def order_of_influencer(actor: Actor, order_id: str) -> OwnOrder:
    """One order that the influencer had a part in, with its receipts. Raises NotFound."""
    own = actor.influencer_id or ""
    order = _one(
        select(Order)
        .where(Order.id == order_id, (Order.influencer_id == own) | _touched_by(own))
        .options(
            *_SHOWN,
            selectinload(Order.receipts)
            .selectinload(Receipt.touches)
            .joinedload(ReceiptTouch.link),
        )
    )
    return OwnOrder(order, own)


def _touched_by(influencer_id: str) -> ColumnElement[bool]:
    return Order.id.in_(
        select(ReceiptTouch.order_id).where(ReceiptTouch.influencer_id == influencer_id)
    )


def _paged(
    actor: Actor,
    statement: Select[Order],
    page: PageRequest,
    since: date | None,
    until: date | None,
) -> Page[Order]:
    zone = reader_of(actor).time_zone if since or until else "UTC"
    if since is not None:
        begins = end_of_day(since - timedelta(days=1), zone)
        statement = statement.where(Order.ordered_at >= begins)
    if until is not None:
        statement = statement.where(Order.ordered_at < end_of_day(until, zone))
    return paginate(statement, page, sorts=_SORTS, default="-ordered_at", id_column=Order.id)


def _one(statement: Select[Order]) -> Order:
    order = db.session.scalar(statement.execution_options(populate_existing=True))
    if order is None:
        raise NotFound
    return order
