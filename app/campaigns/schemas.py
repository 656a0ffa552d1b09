"""What goes out about campaigns: to owner and admins, to influencers, to anyone."""

from __future__ import annotations

from marshmallow import fields

from app.campaigns.inputs import APPROVAL, STATUS, VISIBILITY
from app.campaigns.lifecycle import AttributionTouch
from app.core.schemas import MoneyRead, Output, page_of
from app.identity.profile_schemas import PunctualityRead


class CampaignSponsorRead(Output):
    """Who pays."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    industry = fields.String(required=True)
    logo_file_id = fields.String(required=True, allow_none=True)
    rating_count = fields.Integer(required=True)
    rating = fields.Function(
        lambda sponsor: (
            round(sponsor.rating_sum / sponsor.rating_count, 2) if sponsor.rating_count else None
        ),
        metadata={"type": ["number", "null"], "description": "Mean of 1 to 5 stars."},
    )
    punctuality = fields.Nested(PunctualityRead, required=True)


class CampaignBrandRead(Output):
    """What is advertised."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    site = fields.String(required=True)


class CampaignProductRead(Output):
    """A product that is advertised."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    url = fields.String(required=True)
    price = fields.Nested(MoneyRead, required=True, allow_none=True)


class CampaignPhaseRead(Output):
    """A phase."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class CampaignDeliverableRead(Output):
    """Something that each influencer should deliver."""

    title = fields.String(required=True)
    platform = fields.String(required=True, allow_none=True)
    notes = fields.String(required=True)
    share = fields.Integer(required=True, allow_none=True)
    due_on = fields.String(required=True, allow_none=True, metadata={"format": "date"})


class OpenCampaignSummary(Output):
    """An open campaign in a list."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    excerpt = fields.String(required=True, metadata={"description": "The first words."})
    niches = fields.List(fields.String(), required=True)
    sponsor = fields.Nested(CampaignSponsorRead, required=True)
    brand = fields.Nested(CampaignBrandRead, required=True, allow_none=True)
    budget = fields.Nested(MoneyRead, required=True)
    fee_from = fields.Nested(MoneyRead, required=True, allow_none=True)
    fee_to = fields.Nested(MoneyRead, required=True, allow_none=True)
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    time_zone = fields.String(required=True)
    language = fields.String(required=True)
    countries = fields.List(fields.String(), required=True)
    platforms = fields.List(fields.String(), required=True)
    min_reach = fields.Integer(required=True)
    influencers_wanted = fields.Integer(required=True, allow_none=True)
    published_at = fields.DateTime(required=True, allow_none=True)


class OpenCampaignRead(OpenCampaignSummary):
    """An open campaign as anyone sees it."""

    status = fields.String(required=True, validate=STATUS)
    visibility = fields.String(required=True, validate=VISIBILITY)
    description = fields.String(required=True)
    description_html = fields.String(
        required=True, metadata={"description": "The description, rendered and cleaned."}
    )
    goals = fields.String(required=True)
    products = fields.List(fields.Nested(CampaignProductRead), required=True)
    product_url = fields.String(required=True)
    phases = fields.List(fields.Nested(CampaignPhaseRead), required=True)
    deliverables = fields.List(fields.Nested(CampaignDeliverableRead), required=True)
    usage_rights = fields.String(required=True)
    disclosure_rule = fields.String(required=True)
    disclosure_tags = fields.List(fields.String(), required=True)
    terms_version = fields.Integer(required=True)
    hold_days = fields.Integer(required=True, allow_none=True)
    attribution_touch = fields.Enum(AttributionTouch, by_value=True, required=True)
    attribution_window_days = fields.Integer(required=True)
    coupon_beats_link = fields.Boolean(required=True)


class CampaignFit(Output):
    """How a campaign suits the reader's profile; true also where the campaign asks for nothing."""

    reach = fields.Boolean(required=True)
    language = fields.Boolean(required=True)
    country = fields.Boolean(required=True)
    platforms = fields.Boolean(required=True)
    niches = fields.List(fields.String(), required=True, metadata={"description": "In common."})


class OpportunitySummary(OpenCampaignSummary):
    """An open campaign in an influencer's list."""

    fit = fields.Nested(CampaignFit, required=True)


class OwnAdRequest(Output):
    """The latest ad request between the reader and the campaign."""

    id = fields.String(required=True)
    status = fields.String(required=True)
    live = fields.Boolean(
        required=True, metadata={"description": "Proposed, negotiated or active."}
    )


class OpportunityRead(OpenCampaignRead):
    """A campaign as an influencer sees it."""

    fit = fields.Nested(CampaignFit, required=True)
    ad_request = fields.Nested(OwnAdRequest, required=True, allow_none=True)
    actions = fields.List(fields.String(), required=True)


class CampaignSummary(OpenCampaignSummary):
    """A campaign in the list of its sponsor or of an admin."""

    status = fields.String(required=True, validate=STATUS)
    visibility = fields.String(required=True, validate=VISIBILITY)
    phases = fields.List(fields.Nested(CampaignPhaseRead), required=True)
    approval = fields.String(required=True, validate=APPROVAL)
    approval_reason = fields.String(required=True, allow_none=True)
    submitted_at = fields.DateTime(required=True, allow_none=True)
    committed = fields.Nested(MoneyRead, required=True)
    spent = fields.Nested(MoneyRead, required=True)
    free = fields.Nested(MoneyRead, required=True)
    open_agreements = fields.Integer(required=True)
    hidden = fields.Boolean(required=True)
    suspended = fields.Boolean(required=True)
    flagged = fields.Boolean(required=True)
    created_at = fields.DateTime(required=True)
    updated_at = fields.DateTime(required=True)
    actions = fields.List(
        fields.String(), required=True, metadata={"description": "What you may do now."}
    )


class CampaignRead(OpenCampaignRead, CampaignSummary):
    """A campaign with everything, for its sponsor and for admins."""

    sponsor_id = fields.String(required=True)
    brand_id = fields.String(required=True, allow_none=True)
    product_ids = fields.List(fields.String(), required=True)
    ended_at = fields.DateTime(required=True, allow_none=True)
    version = fields.Integer(required=True)


CampaignSummaryPage = page_of(CampaignSummary)
OpenCampaignPage = page_of(OpenCampaignSummary)
OpportunityPage = page_of(OpportunitySummary)
