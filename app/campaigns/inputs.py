"""What comes in about campaigns: briefs, decisions, and the queries of lists."""

from __future__ import annotations

from marshmallow import fields, validate

from app.brands.schemas import address
from app.campaigns.lifecycle import Approval, AttributionTouch, CampaignStatus, Visibility
from app.core.schemas import (
    Input,
    PageQuery,
    amount,
    day,
    flag,
    multiline,
    public_id,
    public_ids,
    text,
    whole_number,
)
from app.identity.models import Platform

LANGUAGE = validate.Regexp(
    r"^(|[a-z]{2,3}(-[A-Za-z0-9]{2,8})?)\Z", error="Give a language such as en or pt-BR."
)
PLATFORM = validate.OneOf([platform.value for platform in Platform])
STATUS = validate.OneOf([status.value for status in CampaignStatus])
VISIBILITY = validate.OneOf([visibility.value for visibility in Visibility])
APPROVAL = validate.OneOf([approval.value for approval in Approval])
MAX_REACH = 10**12


def _at_most(count: int) -> validate.Length:
    return validate.Length(max=count, error="At most {max}.")


class CampaignPhaseInput(Input):
    """A stretch of days inside the campaign."""

    name = text(80, shortest=1, required=True)
    starts_on = day(required=True)
    ends_on = day(required=True)


class CampaignDeliverableInput(Input):
    """Something that each influencer should deliver. Shares are percent and sum to 100."""

    title = text(120, shortest=1, required=True)
    platform = fields.String(validate=PLATFORM, allow_none=True, load_default=None)
    notes = multiline(1000, load_default="")
    share = whole_number(1, 100, allow_none=True, load_default=None)
    due_on = day(allow_none=True, load_default=None)


class CampaignUpdate(Input):
    """Changes of a brief; what is left out stays."""

    title = text(160, shortest=1)
    description = multiline(10_000, metadata={"description": "Markdown."})
    goals = multiline(2000)
    niches = fields.List(text(60, shortest=1), validate=_at_most(20))
    visibility = fields.String(validate=VISIBILITY)
    budget = amount()
    starts_on = day()
    ends_on = day(metadata={"description": "The last day; it ends at midnight in `time_zone`."})
    time_zone = text(64, shortest=1, metadata={"example": "Europe/Paris"})
    brand_id = public_id("brd", allow_none=True)
    product_ids = fields.List(public_id("prd"), validate=_at_most(50))
    product_url = address("The page that tracking links lead to; empty for none.")
    phases = fields.List(fields.Nested(CampaignPhaseInput), validate=_at_most(20))
    deliverables = fields.List(fields.Nested(CampaignDeliverableInput), validate=_at_most(20))
    usage_rights = multiline(4000)
    disclosure_rule = multiline(2000)
    disclosure_tags = fields.List(
        text(60, shortest=1),
        validate=_at_most(10),
        metadata={"description": "Any of these in a post discloses it as paid."},
    )
    hold_days = whole_number(
        0,
        90,
        allow_none=True,
        metadata={"description": "Days between release and payout; null for the usual."},
    )
    attribution_touch = fields.Enum(
        AttributionTouch,
        by_value=True,
        metadata={"description": "Which of several clicks within the window an order belongs to."},
    )
    attribution_window_days = whole_number(
        1, 90, metadata={"description": "Days after a click in which an order counts for it."}
    )
    coupon_beats_link = flag(
        metadata={"description": "Whether a coupon code decides even where a click counts."},
    )
    influencers_wanted = whole_number(1, 10_000, allow_none=True)
    language = fields.String(validate=LANGUAGE)
    countries = fields.List(text(80, shortest=1), validate=_at_most(50))
    platforms = fields.List(fields.String(validate=PLATFORM), validate=_at_most(20))
    min_reach = whole_number(0, MAX_REACH)
    fee_from = amount(allow_none=True)
    fee_to = amount(allow_none=True)


class CampaignCreate(CampaignUpdate):
    """A new brief."""

    title = text(160, shortest=1, required=True)
    budget = amount(required=True)
    starts_on = day(required=True)
    ends_on = day(required=True)


class SponsorCampaignCreate(CampaignCreate):
    """A new brief that an admin writes for a sponsor."""

    sponsor_id = public_id("spn", required=True)


class CampaignDecision(Input):
    """Why a campaign is approved or returned; its sponsor reads it."""

    reason = multiline(2000, load_default="")


class CampaignApprovals(Input):
    """One decision on many waiting campaigns."""

    ids = public_ids("cmp")
    decision = fields.String(required=True, validate=validate.OneOf(["approve", "return"]))
    reason = multiline(2000, load_default="")


class SponsorCampaignFilters(Input):
    """Which of the own campaigns are wanted; `status` may stand several times."""

    q = text(120, load_default=None)
    status = fields.List(fields.String(validate=STATUS), load_default=list)
    visibility = fields.String(validate=VISIBILITY, load_default=None)
    approval = fields.String(validate=APPROVAL, load_default=None)
    brand_id = public_id("brd", load_default=None)
    niche = text(60, load_default=None)


class SponsorCampaignQuery(SponsorCampaignFilters, PageQuery):
    """Filters of the own campaigns.

    Sorts: created_at, title, budget, committed, spent, starts_on, ends_on.
    """


class AdminCampaignFilters(SponsorCampaignFilters):
    """Which of all campaigns are wanted."""

    sponsor_id = public_id("spn", load_default=None)
    flagged = fields.Boolean(load_default=None)


class AdminCampaignQuery(AdminCampaignFilters, SponsorCampaignQuery):
    """Filters of all campaigns. Further sort: submitted_at."""


class OpenCampaignQuery(PageQuery):
    """The search among open campaigns.

    Sorts: newest, budget, ends_on (with - to turn them round), and relevance with `q`. `niche`
    and `platform` may stand several times: any of them counts.
    """

    q = text(120, load_default=None, metadata={"description": "All of its words must occur."})
    niche = fields.List(text(60, shortest=1), load_default=list, validate=_at_most(10))
    platform = fields.List(fields.String(validate=PLATFORM), load_default=list)
    min_budget = fields.Integer(load_default=None, validate=validate.Range(0, 10**12))
    max_budget = fields.Integer(load_default=None, validate=validate.Range(0, 10**12))
    currency = fields.String(load_default=None, validate=validate.Regexp(r"^[A-Z]{3}\Z"))
    running_on = day(load_default=None)
    starts_after = day(load_default=None)
    sponsor_id = public_id("spn", load_default=None)
    language = fields.String(load_default=None, validate=LANGUAGE)
    country = text(80, load_default=None)
    reach = fields.Integer(
        load_default=None,
        validate=validate.Range(0, MAX_REACH),
        metadata={"description": "Only campaigns that ask for this reach or less."},
    )


class OpportunityQuery(OpenCampaignQuery):
    """The search among open campaigns, with what suits the own profile."""

    fits = fields.Boolean(
        load_default=False,
        metadata={"description": "Only what asks for no more than the own reach."},
    )
