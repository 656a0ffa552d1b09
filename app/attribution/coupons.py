"""Use cases of coupon codes: what a buyer names in the shop counts for the link's influencer."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.attribution import codes
from app.attribution.errors import CouponTaken, TooManyLinks
from app.attribution.lifecycle import LINK, LinkEvent
from app.attribution.link_models import CouponCode, TrackingLink
from app.attribution.links import get_for
from app.audit.service import record
from app.core.actor import Actor
from app.core.errors import Invalid, NotFound
from app.core.extensions import db

MAX_COUPONS = 20


def add(actor: Actor, *, link_id: str, code: str | None = None) -> TrackingLink:
    """Add a coupon code to a link; without `code` one is made from the influencer's name. Raises
    NotFound, Invalid, CouponTaken, TooManyLinks."""
    link = get_for(actor, link_id, lock=True)
    LINK.target(link.status, LinkEvent.END)  # an ended link gets nothing new
    held = select(func.count(CouponCode.id)).where(CouponCode.link_id == link_id)
    if (db.session.scalar(held) or 0) >= MAX_COUPONS:
        raise TooManyLinks(f"A link has at most {MAX_COUPONS} coupon codes.")
    text = codes.fold_coupon(code) if code else codes.suggest_coupon(link.influencer.name)
    if not codes.is_coupon(text):
        raise Invalid(code="Give 3 to 40 letters of A to Z, digits, dots, hyphens or underscores.")
    coupon = CouponCode(sponsor_id=link.sponsor_id, link_id=link.id, code=text)
    db.session.add(coupon)
    link.touch()
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CouponTaken("Nothing was saved. Each code counts for one influencer.") from error
    record(actor, "coupon.made", subject_type="link", subject_id=link.id, coupon_id=coupon.id)
    return _fresh(actor, link_id)


def switch(actor: Actor, *, link_id: str, coupon_id: str, active: bool) -> TrackingLink:
    """Let a coupon code count, or no longer. Raises NotFound."""
    link = get_for(actor, link_id, lock=True)
    coupon = next((one for one in link.coupons if one.id == coupon_id), None)
    if coupon is None:
        raise NotFound
    coupon.active = active
    link.touch()
    db.session.flush()
    record(
        actor, "coupon.switched", subject_type="link", subject_id=link.id, coupon_id=coupon_id,
        active=active,
    )  # fmt: skip
    return link


def _fresh(actor: Actor, link_id: str) -> TrackingLink:
    db.session.expire_all()
    return get_for(actor, link_id)
