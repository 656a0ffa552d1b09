"""What goes out about agreements in lists; one agreement is in `document_schemas`."""

from __future__ import annotations

from marshmallow import fields

from app.ad_requests.document_schemas import (
    AgreementInfluencer,
    CommissionRead,
    DisputeRead,
    OfferRead,
)
from app.ad_requests.inputs import ORIGIN, STATUS
from app.ad_requests.wire_fields import (
    required_files,
    required_moment,
    required_money,
    required_text,
)
from app.core.schemas import MoneyRead, Output, page_of


class CampaignBrief(Output):
    """A campaign in a row."""

    id = required_text()
    title = required_text()


class PartyBrief(Output):
    """A side in a row."""

    id = required_text()
    name = required_text()
    slug = fields.String()
    photo_url = fields.String(allow_none=True)


class OfferBrief(Output):
    """The current offer in a row."""

    id = required_text()
    number = fields.Integer(required=True)
    hash = required_text()
    by = required_text()
    fee = required_money()
    commission = fields.Nested(CommissionRead, required=True, allow_none=True)


class AdRequestSummary(Output):
    """An ad request in a list."""

    id = required_text()
    status = fields.String(required=True, validate=STATUS)
    stage = required_text(null=True)
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = required_text()
    awaits_consent = fields.Boolean(required=True)
    waits_for = fields.List(fields.String(), required=True)
    your_turn = fields.Boolean(required=True)
    next_deadline = required_moment(null=True)
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)
    current_offer = fields.Nested(OfferBrief, required=True)
    held = required_money()
    released = required_money()
    created_at = required_moment()
    updated_at = required_moment()
    accepted_at = required_moment(null=True)
    closed_at = required_moment(null=True)


class TurnRead(Output):
    """Something that waits for somebody, and what happens by itself at the deadline."""

    id = required_text()
    kind = required_text()
    ad_request_id = required_text()
    deliverable_id = required_text(null=True)
    title = required_text()
    waits_for = required_text()
    your_turn = fields.Boolean(required=True)
    deadline = required_moment()
    on_deadline = required_text()
    amount = required_money()
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

    id = required_text()
    status = fields.String(required=True, validate=STATUS)
    origin = fields.String(required=True, validate=ORIGIN)
    chosen_by = required_text()
    waits_for = required_text(null=True)
    answer_by = required_moment(null=True)
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
    created_at = required_moment()


class DisputeCase(DisputeRead):
    """A dispute in the admins' list."""

    ad_request_id = required_text()
    deliverable_id = required_text()
    title = required_text()
    amount = required_money()
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)


class WaitingSubmission(Output):
    """A draft that waits for an admin."""

    id = required_text()
    number = fields.Integer(required=True)
    text = required_text()
    url = required_text(null=True)
    files = required_files()
    ad_request_id = required_text()
    deliverable_id = required_text()
    title = required_text()
    disclosure_rule = required_text()
    campaign = fields.Nested(CampaignBrief, required=True)
    sponsor = fields.Nested(PartyBrief, required=True)
    influencer = fields.Nested(PartyBrief, required=True)
    deadline = required_moment(null=True)
    waiting_since = required_moment()
    waiting_seconds = fields.Integer(required=True)


AdRequestPage = page_of(AdRequestSummary)
ApplicantPage = page_of(ApplicantRead)
DisputePage = page_of(DisputeCase)
WaitingSubmissionPage = page_of(WaitingSubmission)


class CalendarRead(Output):
    """A deliverable with its days, or (without a title and a status) an offer to answer."""

    id = required_text()
    ad_request_id = required_text()
    title = required_text(null=True)
    status = required_text(null=True)
    campaign = required_text()
    sponsor = required_text()
    amount = required_money()
    your_turn = fields.Boolean(required=True)
    due_on = fields.Date(required=True, allow_none=True)
    publish_by = fields.Date(required=True, allow_none=True)
    published_at = required_moment(null=True)
    answer_by = required_moment(null=True)


CalendarPage = page_of(CalendarRead)


class TurnPage(page_of(TurnRead)):  # type: ignore[misc]
    """What waits, with how much of it is one's own turn and how much others', each counted up to
    1,000."""

    mine = fields.Integer(required=True)
    others = fields.Integer(required=True)
