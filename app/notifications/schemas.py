"""Wire shapes of the inbox, preferences, mails and jobs."""

from __future__ import annotations

from marshmallow import ValidationError, fields, validate, validates_schema

from app.core.schemas import Input, Output, PageQuery, flag, page_of, text
from app.identity.profile_schemas import time_zone_name


class NotificationRead(Output):
    """A line of the inbox. `title` and `text` are in the reader's language."""

    id = fields.String(required=True)
    kind = fields.String(required=True)
    title = fields.String(required=True)
    text = fields.String(required=True)
    params = fields.Dict(keys=fields.String(), required=True)
    subject_id = fields.String(required=True)
    url = fields.String(
        required=True, allow_none=True, metadata={"description": "A path of the page."}
    )
    created_at = fields.AwareDateTime(required=True)
    read_at = fields.AwareDateTime(required=True, allow_none=True)


class NotificationPage(Output):
    """A page of the inbox; `unread` counts all that are not read."""

    items = fields.List(fields.Nested(NotificationRead), required=True)
    next = fields.String(required=True, allow_none=True)
    unread = fields.Integer(required=True)


class NotificationQuery(PageQuery):
    """`unread=true` leaves out what was read."""

    unread = fields.Boolean(load_default=False)


class NotificationsRead(Input):
    """Which ones were read: some, or all of them."""

    ids = fields.List(
        fields.String(validate=validate.Length(max=32)), validate=validate.Length(1, 500)
    )
    all = flag()

    @validates_schema
    def _one_of_both(self, data: dict[str, object], **_kwargs: object) -> None:
        if ("ids" in data) == bool(data.get("all")):
            raise ValidationError("Give ids, or all as true.", "ids")


class NotificationsMarked(Output):
    """How many were marked, and how many are still unread."""

    marked = fields.Integer(required=True)
    unread = fields.Integer(required=True)


class PreferencesRead(Output):
    """How the user wants to be addressed. `mail` says for each kind whether it comes by mail."""

    name = fields.String(required=True)
    locale = fields.String(required=True)
    time_zone = fields.String(required=True)
    theme = fields.String(required=True)
    mail = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)


class PreferencesUpdate(Input):
    """What the user changes; what is left out stays."""

    name = text(120, shortest=1)
    locale = fields.String(
        validate=validate.Regexp(
            r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}\Z", error="Give a language such as en or vi."
        )
    )
    time_zone = time_zone_name()
    theme = fields.String(validate=validate.OneOf(["system", "light", "dark"]))
    mail = fields.Dict(
        keys=fields.String(validate=validate.Length(max=40)),
        values=flag(),
        validate=validate.Length(max=100),
    )


class MailSummary(Output):
    """A mail of the development mailbox."""

    id = fields.String(required=True)
    to = fields.String(required=True)
    kind = fields.String(required=True)
    subject = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    sent_at = fields.AwareDateTime(required=True, allow_none=True)
    refusal = fields.String(required=True, allow_none=True)


class MailRead(MailSummary):
    """A mail with its words; its link is signed when it is read."""

    text = fields.String(required=True)
    html = fields.String(required=True)


MailPage = page_of(MailSummary)


class JobRead(Output):
    """Long work. `status` is queued, running, done or failed."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    status = fields.String(required=True)
    progress = fields.Integer(required=True, metadata={"description": "0 to 100."})
    doing = fields.String(required=True, allow_none=True)
    download_url = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    created_at = fields.AwareDateTime(required=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


JobPage = page_of(JobRead)
