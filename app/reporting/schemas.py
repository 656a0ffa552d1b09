"""Wire shapes of the admin's view of jobs, people and figures."""

from __future__ import annotations

from marshmallow import fields, validate

from app.audit.schemas import AuditEntryRead
from app.core.actor import Role, UserStatus
from app.core.jobs import QUEUES, JobStatus
from app.core.schemas import Input, Output, PageQuery, page_of, text
from app.identity.schemas import ProfileBrief
from app.moderation.schemas import FlagRead


class JobFilters(Input):
    """Which jobs."""

    status = fields.Enum(JobStatus, by_value=True, load_default=None)
    name = fields.String(load_default=None, validate=validate.Length(min=1, max=80))
    queue = fields.String(load_default=None, validate=validate.OneOf(QUEUES))
    requested_by = fields.String(load_default=None, validate=validate.Length(min=1, max=32))


class JobQuery(JobFilters, PageQuery):
    """Which jobs, and which page of them."""


class JobAdminRead(Output):
    """A job with all that an admin needs to see why it failed."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    queue = fields.String(required=True)
    args = fields.Dict(keys=fields.String(), required=True)
    status = fields.Enum(JobStatus, by_value=True, required=True)
    attempts = fields.Integer(required=True)
    progress = fields.Integer(required=True)
    doing = fields.String(required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True)
    requested_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    run_after = fields.AwareDateTime(required=True)
    lease_until = fields.AwareDateTime(required=True, allow_none=True)
    finished_at = fields.AwareDateTime(required=True, allow_none=True)


JobAdminPage = page_of(JobAdminRead)


class ScheduledRead(Output):
    """A line of the beat table."""

    job = fields.String(required=True)
    every_seconds = fields.Integer(required=True)
    purpose = fields.String(required=True)
    last_window_at = fields.AwareDateTime(required=True, allow_none=True)


class ScheduleRead(Output):
    """The beat table."""

    items = fields.List(fields.Nested(ScheduledRead), required=True)


class UserFilters(Input):
    """Which users. `q` is the start of a name or of an e-mail address."""

    role = fields.Enum(Role, by_value=True, load_default=None)
    status = fields.Enum(UserStatus, by_value=True, load_default=None)
    q = text(120, load_default=None)
    hidden = fields.Boolean(load_default=None)
    flagged = fields.Boolean(load_default=None)


class UserQuery(UserFilters, PageQuery):
    """Which users, and which page of them."""


class UserAdminSummary(Output):
    """A user in the admin's list."""

    id = fields.String(required=True)
    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.Enum(Role, by_value=True, required=True)
    status = fields.Enum(UserStatus, by_value=True, required=True)
    status_reason = fields.String(required=True, allow_none=True)
    hidden = fields.Boolean(required=True)
    money_on_hold = fields.Boolean(required=True)
    email_verified = fields.Boolean(required=True)
    totp_enabled = fields.Boolean(required=True)
    created_at = fields.AwareDateTime(required=True)
    last_seen_at = fields.AwareDateTime(required=True, allow_none=True)
    flags_in_force = fields.Integer(required=True)
    profile = fields.Nested(ProfileBrief, required=True, allow_none=True)


UserAdminPage = page_of(UserAdminSummary)


class StateChangeRead(Output):
    """One move of the account: who did it, when and why."""

    before = fields.String(required=True)
    after = fields.String(required=True)
    event = fields.String(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A name, an address, `system`; null where the user is gone."},
    )
    actor_email = fields.String(required=True, allow_none=True)
    actor_role = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    at = fields.AwareDateTime(required=True)


class UserAdminRead(UserAdminSummary):
    """A user with profile, flags, history and what hangs on the account."""

    flags = fields.List(fields.Nested(FlagRead), required=True)
    history = fields.List(fields.Nested(StateChangeRead), required=True)
    recent_audit = fields.List(fields.Nested(AuditEntryRead), required=True)
    campaigns = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many campaigns of the sponsor are in each state."},
    )
    ad_requests = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        required=True,
        metadata={"description": "How many ad requests of the user's side are in each state."},
    )
