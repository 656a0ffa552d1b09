"""Wire shapes of what campaigns brought, side by side. Rates are fractions."""

from __future__ import annotations

from marshmallow import fields, validate

from app.ad_requests.wire_fields import required_moment, required_money, required_text
from app.attribution.click_rules import Reason
from app.attribution.order_facts import OrderSourceKind
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


class ResultSponsor(Output):
    """Whose campaign or shop it is."""

    id = required_text()
    name = required_text()


class TopCampaign(CampaignResult):
    """One of the campaigns of all sponsors that brought most."""

    sponsor = fields.Nested(ResultSponsor, required=True)


class DayOfRequests(Output):
    """Requests for links on one day by what became of them: they sum to all that there were."""

    day = fields.Date(required=True)
    reasons = fields.Dict(
        keys=fields.String(validate=validate.OneOf([reason.value for reason in Reason])),
        values=fields.Integer(),
        required=True,
    )


class OrdersOfSource(Output):
    """Orders of the period that came one way: only what is confirmed counts anywhere."""

    source = fields.Enum(OrderSourceKind, by_value=True, required=True)
    confirmed = _count()
    unconfirmed = _count()


class RefusedMessages(Output):
    """An order source whose last message was refused, with the type of that problem."""

    sponsor = fields.Nested(ResultSponsor, required=True)
    source = fields.Enum(OrderSourceKind, by_value=True, required=True)
    reason = required_text()
    at = required_moment()


class LinksHealth(Output):
    """What is wrong at the moment; `oldest_click` is the first that is not counted yet."""

    broken_links = _count()
    blocked_links = _count()
    unverified_domains = _count()
    lost_domains = _count()
    lapsed_domains = _count()
    gateway_events = fields.Integer(
        required=True, metadata={"description": "Messages of gateways that wait to be applied."}
    )
    refusals = fields.List(fields.Nested(RefusedMessages), required=True)
    waiting_bytes = fields.Integer(
        required=True, metadata={"description": "Of the click log, not counted yet."}
    )
    oldest_click = required_moment(null=True)


class PlatformResultsRead(Output):
    """What all campaigns brought, and whether links, domains and shops are well."""

    since = fields.Date(required=True)
    until = fields.Date(required=True)
    currencies = fields.List(fields.Nested(CurrencyResult), required=True)
    without_campaign = fields.Nested(WithoutCampaign, required=True)
    campaigns = fields.List(fields.Nested(TopCampaign), required=True)
    clicks_by_day = fields.List(fields.Nested(DayOfRequests), required=True)
    orders = fields.List(fields.Nested(OrdersOfSource), required=True)
    health = fields.Nested(LinksHealth, required=True)
    computed_at = required_moment()
