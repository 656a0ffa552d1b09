"""Links, clicks and coupons as the road to an order, and orders as shops tell of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.ad_requests.models import AdRequest
from app.attribution import click_ids, codes, orders
from app.attribution.click_rules import RULES_VERSION, Reason
from app.attribution.models import (
    Click,
    ClickSegment,
    CommissionEntry,
    CouponCode,
    Order,
    Receipt,
    TrackingLink,
)
from app.attribution.order_facts import OrderFact, OrderSourceKind
from app.attribution.orders import Taken
from app.core.actor import SYSTEM
from app.core.clock import now
from app.core.extensions import db
from app.core.settings import settings
from tests.factories.ad_requests import World, kept
from tests.factories.identity import Person

_numbers = count(1)
VISITOR = "visitor123456789"
assert len(VISITOR) == click_ids.VISITOR_LENGTH


def make_link(world: World, agreement: AdRequest | None = None, **values: Any) -> TrackingLink:
    """A link of the world's influencer, for an agreement or for none."""

    def work() -> TrackingLink:
        link = TrackingLink(
            **{
                "code": codes.new_code(),
                "influencer_id": world.influencer.influencer_id,
                "sponsor_id": world.sponsor.sponsor_id,
                "campaign_id": agreement.campaign_id if agreement else None,
                "ad_request_id": agreement.id if agreement else None,
                "target": "https://shop.example/kettle",
                **values,
            }
        )
        db.session.add(link)
        db.session.flush()
        return link

    return kept(work)


def make_coupon(link: TrackingLink, code: str, *, active: bool = True) -> None:
    """A coupon code of the link's owner."""

    def work() -> None:
        db.session.add(
            CouponCode(sponsor_id=link.sponsor_id, link_id=link.id, code=code, active=active)
        )
        db.session.flush()

    kept(work)


def ago(**how_long: float) -> datetime:
    """A moment of the past, to the millisecond as click ids have it."""
    moment = now() - timedelta(**how_long)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def click_id(link: TrackingLink, at: datetime, visitor: str = VISITOR) -> str:
    """The signed id that the target of a link got."""
    key = click_ids.key_of(settings().secret_key)
    milliseconds = round(at.timestamp() * 1000)
    return click_ids.sign(key, link.id, milliseconds, visitor)


def make_click(
    link: TrackingLink,
    at: datetime,
    *,
    visitor: str = VISITOR,
    reason: Reason = Reason.COUNTED,
) -> str:
    """A click that was read from the log; returns its signed id."""

    def work() -> None:
        number = next(_numbers)
        segment = ClickSegment(name=f"segment-{number}-{at.timestamp()}")
        db.session.add(segment)
        db.session.flush()
        db.session.add(
            Click(
                segment_id=segment.id,
                position=number,
                link_id=link.id,
                at=at,
                hour=int(at.timestamp()) // 3600,
                visitor=visitor,
                address_hash="0" * 16,
                reason=reason,
                rules_version=RULES_VERSION,
            )
        )
        db.session.flush()

    kept(work)
    return click_id(link, at, visitor)


def fact(**values: Any) -> OrderFact:
    """An order of 100.00 EUR, 80.00 of it net, placed just now."""
    return OrderFact(
        **{
            "external_id": f"A-{next(_numbers)}",
            "ordered_at": now(),
            "currency": "EUR",
            "total": 10_000,
            "net": 8_000,
            **values,
        }
    )


def tell(
    sponsor: Person, order: OrderFact, kind: OrderSourceKind = OrderSourceKind.ACCORD
) -> Taken:
    """A source says something of an order."""
    return kept(
        lambda: orders.take_in(SYSTEM, sponsor_id=sponsor.sponsor_id or "", kind=kind, fact=order)
    )


def reload(order: Order | str) -> Order:
    """The order as the database has it now, with commission and receipts."""
    order_id = order if isinstance(order, str) else order.id
    return kept(
        lambda: db.session.scalars(
            select(Order)
            .where(Order.id == order_id)
            .options(
                joinedload(Order.commission),
                selectinload(Order.receipts).selectinload(Receipt.touches),
            )
        ).one()
    )


def commission(order: Order | str | None) -> CommissionEntry:
    """The commission of an order as it stands now."""
    assert order is not None
    entry = reload(order).commission
    assert entry is not None
    return entry
