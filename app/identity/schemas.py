"""Wire shapes of identity."""

from __future__ import annotations

from marshmallow import fields, validate

from app.core.schemas import Input, Output, text

PASSWORD = validate.Length(min=10, max=200, error="Give 10 to 200 characters.")


class RegisterInput(Input):
    """Sign-up of a sponsor or an influencer."""

    email = fields.Email(required=True, validate=validate.Length(max=254))
    password = fields.String(required=True, load_only=True, validate=PASSWORD)
    role = fields.String(required=True, validate=validate.OneOf(["sponsor", "influencer"]))
    name = text(120, shortest=1, required=True)


class LoginInput(Input):
    """Sign-in; `transport` header answers with a token instead of cookies."""

    email = fields.String(required=True, validate=validate.Length(min=1, max=254))
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    transport = fields.String(load_default="cookie", validate=validate.OneOf(["cookie", "header"]))
    otp = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class ProfileBrief(Output):
    """The sponsor or influencer behind a user."""

    kind = fields.String(required=True)
    id = fields.String(required=True)
    name = fields.String(required=True)
    slug = fields.String(required=True)
    member_role = fields.String(required=True, allow_none=True)
    currency = fields.String(required=True)


class MeRead(Output):
    """The signed-in user."""

    id = fields.String(required=True)
    email = fields.String(required=True)
    role = fields.String(required=True)
    status = fields.String(required=True)
    status_reason = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    locale = fields.String(required=True)
    time_zone = fields.String(required=True)
    email_verified = fields.Boolean(required=True)
    totp_enabled = fields.Boolean(required=True)
    profile = fields.Nested(ProfileBrief, required=True, allow_none=True)


class SignInRead(Output):
    """The answer to a sign-in: the user and, for transport header, the access token."""

    access_token = fields.String()
    user = fields.Nested(MeRead, required=True)
