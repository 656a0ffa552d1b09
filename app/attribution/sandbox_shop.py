"""The shop of the sandbox: sells one thing, and tells of the order as a shop's server would.

For trying out on one's own machine; production refuses the sandbox.
"""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from app.attribution import order_sources, webhooks
from app.attribution.click_ids import PARAMETER
from app.attribution.order_facts import OrderSourceKind
from app.attribution.order_inputs import OrderCreate
from app.attribution.signatures import key_of
from app.brands.models import Brand, Product
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.extensions import db
from app.core.money import Money
from app.core.settings import settings
from app.core.signed_messages import sign
from app.identity.models import Sponsor

PATH = "/sandbox/shop/"
CLICK = PARAMETER
MOST = 20
TAX = 119  # percent of the net amount


@dataclass(frozen=True)
class Shop:
    """What stands on the shop's page; `is_open`: orders of it are taken."""

    sponsor_id: str
    name: str
    product: str
    price: Money
    is_open: bool


def path_of(sponsor_id: str) -> str:
    """Where the shop of a sponsor stands."""
    return f"{PATH}{sponsor_id}"


def shop_of(sponsor_id: str) -> Shop:
    """The shop that sells for a sponsor. Raises NotFound for none, and where no sandbox is."""
    sponsor = db.session.get(Sponsor, sponsor_id) if settings().sandbox_gateway else None
    if sponsor is None:
        raise NotFound
    product = db.session.scalar(
        select(Product)
        .join(Brand, Brand.id == Product.brand_id)
        .where(Brand.sponsor_id == sponsor_id, Product.price_amount.is_not(None))
        .order_by(Product.created_at, Product.id)
    )
    price = product.price if product else None
    return Shop(
        sponsor_id=sponsor_id,
        name=sponsor.name,
        product=product.name if product else "Sample",
        price=price or Money(4_900, sponsor.currency),
        is_open=order_sources.is_open(sponsor_id, OrderSourceKind.ACCORD),
    )


def buy(sponsor_id: str, *, number: int, coupon: str, click_id: str) -> str:
    """Sell so many, and send the signed order that a shop would send; returns its number.

    Raises NotFound, Invalid for a number that makes no sense and while no source is open.
    """
    shop = shop_of(sponsor_id)
    if not 1 <= number <= MOST:
        raise Invalid(number=f"Order 1 to {MOST}.")
    known = order_sources.secrets_of(sponsor_id, OrderSourceKind.ACCORD)
    if not known:
        raise Invalid("This shop sends no orders: open the order source Signed webhook first.")
    total = shop.price.amount * number
    order = {
        "external_id": f"SHOP-{secrets.token_hex(4).upper()}",
        "total": {"amount": total, "currency": shop.price.currency},
        "net": {"amount": total * 100 // TAX, "currency": shop.price.currency},
        "ordered_at": now().isoformat(),
        "click_id": click_id or None,
        "coupon": coupon or None,
    }
    body = json.dumps(order).encode()
    headers = sign(key_of(known[0]), message_id=secrets.token_hex(16), at=now(), body=body)
    webhooks.receive_signed(sponsor_id, headers, body, OrderCreate().load(order)["fact"])
    return str(order["external_id"])
