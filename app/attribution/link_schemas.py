"""Wire shapes of links and coupon codes."""

from __future__ import annotations

from marshmallow import fields, validate

from app.attribution.click_rules import Reason
from app.attribution.lifecycle import LinkEvent, LinkStatus
from app.attribution.link_models import LinkHealth
from app.attribution.targets import LONGEST_TARGET
from app.core.schemas import (
    Input,
    MoneyRead,
    Output,
    PageQuery,
    flag,
    moment,
    page_of,
    public_id,
    text,
)

_STATUS = validate.OneOf([status.value for status in LinkStatus])


class UtmInput(Input):
    """Fields that are added to the target; an empty one is left out."""

    utm_source = text(100)
    utm_medium = text(100)
    utm_campaign = text(100)
    utm_term = text(100)
    utm_content = text(100)
    utm_id = text(100)


class LinkUpdate(Input):
    """Changes of a link; what is left out stays."""

    target = text(
        LONGEST_TARGET,
        shortest=1,
        metadata={"description": "A page within the verified domains.", "example": "https://…"},
    )
    utm = fields.Nested(UtmInput)
    expires_at = moment(allow_none=True)


class LinkCreate(LinkUpdate):
    """A further link for an agreement. Without `utm` the usual fields are added."""

    target = text(
        LONGEST_TARGET,
        shortest=1,
        required=True,
        metadata={"description": "A page within the verified domains.", "example": "https://…"},
    )


class BrandLinkCreate(LinkCreate):
    """A link of an influencer to a page of a brand, without an agreement."""

    influencer_id = public_id("inf", required=True)
    brand_id = public_id("brd", required=True)


class CouponCreate(Input):
    """A coupon code; without `code` one is made."""

    code = text(60, allow_none=True, load_default=None)


class CouponUpdate(Input):
    """Whether a coupon code counts."""

    active = flag(required=True)


class LinkQuery(PageQuery):
    """A page of links. Sorts: created_at."""

    campaign_id = public_id("cmp", load_default=None)
    ad_request_id = public_id("adr", load_default=None)
    status = fields.String(load_default=None, validate=_STATUS)


class SponsorLinkQuery(LinkQuery):
    """A page of the sponsor's links."""

    influencer_id = public_id("inf", load_default=None)


class AdminLinkQuery(SponsorLinkQuery):
    """A page of the links of all sponsors."""

    sponsor_id = public_id("spn", load_default=None)
    # A query value is a text, so these are no strict flags.
    broken = fields.Boolean(load_default=None)
    blocked = fields.Boolean(load_default=None)
    q = text(200, load_default="", metadata={"description": "The code or the address of a link."})


class LinkDecision(Input):
    """Why an admin blocks a link, or lets it lead on; both sides read it."""

    reason = text(500, shortest=1, required=True)


class QrQuery(Input):
    """The form of a picture."""

    format = fields.String(load_default="svg", validate=validate.OneOf(["svg", "png"]))


class ClicksQuery(Input):
    """How many days back."""

    # A query value is a text, so this is no strict integer.
    days = fields.Integer(
        load_default=30, validate=validate.Range(7, 366, error="Give {min} to {max} days.")
    )


class CouponRead(Output):
    """A code that a buyer names in the shop."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    active = fields.Boolean(required=True)


class LinkPerson(Output):
    """Whose link it is."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)


class LinkNamed(Output):
    """A sponsor or product by name."""

    id = fields.String(required=True)
    name = fields.String(required=True)


class LinkCampaign(Output):
    """The campaign of a link."""

    id = fields.String(required=True)
    title = fields.String(required=True)


class LinkPreview(Output):
    """Where a click leads (with a sample for its id), and the fields that are added."""

    url = fields.String(required=True)
    added = fields.List(fields.String(), required=True)


class LinkFigures(Output):
    """What a link brought. `raw` clicks are all of them, `clicks` those that count; orders are
    those that are confirmed, revenue is net after refunds."""

    raw = fields.Integer(required=True)
    clicks = fields.Integer(required=True)
    orders = fields.Integer(required=True)
    revenue = fields.Nested(MoneyRead, required=True, allow_none=True)
    commission = fields.Nested(MoneyRead, required=True, allow_none=True)


class LinkRead(Output):
    """A tracking link. `leads` is whether it leads to its target at the moment."""

    id = fields.String(required=True)
    code = fields.String(required=True)
    url = fields.String(required=True)
    target = fields.String(required=True)
    utm = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    preview = fields.Nested(LinkPreview, required=True)
    leads = fields.Boolean(required=True)
    domain_verified = fields.Boolean(required=True)
    status = fields.String(required=True, validate=_STATUS)
    expires_at = fields.DateTime(required=True, allow_none=True)
    actions = fields.List(
        fields.String(validate=validate.OneOf([event.value for event in LinkEvent])), required=True
    )
    ad_request_id = fields.String(required=True, allow_none=True)
    automatic = fields.Boolean(required=True)
    influencer = fields.Nested(LinkPerson, required=True)
    sponsor = fields.Nested(LinkNamed, required=True)
    campaign = fields.Nested(LinkCampaign, required=True, allow_none=True)
    product = fields.Nested(LinkNamed, required=True, allow_none=True)
    coupons = fields.List(fields.Nested(CouponRead), required=True)
    health = fields.String(
        required=True, validate=validate.OneOf([health.value for health in LinkHealth])
    )
    health_detail = fields.String(required=True)
    checked_at = fields.DateTime(required=True, allow_none=True)
    broken_since = fields.DateTime(required=True, allow_none=True)
    blocked_at = fields.DateTime(required=True, allow_none=True)
    block_reason = fields.String(required=True)
    figures = fields.Nested(LinkFigures, required=True)
    created_at = fields.DateTime(required=True)


LinkPage = page_of(LinkRead)


class ReasonCount(Output):
    """How many clicks have a reason."""

    reason = fields.String(
        required=True, validate=validate.OneOf([reason.value for reason in Reason])
    )
    clicks = fields.Integer(required=True)


class DayOfClicks(Output):
    """The clicks of one day that count, and those that do not."""

    day = fields.Date(required=True)
    counted = fields.Integer(required=True)
    others = fields.Integer(required=True)


class LinkClicks(Output):
    """The clicks of a link by day and by reason; `raw` is the sum of all reasons."""

    time_zone = fields.String(required=True)
    raw = fields.Integer(required=True)
    reasons = fields.List(fields.Nested(ReasonCount), required=True)
    days = fields.List(fields.Nested(DayOfClicks), required=True)


class LinkOwner(Output):
    """Whose link it is, as anyone may know."""

    name = fields.String(required=True)
    slug = fields.String(required=True)


class LinkTerms(Output):
    """What a link is, in plain words."""

    code = fields.String(required=True)
    url = fields.String(required=True)
    sponsor = fields.String(required=True)
    influencer = fields.Nested(LinkOwner, required=True)
    campaign = fields.String(required=True, allow_none=True)
    host = fields.String(required=True)
    leads = fields.Boolean(required=True)
    window_days = fields.Integer(required=True)
    paid_by_order = fields.Boolean(required=True)
    terms = fields.List(fields.String(), required=True)
