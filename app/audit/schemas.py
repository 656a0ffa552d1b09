"""Wire shapes of the trail."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from app.core.schemas import Input, Output, PageQuery, moment, page_of


def _name(longest: int, **kwargs: Any) -> fields.String:
    return fields.String(load_default=None, validate=validate.Length(min=1, max=longest), **kwargs)


class AuditFilters(Input):
    """Which entries. An action that ends with a point means all that start so (`user.`)."""

    actor = _name(32)
    action = _name(60)
    subject_type = _name(40)
    subject_id = _name(32)
    since = moment(load_default=None, metadata={"description": "Inclusive."})
    until = moment(load_default=None, metadata={"description": "Exclusive."})


class AuditQuery(AuditFilters, PageQuery):
    """Which entries, and which page of them."""


class AuditEntryRead(Output):
    """One recorded act. It has its place and digest once the chain has reached it."""

    id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    actor = fields.String(required=True)
    actor_name = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "A name, an address, `system`; null where the user is gone."},
    )
    actor_email = fields.String(required=True, allow_none=True)
    actor_role = fields.String(required=True)
    action = fields.String(required=True)
    subject_type = fields.String(required=True)
    subject_id = fields.String(required=True)
    data = fields.Dict(keys=fields.String(), required=True)
    sequence = fields.Integer(required=True, allow_none=True)
    digest = fields.String(required=True, allow_none=True)


AuditPage = page_of(AuditEntryRead)
