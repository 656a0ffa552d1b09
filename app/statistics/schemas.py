"""Wire shapes of the figures of posts."""

from __future__ import annotations

from marshmallow import fields, validate

from app.core.schemas import Input, Output, moment, multiline, public_id, whole_number
from app.files.schemas import FileRead
from app.statistics.figures_table import LARGEST
from app.statistics.sources import MOST, Source


def _count() -> fields.Integer:
    return whole_number(0, MOST, required=True)


def _optional_count(about: str) -> fields.Integer:
    return whole_number(
        0, MOST, load_default=None, allow_none=True, metadata={"description": about}
    )


class PostFiguresCreate(Input):
    """What a post has reached since it was published."""

    reactions = _count()
    comments = _count()
    shares = _count()
    views = _optional_count("Left out where nobody knows them.")
    followers = _optional_count("Of the account, at the posting; left out, those of the profile.")
    positive = _optional_count("Comments by their sentiment: all four, or none.")
    negative = _optional_count("Comments against the product.")
    neutral = _optional_count("Comments on the product that take no side.")
    not_concerned = _optional_count("Comments on something else.")
    source = fields.Enum(Source, by_value=True, load_default=Source.REPORTED)
    as_of = moment(
        load_default=None,
        allow_none=True,
        metadata={"description": "When it stood there; now, where left out."},
    )
    screenshot_file_id = public_id("fil", load_default=None, allow_none=True)
    note = multiline(1000, load_default="")


class PostFiguresTable(Input):
    """A CSV of figures, as `posts.csv` of the campaign gives it out."""

    csv = fields.String(
        required=True,
        validate=validate.Length(1, LARGEST, error="Give a table of 1 to {max} characters."),
    )


class PostFiguresRead(Output):
    """Figures of a post; the `current` ones count, corrected ones are history."""

    id = fields.String(required=True)
    by = fields.String(required=True)
    source = fields.Enum(Source, by_value=True, required=True)
    as_of = fields.AwareDateTime(required=True)
    reactions = fields.Integer(required=True)
    comments = fields.Integer(required=True)
    shares = fields.Integer(required=True)
    interactions = fields.Integer(required=True)
    views = fields.Integer(required=True, allow_none=True)
    followers = fields.Integer(required=True, allow_none=True)
    positive = fields.Integer(required=True, allow_none=True)
    negative = fields.Integer(required=True, allow_none=True)
    neutral = fields.Integer(required=True, allow_none=True)
    not_concerned = fields.Integer(required=True, allow_none=True)
    note = fields.String(required=True)
    corrects_id = fields.String(required=True, allow_none=True)
    current = fields.Boolean(required=True)
    corrected = fields.Boolean(required=True)
    yours = fields.Boolean(
        required=True, metadata={"description": "Stated by the side that asks, which corrects it."}
    )
    screenshot = fields.Nested(FileRead, required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)


class PostFiguresHistory(Output):
    """All figures of a post, the latest first; `published` says whether it takes any."""

    published = fields.Boolean(required=True)
    items = fields.List(fields.Nested(PostFiguresRead), required=True)


class RefusedFigures(Output):
    """A line of the table that was not taken."""

    line = fields.Integer(required=True)
    post = fields.String(required=True)
    reason = fields.String(required=True)


class PostFiguresImported(Output):
    """What became of the lines of a table."""

    taken = fields.Integer(required=True)
    unchanged = fields.Integer(
        required=True, metadata={"description": "Lines that say what is known already."}
    )
    refused = fields.List(fields.Nested(RefusedFigures), required=True)
