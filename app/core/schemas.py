"""Wire shapes that every domain uses: money, bounded texts, strict numbers, pages."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC
from typing import Any
from urllib.parse import SplitResult, urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, post_load, validate, validates

from app.core.clock import now
from app.core.money import MAX_AMOUNT, Money, is_known_currency
from app.core.paging import DEFAULT_LIMIT, MAX_LIMIT, PageRequest
from app.core.settings import settings

__all__ = [
    "Cursor",
    "Input",
    "MoneyInput",
    "MoneyRead",
    "Output",
    "PageQuery",
    "amount",
    "day",
    "flag",
    "moment",
    "multiline",
    "page_of",
    "public_id",
    "public_ids",
    "published_url",
    "text",
    "url",
    "whole_number",
]

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
# Letters and symbols by their category, and yet nothing to see.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"


def _is_blank(character: str) -> bool:
    return not character.isprintable() or character.isspace() or character in _FILLERS


class Input(Schema):
    """Base of what comes in: unknown fields are refused."""

    class Meta:
        unknown = RAISE


class Output(Schema):
    """Base of what goes out."""


class StrictInteger(fields.Integer):
    """A whole number; booleans, floats and texts are refused."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, **kwargs)

    def _validated(self, value: Any) -> Any:
        if isinstance(value, bool | str | float):
            raise self.make_error("invalid")
        return super()._validated(value)


class MoneyRead(Output):
    """Minor units of an ISO currency."""

    amount = fields.Integer(required=True, metadata={"example": 125000})
    currency = fields.String(required=True, metadata={"example": "EUR"})


class MoneyInput(Input):
    """Minor units (1 … 10¹²) of an ISO currency."""

    amount = StrictInteger(
        required=True,
        validate=validate.Range(1, MAX_AMOUNT, error="Give an amount from {min} to {max}."),
        metadata={"example": 125000, "description": "Minor units."},
    )
    currency = fields.String(
        required=True,
        validate=validate.Regexp(r"^[A-Z]{3}\Z", error="Give a currency such as EUR."),
        metadata={"example": "EUR"},
    )

    @validates("currency")
    def _known(self, value: str, **_kwargs: Any) -> None:
        if not is_known_currency(value):
            raise ValidationError("This is no currency that we know.")

    @post_load
    def _make(self, data: dict[str, Any], **_kwargs: Any) -> Money:
        return Money(**data)


class _Text(fields.String):
    """A text without control characters, trimmed, within its length; one of blanks is empty."""

    def __init__(self, *, lines: bool, **kwargs: Any) -> None:
        self.lines = lines
        super().__init__(**kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        clean = super()._deserialize(value, attr, data, **kwargs).strip()
        if _CONTROL.search(clean) or (not self.lines and ("\n" in clean or "\t" in clean)):
            raise ValidationError("Remove the invisible control characters.")
        return "" if all(map(_is_blank, clean)) else clean


class _Flag(fields.Boolean):
    """True or false; numbers and texts are refused."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def flag(**kwargs: Any) -> _Flag:
    """True or false in a body."""
    return _Flag(**kwargs)


def text(longest: int, *, shortest: int = 0, required: bool = False, **kwargs: Any) -> _Text:
    """A line of text of `shortest` to `longest` characters."""
    return _Text(lines=False, required=required, validate=_length(shortest, longest), **kwargs)


def multiline(longest: int, *, shortest: int = 0, required: bool = False, **kwargs: Any) -> _Text:
    """A text of several lines."""
    return _Text(lines=True, required=required, validate=_length(shortest, longest), **kwargs)


def amount(**kwargs: Any) -> fields.Nested:
    """A money field; in, a `Money`."""
    return fields.Nested(MoneyInput, **kwargs)


def whole_number(lowest: int, highest: int, **kwargs: Any) -> StrictInteger:
    """An integer within bounds."""
    return StrictInteger(
        validate=validate.Range(lowest, highest, error="Give a number from {min} to {max}."),
        **kwargs,
    )


# Python reads the weeks of ISO 8601 too, and days without hyphens; hardly anybody else does.
_WRITTEN_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)


class _Day(fields.Date):
    """A day as a calendar field writes it; no other form."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _WRITTEN_DAY.fullmatch(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        return super()._deserialize(value, attr, data, **kwargs)


def day(**kwargs: Any) -> fields.Date:
    """A calendar day (YYYY-MM-DD), between 1970 and 2200."""
    return _Day(format="iso", validate=_sane_day, **kwargs)


class _Moment(fields.AwareDateTime):
    """A moment in UTC; one whose day in UTC no calendar has is refused."""

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        if not isinstance(value, str) or not _WRITTEN_DAY.match(value):
            raise self.make_error("invalid", input=value, obj_type=self.OBJ_TYPE)
        found = super()._deserialize(value, attr, data, **kwargs)
        _sane_day(found)  # before it is turned to UTC, which has no year 0 and no year 10000
        return found.astimezone(UTC)


def moment(**kwargs: Any) -> fields.AwareDateTime:
    """A moment (RFC 3339, with its offset), between 1970 and 2200; in, in UTC."""
    return _Moment(**kwargs)


def public_id(prefix: str, **kwargs: Any) -> fields.String:
    """An id of the kind that `prefix` names."""
    return fields.String(
        validate=validate.Regexp(
            rf"^{prefix}_[0-9a-z]{{1,28}}\Z", error=f"This is no id ({prefix}_…)."
        ),
        metadata={"example": f"{prefix}_01k9zyxw0123456789abcdefgh"},
        **kwargs,
    )


def public_ids(prefix: str, most: int = 100) -> fields.List:
    """Ids of the kind that `prefix` names, for one decision on all of them."""
    return fields.List(
        public_id(prefix),
        required=True,
        validate=validate.Length(1, most, error="Give {min} to {max}."),
    )


def url(**kwargs: Any) -> fields.Url:
    """An http or https address of at most 2,000 characters, without a name or password in it and
    without characters that cannot be seen."""
    return _url(_plain, **kwargs)


def published_url(**kwargs: Any) -> fields.Url:
    """The same at a host of the public internet: no number, and no name of a network's own.
    `EGRESS_HOSTS` are taken too."""
    return _url(_plain, _at_a_public_name, **kwargs)


def _url(*rules: Any, **kwargs: Any) -> fields.Url:
    checks = [validate.Length(max=2000), *rules]
    return fields.Url(schemes={"http", "https"}, relative=False, validate=checks, **kwargs)


def _plain(address: str) -> None:
    if _CONTROL.search(address) or not address.isprintable() or " " in address:
        raise ValidationError("Remove the blanks and invisible characters from the address.")
    if "@" in _parts(address).netloc:
        raise ValidationError("Give the address without a user name and password.")


# Nobody outside a network can look these up.
_OWN_NAMES = (".localhost", ".local", ".internal", ".home.arpa", ".lan")


def _at_a_public_name(address: str) -> None:
    parts = _parts(address)
    if parts.netloc.lower() in {host.lower() for host in settings().egress_hosts}:
        return
    host = unicodedata.normalize("NFKC", parts.hostname or "").rstrip(".")
    if "." not in host or host.endswith(_OWN_NAMES) or _is_number(host):
        raise ValidationError("Give the public address: the name of a site, such as example.com.")


def _is_number(host: str) -> bool:
    # The last label decides, as browsers read it: 127.1 and 0x7f.1 are numbers too.
    return ":" in host or bool(re.fullmatch(r"\d+|0x[0-9a-f]*", host.rpartition(".")[2], re.I))


def _parts(address: str) -> SplitResult:
    try:
        return urlsplit(address)
    except ValueError:
        raise ValidationError("This is no address.") from None


class PageQuery(Input):
    """Which page of a list is wanted; every list's query extends it with its filters."""

    # Query values are texts, so these are not strict integers.
    limit = fields.Integer(
        load_default=DEFAULT_LIMIT,
        validate=validate.Range(1, MAX_LIMIT, error="Give a number from {min} to {max}."),
    )
    cursor = fields.String(load_default=None, validate=validate.Length(max=2000))
    sort = fields.String(
        load_default=None,
        validate=validate.Regexp(r"^-?[a-z_]{1,40}\Z", error="This is no sort order."),
    )

    @post_load
    def _request(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        data["page"] = PageRequest(data.pop("limit"), data.pop("cursor"), data.pop("sort"))
        return data


Cursor = fields.String


def page_of(item: type[Schema], about: str = "", **more: fields.Field) -> type[Schema]:
    """The shape of a page of `item`: `{items, next, total}`, and what else it tells (`more`)."""
    name = item.__name__.removesuffix("Read") + "Page"
    return type(
        name,
        (Output,),
        {
            "__doc__": about or f"A page of {item.__name__}.",
            "items": fields.List(fields.Nested(item), required=True),
            "next": fields.String(required=True, allow_none=True),
            "total": fields.Integer(allow_none=True),
            **more,
        },
    )


def _length(shortest: int, longest: int) -> validate.Length:
    error = f"Give {shortest} to {longest} characters." if shortest else "At most {max} characters."
    return validate.Length(min=shortest or None, max=longest, error=error)


def _sane_day(value: Any) -> None:
    if not 1970 <= value.year <= 2200:
        raise ValidationError(f"Give a day between 1970 and 2200 (today is {now().date()}).")
