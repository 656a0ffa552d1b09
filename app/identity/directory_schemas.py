"""Wire shapes of the public directory."""

from __future__ import annotations

from marshmallow import fields, validate

from app.core.schemas import MoneyRead, Output, PageQuery, page_of, text
from app.identity.models import Platform
from app.identity.profile_schemas import RatingRead, SocialAccountRead, currency_code

_PLATFORMS = [platform.value for platform in Platform]


class InfluencerSummary(Output):
    """A profile in the directory."""

    id = fields.String(required=True)
    slug = fields.String(required=True)
    name = fields.String(required=True)
    bio = fields.String(required=True, metadata={"description": "The beginning of it."})
    niches = fields.List(fields.String(), required=True)
    platforms = fields.List(fields.String(), required=True)
    country = fields.String(required=True)
    language = fields.String(required=True)
    price = fields.Nested(MoneyRead, required=True, allow_none=True)
    available = fields.Boolean(required=True)
    registered = fields.Boolean(
        required=True,
        metadata={"description": "Somebody signs in as this profile and can be offered work."},
    )
    reach = fields.Integer(required=True)
    followers = fields.Integer(required=True)
    engagement_rate = fields.Float(required=True, allow_none=True)
    rating = fields.Nested(RatingRead, required=True)
    photo_url = fields.String(required=True, allow_none=True)


class InfluencerPublicRead(InfluencerSummary):
    """A profile as anyone sees it."""

    bio = fields.String(required=True)
    accounts = fields.List(fields.Nested(SocialAccountRead), required=True)
    since = fields.AwareDateTime(required=True)


InfluencerPage = page_of(InfluencerSummary)


class InfluencerQuery(PageQuery):
    """Filters of the directory. `sort` is reach, name, rating or newest, with - turned round."""

    q = text(120, metadata={"description": "The beginning of a name, or of an @handle."})
    niche = text(60)
    country = text(80)
    language = text(16)
    platform = fields.String(validate=validate.OneOf(_PLATFORMS))
    min_reach = fields.Integer(validate=validate.Range(0, 10**15))
    max_reach = fields.Integer(validate=validate.Range(0, 10**15))
    max_price = fields.Integer(
        validate=validate.Range(0, 10**12), metadata={"description": "Minor units of currency."}
    )
    currency = currency_code(load_default="EUR")
    available = fields.Boolean()
    registered = fields.Boolean()
    min_rating = fields.Float(validate=validate.Range(0, 5))


class NicheCount(Output):
    """A niche and how many visible profiles have it."""

    niche = fields.String(required=True)
    count = fields.Integer(required=True)


class NicheList(Output):
    """The largest niches first."""

    items = fields.List(fields.Nested(NicheCount), required=True)
