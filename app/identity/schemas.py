"""Wire shapes of sign-in and of one's own account."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

from marshmallow import ValidationError, fields, validate

from app.core.schemas import Input, Output, flag, text, whole_number

PASSWORD = validate.Length(min=10, max=200, error="Give 10 to 200 characters.")
LONGEST_EMAIL = 254
_ADDRESS = [
    validate.Length(min=1, max=LONGEST_EMAIL),
    validate.Regexp(r"\s*\S", error="Give your email address."),
]


class Email(fields.Email):
    """An email address, in lower case as it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(metadata={"maxLength": LONGEST_EMAIL}, **kwargs)

    def _deserialize(self, value: Any, attr: Any, data: Any, **kwargs: Any) -> Any:
        kept = super()._deserialize(value, attr, data, **kwargs).strip().lower()
        # Lower case may be longer, and headers of mails take printable addresses alone.
        if len(kept) > LONGEST_EMAIL or not kept.isprintable() or " " in kept:
            raise ValidationError("Give an email address such as name@example.com.")
        return kept


def new_password() -> fields.String:
    """A password that is about to be set."""
    return fields.String(required=True, load_only=True, validate=PASSWORD)


def known_password() -> fields.String:
    """A password that is compared with the present one."""
    return fields.String(required=True, load_only=True, validate=validate.Length(min=1, max=200))


def link_token() -> fields.String:
    """The token of a mailed link."""
    return fields.String(required=True, validate=validate.Length(min=1, max=2000))


class RegisterInput(Input):
    """Sign-up of a sponsor or an influencer."""

    email = Email(required=True)
    password = new_password()
    role = fields.String(required=True, validate=validate.OneOf(["sponsor", "influencer"]))
    name = text(120, shortest=1, required=True)


class LoginInput(Input):
    """Sign-in; `transport` header answers with a token instead of cookies.

    `otp` is the code of the authenticator or a recovery code.
    """

    email = fields.String(required=True, validate=_ADDRESS)
    password = fields.String(required=True, validate=validate.Length(min=1, max=200))
    transport = fields.String(load_default="cookie", validate=validate.OneOf(["cookie", "header"]))
    otp = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class PasswordResetInput(Input):
    """Whose password to reset."""

    email = fields.String(required=True, validate=_ADDRESS)


class PasswordResetConfirm(Input):
    """The mailed token and the new password."""

    token = link_token()
    password = new_password()


class EmailVerifyInput(Input):
    """The mailed token."""

    token = link_token()


class InvitationAccept(Input):
    """The mailed token, and the account to make."""

    token = link_token()
    name = text(120, shortest=1, required=True)
    password = new_password()


class PasswordChange(Input):
    """The present password and the next one."""

    current_password = known_password()
    password = new_password()


class PasswordConfirm(Input):
    """The present password."""

    password = known_password()


class IdentityConfirm(PasswordConfirm):
    """The present password, and where an authenticator is set its code or a recovery code."""

    otp = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=20))


class EmailChange(Input):
    """The new address, and the password as proof."""

    email = Email(required=True)
    password = known_password()


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
    theme = fields.String(required=True)
    email_verified = fields.Boolean(required=True)
    totp_enabled = fields.Boolean(required=True)
    team_suspended = fields.Boolean(
        required=True,
        metadata={"description": "No owner of the user's team may act: members read and no more."},
    )
    profile = fields.Nested(ProfileBrief, required=True, allow_none=True)


class SignInRead(Output):
    """The answer to a sign-in: the user and, for transport header, the access token."""

    access_token = fields.String()
    user = fields.Nested(MeRead, required=True)


class TotpSetup(Output):
    """What an authenticator needs; `qr` is a picture of `uri` as a data address."""

    secret = fields.String(required=True)
    uri = fields.String(required=True)
    qr = fields.String(required=True)


class TotpConfirm(Input):
    """The first code of the authenticator."""

    otp = fields.String(required=True, validate=validate.Length(min=6, max=20))


class RecoveryCodesRead(Output):
    """Codes that stand in for the authenticator, each once. They are shown this one time."""

    recovery_codes = fields.List(fields.String(), required=True)


class SessionRead(Output):
    """A sign-in on one device."""

    id = fields.String(required=True)
    current = fields.Boolean(required=True)
    user_agent = fields.String(required=True)
    address = fields.String(required=True)
    signed_in_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True)
    expires_at = fields.AwareDateTime(required=True)


class SessionList(Output):
    """All running sign-ins, the latest first."""

    items = fields.List(fields.Nested(SessionRead), required=True)


class SessionsEnded(Output):
    """How many sign-ins were ended."""

    ended = fields.Integer(required=True)


class ApiKeyCreate(Input):
    """A key for scripts. `write` includes reading; without `days` the key has no end."""

    name = text(80, shortest=1, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf(["read", "write"])),
        required=True,
        validate=validate.Length(min=1, max=2),
    )
    days = whole_number(1, 3650, load_default=None, allow_none=True)


class ApiKeyRead(Output):
    """A key without its secret; `hint` is how it begins."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    hint = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.AwareDateTime(required=True)
    last_used_at = fields.AwareDateTime(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True, allow_none=True)


class ApiKeyMadeRead(ApiKeyRead):
    """A new key; `key` is shown this one time."""

    key = fields.String(required=True)


class ApiKeyList(Output):
    """All keys that are not revoked, the latest first."""

    items = fields.List(fields.Nested(ApiKeyRead), required=True)


MOST_PARAMETERS = 40
_PARAMETER = re.compile(r"[a-z][a-z0-9_]{0,39}\Z")


def _parameters(value: str) -> None:
    try:
        pairs = parse_qsl(value, keep_blank_values=True, strict_parsing=True) if value else []
    except ValueError:
        pairs = [("", "")]
    if len(pairs) > MOST_PARAMETERS or not all(_PARAMETER.match(name) for name, _ in pairs):
        raise ValidationError("Give parameters of a page's address, such as status=active.")


def _view_query(**kwargs: Any) -> fields.String:
    return fields.String(
        validate=[validate.Length(max=1000), _parameters],
        metadata={"example": "status=active&sort=-created_at"},
        **kwargs,
    )


class SavedViewCreate(Input):
    """A list's filters under a name. `list` names the list, `query` is what stands behind the
    question mark of its address. A default view takes the place of the one before it."""

    list_name = fields.String(
        data_key="list",
        required=True,
        validate=validate.Regexp(r"^[a-z][a-z0-9-]{0,39}\Z", error="This is no name of a list."),
        metadata={"example": "ad-requests"},
    )
    name = text(60, shortest=1, required=True)
    query = _view_query(required=True)
    is_default = flag(load_default=False)


class SavedViewUpdate(Input):
    """What to change of a view; its list stays."""

    name = text(60, shortest=1)
    query = _view_query()
    is_default = flag()


class SavedViewRead(Output):
    """A list's filters under a name."""

    id = fields.String(required=True)
    list_name = fields.String(data_key="list", required=True)
    name = fields.String(required=True)
    query = fields.String(required=True)
    is_default = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    updated_at = fields.AwareDateTime(required=True)


class SavedViewList(Output):
    """All your views, by list and name."""

    items = fields.List(fields.Nested(SavedViewRead), required=True)
