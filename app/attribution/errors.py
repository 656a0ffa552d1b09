"""Refusals of links."""

from __future__ import annotations

from app.core.errors import Conflict


class AgreementNotActive(Conflict):
    type = "agreement-not-active"
    title = "There is no agreement to make a link for"


class NeverAgreed(Conflict):
    type = "never-agreed"
    title = "This influencer has agreed on nothing with you yet"


class TooManyLinks(Conflict):
    type = "too-many-links"
    title = "There are as many as one agreement may have"


class CouponTaken(Conflict):
    type = "coupon-taken"
    title = "This coupon code is taken"
