"""Wire shapes of profiles and teams."""

from __future__ import annotations

from typing import Any

from marshmallow import ValidationError, fields, post_load, validate

from app.core.clock import is_known_zone
from app.core.money import is_known_currency
from app.core.schemas import (
    Input,
    MoneyRead,
    Output,
    amount,
    flag,
    multiline,
    public_id,
    text,
    whole_number,
)
from app.identity.models import MemberRole, Platform, SponsorKind
from app.identity.schemas import Email

MOST_FOLLOWERS = 10**11
_ROLES = [role.value for role in MemberRole]
_PLATFORMS = [platform.value for platform in Platform]


def currency_code(**kwargs: Any) -> fields.String:
    """An ISO currency that we know."""
    shape = {"example": "EUR", "pattern": "^[A-Z]{3}$"}
    return fields.String(validate=_known_currency, metadata=shape, **kwargs)


def time_zone_name(**kwargs: Any) -> fields.String:
    """A zone of the IANA database."""
    shape = {"example": "Europe/Berlin", "maxLength": 64}
    return fields.String(validate=_known_zone, metadata=shape, **kwargs)


class AddressOrNothing(fields.Url):
    """An http or https address of at most 2,000 characters; the empty text takes it away."""

    def __init__(self, **kwargs: Any) -> None:
        limit = validate.Length(max=2000)
        super().__init__(schemes={"http", "https"}, relative=False, validate=limit, **kwargs)

    def _validate(self, value: Any) -> None:
        if value != "":
            super()._validate(value)


def _known_currency(value: str) -> None:
    if not is_known_currency(value):
        raise ValidationError("Give a currency such as EUR.")


def _known_zone(value: str) -> None:
    if not is_known_zone(value):
        raise ValidationError("Give a time zone such as Europe/Berlin.")


class RatingRead(Output):
    """Stars that the other side gave; no average before the first."""

    average = fields.Float(required=True, allow_none=True)
    count = fields.Integer(required=True)


class PunctualityRead(Output):
    """How a sponsor pays, over the last 365 days: `count` payments, the mean days from publication
    to release, and the share that the sponsor confirmed before the deadline did (rounded down).
    Both are null below 3 payments."""

    count = fields.Integer(required=True)
    days_to_pay = fields.Float(required=True, allow_none=True)
    on_time_percent = fields.Integer(required=True, allow_none=True)
    window_days = fields.Integer(required=True)


class SponsorProfileRead(Output):
    """The sponsor as its members see it."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    industry = fields.String(required=True)
    description = fields.String(required=True)
    site = fields.String(required=True)
    country = fields.String(required=True)
    currency = fields.String(required=True)
    budget = fields.Nested(MoneyRead, required=True)
    time_zone = fields.String(required=True)
    consents_to_assignments = fields.Boolean(required=True)
    logo_file_id = fields.String(required=True, allow_none=True)
    logo_url = fields.String(required=True, allow_none=True)
    rating = fields.Nested(RatingRead, required=True)
    punctuality = fields.Nested(PunctualityRead, required=True)
    version = fields.Integer(required=True)


class SponsorProfileUpdate(Input):
    """What members may change; what is left out stays."""

    name = text(120, shortest=1)
    kind = fields.String(validate=validate.OneOf([kind.value for kind in SponsorKind]))
    industry = text(80)
    description = multiline(5000)
    site = AddressOrNothing()
    country = text(80)
    currency = currency_code()
    budget = amount()
    time_zone = time_zone_name()
    consents_to_assignments = flag()
    logo_file_id = public_id("fil", allow_none=True)

    @post_load
    def _kind(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        if "kind" in data:
            data["kind"] = SponsorKind(data["kind"])
        return data


class SponsorPublicRead(Output):
    """A sponsor as anyone sees it."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    kind = fields.String(required=True)
    industry = fields.String(required=True)
    description = fields.String(required=True)
    site = fields.String(required=True)
    country = fields.String(required=True)
    logo_url = fields.String(required=True, allow_none=True)
    rating = fields.Nested(RatingRead, required=True)
    punctuality = fields.Nested(PunctualityRead, required=True)
    since = fields.AwareDateTime(required=True)


class TeamMemberRead(Output):
    """A member of the team."""

    id = fields.String(required=True)
    user_id = fields.String(required=True)
    name = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    status = fields.String(required=True)
    since = fields.AwareDateTime(required=True)


class TeamMemberList(Output):
    """All members, the first one first."""

    items = fields.List(fields.Nested(TeamMemberRead), required=True)


class TeamMemberUpdate(Input):
    """The member's next role."""

    role = fields.String(required=True, validate=validate.OneOf(_ROLES))


class InvitationCreate(Input):
    """Whom to invite, and as what."""

    email = Email(required=True)
    role = fields.String(required=True, validate=validate.OneOf(_ROLES))


class InvitationRead(Output):
    """An invitation that stands."""

    id = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class InvitationList(Output):
    """All invitations that stand, the latest first."""

    items = fields.List(fields.Nested(InvitationRead), required=True)


class SocialAccountRead(Output):
    """A social account; `source` says whether its figures are stated or measured."""

    id = fields.String(required=True)
    platform = fields.String(required=True)
    handle = fields.String(required=True)
    url = fields.String(required=True)
    followers = fields.Integer(required=True)
    average_engagement = fields.Integer(required=True, allow_none=True)
    audience_country = fields.String(required=True)
    source = fields.String(required=True)
    verified = fields.Boolean(required=True)


class SocialAccountList(Output):
    """All accounts, the largest first."""

    items = fields.List(fields.Nested(SocialAccountRead), required=True)


class SocialAccountCreate(Input):
    """A social account with figures as its owner states them."""

    url = AddressOrNothing(load_default="")
    average_engagement = whole_number(0, MOST_FOLLOWERS, allow_none=True)
    audience_country = text(80)
    platform = fields.String(required=True, validate=validate.OneOf(_PLATFORMS))
    handle = text(120, shortest=1, required=True)
    followers = whole_number(0, MOST_FOLLOWERS, load_default=0)

    @post_load
    def _platform(self, data: dict[str, Any], **_kwargs: Any) -> dict[str, Any]:
        data["platform"] = Platform(data["platform"])
        return data


class SocialAccountUpdate(Input):
    """What the owner may change; what is left out stays."""

    url = AddressOrNothing()
    average_engagement = whole_number(0, MOST_FOLLOWERS, allow_none=True)
    audience_country = text(80)
    handle = text(120, shortest=1)
    followers = whole_number(0, MOST_FOLLOWERS)


class InfluencerProfileRead(Output):
    """The profile as its owner sees it. `reach` is an estimate from the accounts."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    bio = fields.String(required=True)
    niches = fields.List(fields.String(), required=True)
    country = fields.String(required=True)
    language = fields.String(required=True)
    price = fields.Nested(MoneyRead, required=True, allow_none=True)
    currency = fields.String(required=True)
    available = fields.Boolean(required=True)
    listed = fields.Boolean(required=True)
    photo_file_id = fields.String(required=True, allow_none=True)
    photo_url = fields.String(required=True, allow_none=True)
    reach = fields.Integer(required=True)
    followers = fields.Integer(required=True)
    engagement_rate = fields.Float(required=True, allow_none=True)
    rating = fields.Nested(RatingRead, required=True)
    accounts = fields.List(fields.Nested(SocialAccountRead), required=True)
    version = fields.Integer(required=True)


class InfluencerProfileUpdate(Input):
    """What the owner may change; what is left out stays. A null price takes the hint away."""

    name = text(120, shortest=1)
    bio = multiline(5000)
    niches = fields.List(text(60, shortest=1), validate=validate.Length(max=10))
    country = text(80)
    language = text(16)
    price = amount(allow_none=True)
    currency = currency_code()
    available = flag()
    listed = flag()
    photo_file_id = public_id("fil", allow_none=True)
