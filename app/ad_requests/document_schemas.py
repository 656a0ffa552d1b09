"""What goes out about one agreement: its document, with offers, deliverables and disputes."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.exchange_schemas import HistoryRead, MessageRead
from app.ad_requests.inputs import ORIGIN, STAGE, STATUS
from app.ad_requests.live_check_findings import CheckReason
from app.ad_requests.wire_fields import (
    required_files,
    required_moment,
    required_money,
    required_text,
)
from app.core.schemas import Output

CHECK_REASON = validate.OneOf([reason.value for reason in CheckReason])


class PartyRating(Output):
    """Stars of a profile."""

    average = fields.Float(required=True, allow_none=True)
    count = fields.Integer(required=True)


class AgreementBrand(Output):
    """What is advertised."""

    id = required_text()
    name = required_text()


class AgreementCampaign(Output):
    """The campaign of an ad request."""

    id = required_text()
    title = required_text()
    status = required_text()
    currency = required_text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    time_zone = required_text()
    disclosure_rule = required_text()
    disclosure_tags = fields.List(fields.String(), required=True)
    product_url = required_text()
    brand = fields.Nested(AgreementBrand, required=True, allow_none=True)


class ConditionsRead(Output):
    """What of the campaign's brief holds beside the offer: kept at the acceptance (`agreed`), for
    an open proposal what would hold were it accepted now."""

    agreed = fields.Boolean(required=True)
    hold_days = fields.Integer(
        required=True,
        metadata={"description": "Days from a release until its money may be withdrawn."},
    )
    time_zone = required_text()
    disclosure_rule = required_text()
    disclosure_tags = fields.List(fields.String(), required=True)
    attribution_touch = required_text()
    attribution_window_days = fields.Integer(required=True)
    coupon_beats_link = fields.Boolean(required=True)


class AgreementSponsor(Output):
    """The paying side."""

    id = required_text()
    slug = required_text()
    name = required_text()
    logo_url = required_text(null=True)
    rating = fields.Nested(PartyRating, required=True)


class AgreementInfluencer(Output):
    """The publishing side."""

    id = required_text()
    slug = required_text()
    name = required_text()
    photo_url = required_text(null=True)
    country = required_text()
    followers = fields.Integer(required=True)
    reach = fields.Integer(required=True, metadata={"description": "People, estimated."})
    engagement_rate = fields.Float(required=True, allow_none=True)
    rating = fields.Nested(PartyRating, required=True)


class CommissionRead(Output):
    """A share of net revenue in percent, up to a cap."""

    rate = fields.Float(required=True)
    cap = required_money()


class OfferDeliverableRead(Output):
    """A milestone of an offer."""

    title = required_text()
    due_on = fields.Date(required=True)
    publish_by = fields.Date(required=True)
    share = fields.Integer(required=True)
    amount = required_money()


class OfferRead(Output):
    """One revision of the terms; `hash` names it."""

    id = required_text()
    number = fields.Integer(required=True)
    hash = fields.String(
        required=True,
        metadata={"description": "SHA-256 of the canonical form; accept with this."},
    )
    by = required_text()
    author_name = required_text(null=True)
    fee = required_money()
    commission = fields.Nested(CommissionRead, required=True, allow_none=True)
    deliverables = fields.List(fields.Nested(OfferDeliverableRead), required=True)
    usage_rights = required_text()
    exclusivity = required_text()
    message = required_text()
    is_current = fields.Boolean(required=True)
    is_accepted = fields.Boolean(required=True)
    created_at = required_moment()


class SubmissionRead(Output):
    """A draft, and what became of it."""

    id = required_text()
    number = fields.Integer(required=True)
    author_name = required_text(null=True)
    text = required_text()
    url = required_text(null=True)
    files = required_files()
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "approved, changes_requested"}
    )
    note = required_text(null=True)
    answered_at = required_moment(null=True)
    answered_automatically = fields.Boolean(required=True)
    created_at = required_moment()


class DisputeRead(Output):
    """A dispute over a deliverable."""

    id = required_text()
    opened_by = required_text()
    was = fields.String(required=True, metadata={"description": "The state before it."})
    reason = required_text()
    files = required_files()
    answer = required_text(null=True)
    answer_files = required_files()
    answered_at = required_moment(null=True)
    deadline = required_moment()
    escalated_at = required_moment(null=True)
    to_influencer_percent = fields.Integer(required=True, allow_none=True)
    decision = required_text(null=True)
    decided_at = required_moment(null=True)
    created_at = required_moment()


class LiveCheckRead(Output):
    """What the last look at the published post found."""

    at = required_moment()
    passed = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Null where it could not be learned; that counts against nobody."},
    )
    reason = fields.String(required=True, validate=CHECK_REASON)
    detail = fields.String(
        required=True, allow_none=True, metadata={"description": "What the server answered."}
    )
    again_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When a missing post is looked for a second time, which decides."},
    )
    disclosure_found = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "Null without disclosure tags or where the page is not readable."},
    )


class CancelRequestRead(Output):
    """A request to cancel by consent that still stands."""

    by = required_text()
    until = required_moment()
    reason = required_text(null=True)


class DeliverableRead(Output):
    """A milestone with its state, its part of the money and what may be done with it now."""

    id = required_text()
    position = fields.Integer(required=True)
    title = required_text()
    status = fields.String(required=True, validate=STAGE)
    share = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    publish_by = fields.Date(required=True)
    deadline = required_moment(null=True)
    acts_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When what `on_deadline` says happens by itself."},
    )
    on_deadline = required_text(null=True)
    sponsor_may_cancel_from = required_moment(null=True)
    waits_for = required_text(null=True)
    your_turn = fields.Boolean(required=True)
    amount = required_money()
    released = required_money()
    refunded = required_money()
    review_extended = fields.Boolean(required=True)
    awaits_clearance = fields.Boolean(
        required=True, metadata={"description": "An admin looks at the draft first."}
    )
    url = required_text(null=True)
    published_at = required_moment(null=True)
    check = fields.Nested(LiveCheckRead, required=True, allow_none=True)
    completed_at = required_moment(null=True)
    hold_until = required_moment(null=True)
    cancel_request = fields.Nested(CancelRequestRead, required=True, allow_none=True)
    cancel_effect = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "What your cancel does now: refund, or only request it."},
    )
    submissions = fields.List(fields.Nested(SubmissionRead), required=True)
    disputes = fields.List(fields.Nested(DisputeRead), required=True)
    actions = fields.List(fields.String(), required=True)


class AgreementMoney(Output):
    """Where the money is: committed = held + released + refunded + platform_fee_charged."""

    committed = required_money()
    held = required_money()
    released = required_money()
    refunded = required_money()
    platform_fee_charged = required_money()
    fee = required_money()
    commission_cap = required_money()
    commission_paid = required_money()
    commission_returned = required_money()
    platform_fee = required_money()


class AgreementRatingRead(Output):
    """What a side thinks of the other; one's own shows at once."""

    by = required_text()
    stars = fields.Integer(required=True)
    text = required_text()
    created_at = required_moment()
    revealed = fields.Boolean(required=True)


class AdRequestRead(Output):
    """Everything about an ad request, as the caller's side sees it."""

    id = required_text()
    status = fields.String(required=True, validate=STATUS)
    stage = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The state of the least advanced open deliverable."},
    )
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = required_text()
    chosen_ref = required_text(null=True)
    awaits_consent = fields.Boolean(required=True)
    campaign = fields.Nested(AgreementCampaign, required=True)
    conditions = fields.Nested(ConditionsRead, required=True)
    terms_changed = fields.Boolean(
        required=True,
        metadata={"description": "The campaign's terms changed after the current offer."},
    )
    sponsor = fields.Nested(AgreementSponsor, required=True)
    influencer = fields.Nested(AgreementInfluencer, required=True)
    offers = fields.List(fields.Nested(OfferRead), required=True)
    current_offer = fields.Nested(OfferRead, required=True)
    accepted_offer_id = required_text(null=True)
    answer_by = required_moment(null=True)
    offer_extended = fields.Boolean(required=True)
    on_deadline = required_text(null=True)
    next_deadline = required_moment(null=True)
    waits_for = fields.List(fields.String(), required=True)
    your_turn = fields.Boolean(required=True)
    deliverables = fields.List(fields.Nested(DeliverableRead), required=True)
    actions = fields.List(
        fields.String(), required=True, metadata={"description": "What the caller may do now."}
    )
    money = fields.Nested(AgreementMoney, required=True)
    messages = fields.List(fields.Nested(MessageRead), required=True)
    history = fields.List(fields.Nested(HistoryRead), required=True)
    earlier_history = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Where every step is listed, if there are more than these."},
    )
    ratings = fields.List(fields.Nested(AgreementRatingRead), required=True)
    ratings_close_at = required_moment(null=True)
    closing_reason = required_text(null=True)
    created_at = required_moment()
    updated_at = required_moment()
    accepted_at = required_moment(null=True)
    closed_at = required_moment(null=True)
    commission_until = required_moment(null=True)


class OfferChange(Output):
    """A field that differs; `of` names the deliverable, `change` the step from old to new."""

    field = required_text()
    of = required_text(null=True)
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)
    change = fields.Float(required=True, allow_none=True)


class OfferDiff(Output):
    """What two offers differ in. Amounts are minor units of `currency`."""

    currency = required_text()
    from_number = fields.Integer(required=True)
    to_number = fields.Integer(required=True)
    changes = fields.List(fields.Nested(OfferChange), required=True)
    unchanged = fields.List(fields.String(), required=True)
