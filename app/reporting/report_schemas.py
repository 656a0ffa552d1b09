"""Wire shapes of a campaign's report. Rates are fractions: 0.2232 is 22.32 %."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.lifecycle import ChosenBy
from app.ad_requests.wire_fields import required_moment, required_money, required_text
from app.core.schemas import MoneyRead, Output
from app.reporting.campaign_report import Base
from app.statistics.sources import Source


def _count() -> fields.Integer:
    return fields.Integer(required=True)


def _rate(about: str) -> fields.Float:
    return fields.Float(required=True, allow_none=True, metadata={"description": about})


def _each() -> fields.Nested:
    return fields.Nested(MoneyRead, required=True, allow_none=True)


def _chosen_by(*, null: bool = False) -> fields.String:
    return fields.String(
        required=True, allow_none=null, validate=validate.OneOf([one.value for one in ChosenBy])
    )


def _kind() -> fields.String:
    return fields.String(required=True, validate=validate.OneOf([one.value for one in Source]))


class SentimentShare(Output):
    """Comments of one sentiment, and their share of those whose sentiment is known."""

    count = _count()
    share = _rate("count / labelled")


class SentimentFigures(Output):
    """Comments by sentiment."""

    positive = fields.Nested(SentimentShare, required=True)
    negative = fields.Nested(SentimentShare, required=True)
    neutral = fields.Nested(SentimentShare, required=True)
    not_concerned = fields.Nested(SentimentShare, required=True)


class ReportFigures(Output):
    """What was counted, and what follows from it; null where there is nothing to divide by."""

    influencers = fields.Integer(
        required=True, metadata={"description": "Influencers with a published post."}
    )
    posts = _count()
    figured = fields.Integer(
        required=True, metadata={"description": "Posts whose figures somebody has stated."}
    )
    views = _count()
    reactions = _count()
    comments = _count()
    shares = _count()
    interactions = _count()
    labelled = fields.Integer(
        required=True, metadata={"description": "Comments whose sentiment is known."}
    )
    sentiment = fields.Nested(SentimentFigures, required=True)
    engagement_rate = _rate("interactions / engagement_base")
    engagement_base = fields.Enum(Base, by_value=True, required=True, allow_none=True)
    clicks = fields.Integer(required=True, metadata={"description": "Counted clicks."})
    click_per_interaction = _rate("clicks / interactions")
    orders = fields.Integer(required=True, metadata={"description": "Confirmed orders."})
    conversion_per_click = _rate("orders / clicks")
    revenue = required_money()
    refunds = required_money()
    spend = required_money()
    cost_per_click = _each()
    cost_per_order = _each()
    roi = _rate("(revenue − refunds − spend) / spend")
    orders_per_influencer = _rate("Average influencer efficiency: orders / influencers")
    revenue_per_influencer = _each()


class FigureChange(Output):
    """From the phase before: relative, or the difference of two rates where `in_points`; that
    difference lies from `low` to `high` with 95 % certainty."""

    value = fields.Float(required=True)
    in_points = fields.Boolean(required=True)
    low = fields.Float(required=True, allow_none=True)
    high = fields.Float(required=True, allow_none=True)


class ReportPhase(Output):
    """One phase; `chosen_by` are the ways in which the influencers of its posts were chosen."""

    id = required_text()
    name = required_text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    chosen_by = fields.List(_chosen_by(), required=True)
    figures = fields.Nested(ReportFigures, required=True)
    change = fields.Dict(
        keys=fields.String(),
        values=fields.Nested(FigureChange, allow_none=True),
        required=True,
        allow_none=True,
        metadata={"description": "By figure; null for the first phase."},
    )


class ReportInfluencer(Output):
    """Whose part it is."""

    id = required_text()
    name = required_text()
    slug = required_text()


class BriefFigures(Output):
    """What one influencer brought."""

    posts = _count()
    interactions = _count()
    clicks = _count()
    orders = _count()
    revenue = required_money()
    refunds = required_money()
    spend = required_money()
    conversion_per_click = _rate("orders / clicks")
    cost_per_order = _each()
    roi = _rate("(revenue − refunds − spend) / spend")


class InfluencerPhase(BriefFigures):
    """The same in one phase."""

    id = required_text()


class InfluencerFigures(Output):
    """One influencer, in all and by phase."""

    influencer = fields.Nested(ReportInfluencer, required=True)
    ad_request_id = required_text(null=True)
    chosen_by = _chosen_by(null=True)
    total = fields.Nested(BriefFigures, required=True)
    phases = fields.List(fields.Nested(InfluencerPhase), required=True)


class ChoiceFigures(Output):
    """All influencers who were chosen in one way."""

    chosen_by = _chosen_by()
    figures = fields.Nested(ReportFigures, required=True)


class DayFigures(Output):
    """One day in the campaign's time zone; days on which nothing happened are left out."""

    day = fields.Date(required=True)
    posts = _count()
    clicks = _count()
    orders = _count()
    revenue = required_money()


class FigureSource(Output):
    """Where a figure comes from; what it is made of stood there from `oldest` to `latest`."""

    figure = required_text()
    kind = _kind()
    source = required_text()
    oldest = required_moment(null=True)
    latest = required_moment(null=True)


class BestPost(Output):
    """One of the posts with the most interactions."""

    deliverable_id = required_text()
    ad_request_id = required_text()
    title = required_text()
    url = required_text()
    published_at = required_moment()
    influencer = fields.Nested(ReportInfluencer, required=True)
    reactions = _count()
    comments = _count()
    shares = _count()
    interactions = _count()
    views = fields.Integer(required=True, allow_none=True)
    engagement_rate = _rate("interactions / engagement_base")
    engagement_base = fields.Enum(Base, by_value=True, required=True, allow_none=True)
    kind = _kind()
    as_of = required_moment()


class ReportCampaign(Output):
    """What the report is about."""

    id = required_text()
    title = required_text()
    status = required_text()
    currency = required_text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)
    time_zone = required_text()


class CampaignReportRead(Output):
    """The report of a campaign; an influencer's holds the own part."""

    campaign = fields.Nested(ReportCampaign, required=True)
    phases = fields.List(fields.Nested(ReportPhase), required=True)
    outside = fields.Nested(
        ReportFigures,
        required=True,
        allow_none=True,
        metadata={"description": "What lies outside every phase."},
    )
    total = fields.Nested(ReportFigures, required=True)
    influencers = fields.List(fields.Nested(InfluencerFigures), required=True)
    influencers_total = _count()
    choices = fields.List(fields.Nested(ChoiceFigures), required=True)
    days = fields.List(fields.Nested(DayFigures), required=True)
    clicks_by_reason = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    sources = fields.List(fields.Nested(FigureSource), required=True)
    unconfirmed_orders = fields.Integer(
        required=True,
        metadata={"description": "Orders that nobody has confirmed yet; they count nowhere."},
    )
    best_posts = fields.List(fields.Nested(BestPost), required=True)
    computed_at = required_moment()
