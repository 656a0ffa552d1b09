"""Wire shapes of what campaigns brought, side by side. Rates are fractions."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.wire_fields import required_moment, required_money, required_text
from app.core.schemas import Input, MoneyRead, Output, day
from app.reporting.results import SORTS

_ORDERS = [*SORTS, *(f"-{name}" for name in SORTS)]


def _count() -> fields.Integer:
    return fields.Integer(required=True)


def _rate(about: str) -> fields.Float:
    return fields.Float(required=True, allow_none=True, metadata={"description": about})


def _each(about: str) -> fields.Nested:
    return fields.Nested(MoneyRead, required=True, allow_none=True, metadata={"description": about})


class PeriodQuery(Input):
    """Which days, both included; the last thirty where left out."""

    since = day(load_default=None)
    until = day(load_default=None)


class ResultsQuery(PeriodQuery):
    """Which days, and by what campaigns are sorted; amounts are compared within a currency."""

    sort = fields.String(load_default="-orders", validate=validate.OneOf(_ORDERS))


class ResultFigures(Output):
    """What was counted, and what follows from it; null where there is nothing to divide by."""

    views = _count()
    interactions = _count()
    clicks = fields.Integer(required=True, metadata={"description": "Counted clicks."})
    orders = fields.Integer(required=True, metadata={"description": "Confirmed orders."})
    conversion_per_click = _rate("orders / clicks")
    net_revenue = required_money()
    spend = required_money()
    roi = _rate("(net_revenue − spend) / spend")
    cost_per_click = _each("spend / clicks")
    cost_per_order = _each("spend / orders")


class ResultCampaign(Output):
    """The campaign that a line is about."""

    id = required_text()
    title = required_text()
    status = required_text()
    currency = required_text()
    starts_on = fields.Date(required=True)
    ends_on = fields.Date(required=True)


class CampaignResult(Output):
    """What one campaign brought in the period."""

    campaign = fields.Nested(ResultCampaign, required=True)
    figures = fields.Nested(ResultFigures, required=True)


class ResultDay(Output):
    """One day; those on which nothing happened are left out."""

    day = fields.Date(required=True)
    views = _count()
    clicks = _count()
    orders = _count()
    net_revenue = required_money()
    spend = required_money()


class CurrencyResult(Output):
    """All campaigns of one currency together, and by day."""

    currency = required_text()
    figures = fields.Nested(ResultFigures, required=True)
    days = fields.List(fields.Nested(ResultDay), required=True)


class WithoutCampaign(Output):
    """What came through links that belong to no campaign."""

    clicks = _count()
    orders = _count()


class ResultsRead(Output):
    """A sponsor's campaigns side by side; `campaigns` are the first of `campaigns_total`."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)
    campaigns = fields.List(fields.Nested(CampaignResult), required=True)
    campaigns_total = _count()
    currencies = fields.List(fields.Nested(CurrencyResult), required=True)
    without_campaign = fields.Nested(WithoutCampaign, required=True)
    computed_at = required_moment()
