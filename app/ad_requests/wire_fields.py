"""Fields that the shapes of agreements share; each is always there."""

from __future__ import annotations

from marshmallow import fields

from app.core.schemas import MoneyRead
from app.files.schemas import FileRead


def required_money() -> fields.Nested:
    """An amount with its currency."""
    return fields.Nested(MoneyRead, required=True)


def required_text(*, null: bool = False) -> fields.String:
    """A text; with `null`, also nothing."""
    return fields.String(required=True, allow_none=null)


def required_moment(*, null: bool = False) -> fields.AwareDateTime:
    """A moment; with `null`, also none yet."""
    return fields.AwareDateTime(required=True, allow_none=null)


def required_files() -> fields.List:
    """Files that hang on something."""
    return fields.List(fields.Nested(FileRead), required=True)
