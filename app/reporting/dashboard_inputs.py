"""What comes in about dashboards: panels with their fields, periods, points and links."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from app.core.schemas import Input, PageQuery, day, public_id, text
from app.core.schemas import whole_number as whole
from app.reporting.dashboard_fields import DIMENSIONS, MEASURES, problems
from app.reporting.dashboard_models import LONGEST_DAYS, TALLEST, WIDEST, ChartKind

MOST_PANELS = 24
MOST_FILTERED = 50
LONGEST_VALUE = 2000

_FILTERS = [key for key, field in DIMENSIONS.items() if field.filters]
_CHART = validate.OneOf([one.value for one in ChartKind])


def _dimensions(**kwargs: Any) -> fields.List:
    return fields.List(
        fields.String(validate=validate.OneOf(list(DIMENSIONS))),
        validate=validate.Length(max=3, error="Give at most {max}."),
        **kwargs,
    )


def _measures(**kwargs: Any) -> fields.List:
    return fields.List(
        fields.String(validate=validate.OneOf(list(MEASURES))),
        required=True,
        validate=validate.Length(1, 6, error="Give {min} to {max}."),
        **kwargs,
    )


class FilterInput(Input):
    """Values of a field that a panel keeps; null stands for none."""

    field = fields.String(required=True, validate=validate.OneOf(_FILTERS))
    values = fields.List(
        fields.String(allow_none=True, validate=validate.Length(max=LONGEST_VALUE)),
        required=True,
        validate=validate.Length(1, MOST_FILTERED, error="Give {min} to {max}."),
    )


class PanelInput(Input):
    """One chart: its fields, how it is drawn, and its size. The order of panels is their place."""

    id = public_id("pnl", allow_none=True, load_default=None)
    title = text(120, load_default="")
    chart = fields.String(required=True, validate=_CHART)
    dimensions = _dimensions(load_default=list)
    measures = _measures()
    filters = fields.List(
        fields.Nested(FilterInput),
        load_default=list,
        validate=validate.Length(max=len(_FILTERS), error="Give at most {max}."),
    )
    width = whole(1, WIDEST, load_default=2, metadata={"description": "Quarters of the page."})
    height = whole(1, TALLEST, load_default=2)

    @validates_schema
    def _fit(self, data: dict[str, Any], **_kwargs: Any) -> None:
        filtered = [one["field"] for one in data["filters"]]
        if len(set(filtered)) < len(filtered):
            raise ValidationError({"filters": ["Name each field once."]})
        found = problems(data["dimensions"], data["measures"], filtered)
        if found:
            raise ValidationError({name: [words] for name, words in found.items()})

    @post_load
    def _by_field(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        return {**data, "filters": {one["field"]: one["values"] for one in data["filters"]}}


def _panels(**kwargs: Any) -> fields.List:
    return fields.List(
        fields.Nested(PanelInput),
        validate=validate.Length(max=MOST_PANELS, error="A dashboard has at most {max} panels."),
        **kwargs,
    )


class DashboardUpdate(Input):
    """What to change. A period is given whole: the last days, or from which day to which (neither:
    all days). Panels replace those that are there."""

    name = text(80, shortest=1)
    last_days = whole(1, LONGEST_DAYS, allow_none=True)
    since = day(allow_none=True)
    until = day(allow_none=True)
    panels = _panels()


class DashboardCreate(DashboardUpdate):
    """A dashboard of one of the sponsor's campaigns; without `campaign_id` of all."""

    name = text(80, shortest=1, required=True)
    campaign_id = public_id("cmp", allow_none=True, load_default=None)
    panels = _panels(load_default=list)


class DashboardCopy(Input):
    """What the copy is called."""

    name = text(80, shortest=1, required=True)


class DashboardQuery(PageQuery):
    """Filters of the list of dashboards."""

    campaign_id = public_id("cmp", load_default=None)


class AdminDashboardQuery(DashboardQuery):
    """The same, of one sponsor."""

    sponsor_id = public_id("spn", load_default=None)


class ShareCreate(Input):
    """A link that ends after `days`; without them it lasts until it is revoked."""

    name = text(80, load_default="", metadata={"description": "Whom it is for."})
    days = whole(1, 365, allow_none=True, load_default=None)


class FieldsQuery(Input):
    """Of which campaign; all campaigns without it."""

    campaign_id = public_id("cmp", load_default=None)


class FiguresQuery(FieldsQuery):
    """The fields of a panel that is not kept yet. A filter is `field:value`, with an empty value
    for none."""

    dimension = _dimensions(load_default=list)
    measure = _measures()
    filter = fields.List(
        fields.String(
            validate=validate.Regexp(
                rf"^({'|'.join(_FILTERS)}):.{{0,{LONGEST_VALUE}}}\Z",
                error="Give a field and a value, such as influencer:inf_….",
            )
        ),
        load_default=list,
        validate=validate.Length(max=MOST_FILTERED * len(_FILTERS), error="Give at most {max}."),
    )
    last_days = fields.Integer(
        load_default=None,
        validate=validate.Range(1, LONGEST_DAYS, error="Give a number from {min} to {max}."),
    )
    since = day(load_default=None)
    until = day(load_default=None)

    @post_load
    def _by_field(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        kept: dict[str, list[str | None]] = {}
        for one in data.pop("filter"):
            name, _, value = one.partition(":")
            kept.setdefault(name, []).append(value or None)
        return {**data, "filters": kept}


class PointQuery(Input):
    """A point of a panel: the value of each of its dimensions, in their order; empty for none."""

    key = fields.List(
        fields.String(validate=validate.Length(max=LONGEST_VALUE)),
        load_default=list,
        validate=validate.Length(max=3, error="Give at most {max}."),
    )


class PointFiguresQuery(FiguresQuery, PointQuery):
    """A point of a panel that is not kept yet."""
