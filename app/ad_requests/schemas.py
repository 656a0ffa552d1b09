"""What goes out about agreements."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.exchange_schemas import HistoryRead, MessageRead
from app.ad_requests.inputs import ORIGIN, STAGE, STATUS
from app.ad_requests.live_check_findings import CheckReason
from app.core.schemas import MoneyRead, Output, page_of
from app.files.schemas import FileRead

CHECK_REASON = validate.OneOf([reason.value for reason in CheckReason])


def _money() -> fields.Nested:
    return fields.Nested(MoneyRead, required=True)


def _text(*, null: bool = False) -> fields.String:
    return fields.String(required=True, allow_none=null)


def _moment(*, null: bool = False) -> fields.AwareDateTime:
    return fields.AwareDateTime(required=True, allow_none=null)


def _files() -> fields.List:
    return fields.List(fields.Nested(FileRead), required=True)


class PartyRating(Output):
    """Stars of a profile."""

    average = fields.Float(required=True, allow_none=True)
    count = fields.Integer(required=True)


class AgreementBrand(Output):
    """What is advertised."""

    id = _text()
    name = _text()


class AgreementCampaign(Output):
    """The campaign of an ad request."""

    id = _text()
    title = _text()
    status = _text()
    currency = _text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    time_zone = _text()
    disclosure_rule = _text()
    disclosure_tags = fields.List(fields.String(), required=True)
    product_url = _text()
    brand = fields.Nested(AgreementBrand, required=True, allow_none=True)


class AgreementSponsor(Output):
    """The paying side."""

    id = _text()
    slug = _text()
    name = _text()
    logo_url = _text(null=True)
    rating = fields.Nested(PartyRating, required=True)


class AgreementInfluencer(Output):
    """The publishing side."""

    id = _text()
    slug = _text()
    name = _text()
    photo_url = _text(null=True)
    country = _text()
    followers = fields.Integer(required=True)
    reach = fields.Integer(required=True, metadata={"description": "People, estimated."})
    engagement_rate = fields.Float(required=True, allow_none=True)
    rating = fields.Nested(PartyRating, required=True)


class CommissionRead(Output):
    """A share of net revenue in percent, up to a cap."""

    rate = fields.Float(required=True)
    cap = _money()


class OfferDeliverableRead(Output):
    """A milestone of an offer."""

    title = _text()
    due_on = fields.Date(required=True)
    publish_by = fields.Date(required=True)
    share = fields.Integer(required=True)
    amount = _money()


class OfferRead(Output):
    """One revision of the terms; `hash` names it."""

    id = _text()
    number = fields.Integer(required=True)
    hash = fields.String(
        required=True,
        metadata={"description": "SHA-256 of the canonical form; accept with this."},
    )
    by = _text()
    author_name = _text(null=True)
    fee = _money()
    commission = fields.Nested(CommissionRead, required=True, allow_none=True)
    deliverables = fields.List(fields.Nested(OfferDeliverableRead), required=True)
    usage_rights = _text()
    exclusivity = _text()
    message = _text()
    is_current = fields.Boolean(required=True)
    is_accepted = fields.Boolean(required=True)
    created_at = _moment()


class SubmissionRead(Output):
    """A draft, and what became of it."""

    id = _text()
    number = fields.Integer(required=True)
    author_name = _text(null=True)
    text = _text()
    url = _text(null=True)
    files = _files()
    answer = fields.String(
        required=True, allow_none=True, metadata={"description": "approved, changes_requested"}
    )
    note = _text(null=True)
    answered_at = _moment(null=True)
    answered_automatically = fields.Boolean(required=True)
    created_at = _moment()


class DisputeRead(Output):
    """A dispute over a deliverable."""

    id = _text()
    opened_by = _text()
    was = fields.String(required=True, metadata={"description": "The state before it."})
    reason = _text()
    files = _files()
    answer = _text(null=True)
    answer_files = _files()
    answered_at = _moment(null=True)
    deadline = _moment()
    escalated_at = _moment(null=True)
    to_influencer_percent = fields.Integer(required=True, allow_none=True)
    decision = _text(null=True)
    decided_at = _moment(null=True)
    created_at = _moment()


class LiveCheckRead(Output):
    """What the last look at the published post found."""

    at = _moment()
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

    by = _text()
    until = _moment()
    reason = _text(null=True)


class DeliverableRead(Output):
    """A milestone with its state, its part of the money and what may be done with it now."""

    id = _text()
    position = fields.Integer(required=True)
    title = _text()
    status = fields.String(required=True, validate=STAGE)
    share = fields.Integer(required=True)
    due_on = fields.Date(required=True)
    publish_by = fields.Date(required=True)
    deadline = _moment(null=True)
    acts_at = fields.AwareDateTime(
        required=True,
        allow_none=True,
        metadata={"description": "When what `on_deadline` says happens by itself."},
    )
    on_deadline = _text(null=True)
    sponsor_may_cancel_from = _moment(null=True)
    waits_for = _text(null=True)
    your_turn = fields.Boolean(required=True)
    amount = _money()
    released = _money()
    refunded = _money()
    review_extended = fields.Boolean(required=True)
    awaits_clearance = fields.Boolean(
        required=True, metadata={"description": "An admin looks at the draft first."}
    )
    url = _text(null=True)
    published_at = _moment(null=True)
    check = fields.Nested(LiveCheckRead, required=True, allow_none=True)
    completed_at = _moment(null=True)
    hold_until = _moment(null=True)
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

    committed = _money()
    held = _money()
    released = _money()
    refunded = _money()
    platform_fee_charged = _money()
    fee = _money()
    commission_cap = _money()
    commission_paid = _money()
    platform_fee = _money()


class AgreementRatingRead(Output):
    """What a side thinks of the other; one's own shows at once."""

    by = _text()
    stars = fields.Integer(required=True)
    text = _text()
    created_at = _moment()
    revealed = fields.Boolean(required=True)


class AdRequestRead(Output):
    """Everything about an ad request, as the caller's side sees it."""

    id = _text()
    status = fields.String(required=True, validate=STATUS)
    stage = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The state of the least advanced open deliverable."},
    )
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = _text()
    chosen_ref = _text(null=True)
    awaits_consent = fields.Boolean(required=True)
    campaign = fields.Nested(AgreementCampaign, required=True)
    terms_changed = fields.Boolean(
        required=True,
        metadata={"description": "The campaign's terms changed after the current offer."},
    )
    sponsor = fields.Nested(AgreementSponsor, required=True)
    influencer = fields.Nested(AgreementInfluencer, required=True)
    offers = fields.List(fields.Nested(OfferRead), required=True)
    current_offer = fields.Nested(OfferRead, required=True)
    accepted_offer_id = _text(null=True)
    answer_by = _moment(null=True)
    offer_extended = fields.Boolean(required=True)
    on_deadline = _text(null=True)
    next_deadline = _moment(null=True)
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
    ratings_close_at = _moment(null=True)
    closing_reason = _text(null=True)
    created_at = _moment()
    updated_at = _moment()
    accepted_at = _moment(null=True)
    closed_at = _moment(null=True)
    commission_until = _moment(null=True)


# --- lists --------------------------------------------------------------------------------------


class CampaignBrief(Output):
    """A campaign in a row."""

    id = _text()
    title = _text()


class PartyBrief(Output):
    """A side in a row."""

    id = _text()
    name = _text()
    slug = fields.String()
    photo_url = fields.String(allow_none=True)


class OfferBrief(Output):
    """The current offer in a row."""

    id = _text()
    number = fields.Integer(required=True)
    hash = _text()
    by = _text()
    fee = _money()
    commission = fields.Nested(CommissionRead, required=True, allow_none=True)


class AdRequestSummary(Output):
    """An ad request in a list."""

    id = _text()
    status = fields.String(required=True, validate=STATUS)
    stage = _text(null=True)
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = _text()
    awaits_consent = fields.Boolean(required=True)
    waits_for = fields.List(fields.String(), required=True)
    your_turn = fields.Boolean(required=True)
    next_deadline = _moment(null=True)
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)
    current_offer = fields.Nested(OfferBrief, required=True)
    held = _money()
    released = _money()
    created_at = _moment()
    updated_at = _moment()
    accepted_at = _moment(null=True)
    closed_at = _moment(null=True)


class TurnRead(Output):
    """Something that waits for somebody, and what happens by itself at the deadline."""

    id = _text()
    kind = _text()
    ad_request_id = _text()
    deliverable_id = _text(null=True)
    title = _text()
    waits_for = _text()
    your_turn = fields.Boolean(required=True)
    deadline = _moment()
    on_deadline = _text()
    amount = _money()
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)


class ApplicantInfluencer(AgreementInfluencer):
    """An applicant's figures."""

    niches = fields.List(fields.String(), required=True)
    platforms = fields.List(fields.String(), required=True)
    price = fields.Nested(MoneyRead, required=True, allow_none=True)


class MatchRead(Output):
    """How a profile fits: true where the campaign's wish is met or absent."""

    score = fields.Integer(required=True, metadata={"description": "0 to 100."})
    reach = fields.Boolean(required=True)
    language = fields.Boolean(required=True)
    country = fields.Boolean(required=True)
    platforms = fields.Boolean(required=True)
    niches = fields.List(fields.String(), required=True, metadata={"description": "In common."})


class ApplicantRead(Output):
    """An open proposal, to be compared with others."""

    id = _text()
    status = fields.String(required=True, validate=STATUS)
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = _text()
    waits_for = _text(null=True)
    answer_by = _moment(null=True)
    terms_changed = fields.Boolean(required=True)
    offer = fields.Nested(OfferRead, required=True)
    price_per_thousand = fields.Nested(
        MoneyRead,
        required=True,
        allow_none=True,
        metadata={"description": "Fee for a thousand people reached."},
    )
    influencer = fields.Nested(ApplicantInfluencer, required=True)
    match = fields.Nested(MatchRead, required=True)
    created_at = _moment()


class DisputeCase(DisputeRead):
    """A dispute in the admins' list."""

    ad_request_id = _text()
    deliverable_id = _text()
    title = _text()
    amount = _money()
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)


class WaitingSubmission(Output):
    """A draft that waits for an admin."""

    id = _text()
    number = fields.Integer(required=True)
    text = _text()
    url = _text(null=True)
    files = _files()
    ad_request_id = _text()
    deliverable_id = _text()
    title = _text()
    disclosure_rule = _text()
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)
    deadline = _moment(null=True)
    waiting_since = _moment()
    waiting_seconds = fields.Integer(required=True)


class OfferChange(Output):
    """A field that differs; `of` names the deliverable, `change` the step from old to new."""

    field = _text()
    of = _text(null=True)
    old = fields.Raw(required=True, allow_none=True)
    new = fields.Raw(required=True, allow_none=True)
    change = fields.Float(required=True, allow_none=True)


class OfferDiff(Output):
    """What two offers differ in. Amounts are minor units of `currency`."""

    currency = _text()
    from_number = fields.Integer(required=True)
    to_number = fields.Integer(required=True)
    changes = fields.List(fields.Nested(OfferChange), required=True)
    unchanged = fields.List(fields.String(), required=True)


AdRequestPage = page_of(AdRequestSummary)
ApplicantPage = page_of(ApplicantRead)
DisputePage = page_of(DisputeCase)
WaitingSubmissionPage = page_of(WaitingSubmission)


class CalendarRead(Output):
    """A deliverable with its days, or (without a title and a status) an offer to answer."""

    id = _text()
    ad_request_id = _text()
    title = _text(null=True)
    status = _text(null=True)
    campaign = _text()
    sponsor = _text()
    amount = _money()
    your_turn = fields.Boolean(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    publish_by = fields.Date(required=True, allow_none=True)
    published_at = _moment(null=True)
    answer_by = _moment(null=True)


CalendarPage = page_of(CalendarRead)


class TurnPage(page_of(TurnRead)):  # type: ignore[misc]
    """What waits, with how much of it is one's own turn and how much others', each counted up to
    1,000."""

    mine = fields.Integer(required=True)
    others = fields.Integer(required=True)
