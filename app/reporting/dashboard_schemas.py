"""Wire shapes of dashboards, their figures, and the links that share them."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.wire_fields import required_moment, required_money, required_text
from app.core.schemas import MoneyRead, Output, page_of
from app.reporting.dashboard_fields import FieldType, Unit
from app.reporting.dashboard_models import ChartKind
from app.reporting.report_schemas import ReportInfluencer

_TYPE = validate.OneOf([one.value for one in FieldType])
_UNIT = validate.OneOf([one.value for one in Unit])


class FilterRead(Output):
    """Values of a field that a panel keeps."""

    field = required_text()
    values = fields.List(fields.String(allow_none=True), required=True)


class SharedPanelRead(Output):
    """One chart, as anyone with the link sees it."""

    id = required_text()
    title = required_text()
    chart = fields.Enum(ChartKind, by_value=True, required=True)
    dimensions = fields.List(fields.String(), required=True)
    measures = fields.List(fields.String(), required=True)
    width = fields.Integer(required=True)
    height = fields.Integer(required=True)


class PanelRead(SharedPanelRead):
    """One chart of a dashboard."""

    filters = fields.List(fields.Nested(FilterRead), required=True, attribute="kept")


class DashboardCampaign(Output):
    """The campaign that a dashboard is of."""

    id = required_text()
    title = required_text()


class DashboardSponsor(Output):
    """The sponsor that keeps it."""

    id = required_text()
    name = required_text()


class DashboardRead(Output):
    """A dashboard with its panels, in their order."""

    id = required_text()
    name = required_text()
    sponsor = fields.Nested(DashboardSponsor, required=True)
    campaign = fields.Nested(DashboardCampaign, required=True, allow_none=True)
    last_days = fields.Integer(required=True, allow_none=True)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    panels = fields.List(fields.Nested(PanelRead), required=True)
    version = fields.Integer(required=True)
    created_at = required_moment()
    updated_at = required_moment()


DashboardPage = page_of(DashboardRead)


class SharedDashboardRead(Output):
    """A dashboard as anyone with the link sees it: names and charts, no ids of anybody."""

    name = required_text()
    sponsor = fields.Pluck(DashboardSponsor, "name", required=True)
    campaign = fields.Pluck(DashboardCampaign, "title", required=True, allow_none=True)
    last_days = fields.Integer(required=True, allow_none=True)
    since = fields.Date(required=True, allow_none=True)
    until = fields.Date(required=True, allow_none=True)
    panels = fields.List(fields.Nested(SharedPanelRead), required=True)


class ShareRead(Output):
    """A link to a dashboard; what stands in it is not kept."""

    id = required_text()
    name = required_text()
    created_at = required_moment()
    expires_at = required_moment(null=True)


class ShareList(Output):
    """The links of a dashboard that were not revoked, the newest first."""

    items = fields.List(fields.Nested(ShareRead), required=True)


class ShareMadeRead(ShareRead):
    """A new link with its address, this one time."""

    url = required_text()


class ShownField(Output):
    """A field of a panel, with what the page needs to draw it."""

    key = required_text()
    type = fields.Enum(FieldType, by_value=True, required=True)


class ShownMeasure(ShownField):
    """A measure of a panel."""

    unit = fields.Enum(Unit, by_value=True, required=True)


class FieldValue(Output):
    """A value of a dimension; `label` where the page has no words for it, null for none."""

    value = required_text(null=True)
    label = required_text(null=True)


class FigureRow(Output):
    """A value of each dimension, and a number for each measure: money in minor units of
    `currency`, rates as fractions, null where there is nothing to divide by."""

    keys = fields.List(fields.Nested(FieldValue), required=True)
    values = fields.List(fields.Float(allow_none=True), required=True)
    currency = required_text(null=True)


class FiguresRead(Output):
    """What a panel shows. Of more rows than are here (`truncated`) these are the latest, and
    without time the largest. Rows of several `currencies` are of one each."""

    dimensions = fields.List(fields.Nested(ShownField), required=True)
    measures = fields.List(fields.Nested(ShownMeasure), required=True)
    rows = fields.List(fields.Nested(FigureRow), required=True)
    currencies = fields.List(fields.String(), required=True)
    truncated = fields.Boolean(required=True)
    computed_at = required_moment()


class DashboardField(Output):
    """A field that can be shown. Its label is the message `dashboards.fields.<key>`; `columns` are
    those of the daily figures that a measure is made of."""

    key = required_text()
    type = fields.String(required=True, validate=_TYPE)
    unit = fields.String(required=True, allow_none=True, validate=_UNIT)
    columns = fields.List(fields.String(), required=True)
    choices = fields.List(
        fields.Nested(FieldValue),
        required=True,
        metadata={"description": "Values that a filter may keep; empty where none can."},
    )


class DashboardFields(Output):
    """Every field that a dashboard can show."""

    dimensions = fields.List(fields.Nested(DashboardField), required=True)
    measures = fields.List(fields.Nested(DashboardField), required=True)


class PointLink(Output):
    """A link, as its page is found."""

    id = required_text()
    code = required_text()


class PointPart(Output):
    """What one link, or an agreement's posts and fees, added to a point, on which days."""

    link = fields.Nested(PointLink, required=True, allow_none=True)
    ad_request_id = required_text(null=True)
    campaign = fields.Nested(DashboardCampaign, required=True)
    influencer = fields.Nested(ReportInfluencer, required=True)
    since = fields.Date(required=True)
    until = fields.Date(required=True)
    posts = fields.Integer(required=True)
    interactions = fields.Integer(required=True)
    clicks = fields.Integer(required=True, metadata={"description": "Counted clicks."})
    clicks_by_reason = fields.Dict(keys=fields.String(), values=fields.Integer(), required=True)
    orders = fields.Integer(required=True)
    revenue = required_money()
    refunds = required_money()
    spend = required_money()


class PointOrder(Output):
    """A confirmed order behind a point."""

    id = required_text()
    external_id = required_text()
    ordered_at = required_moment()
    revenue = fields.Nested(MoneyRead, required=True, allow_none=True)
    refund = fields.Nested(MoneyRead, required=True, allow_none=True)
    influencer = required_text(null=True)
    link = fields.Nested(PointLink, required=True, allow_none=True)


class PointRead(Output):
    """What lies behind a point: what counted most, and the latest orders."""

    parts = fields.List(fields.Nested(PointPart), required=True)
    more_parts = fields.Boolean(required=True)
    orders = fields.List(fields.Nested(PointOrder), required=True)
    more_orders = fields.Boolean(required=True)
