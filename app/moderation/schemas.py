"""Wire shapes of moderation."""

from __future__ import annotations

from marshmallow import fields, validate

from app.core.schemas import Input, Output, PageQuery, multiline, page_of, public_id, text, url
from app.moderation.lifecycle import FlagStatus
from app.moderation.terms import Effect, Severity, SubjectType


class EvidenceInput(Input):
    """One piece of evidence: what was seen, and where."""

    text = text(500, shortest=1, required=True)
    url = url(load_default=None, allow_none=True)


class EvidenceRead(Output):
    """One piece of evidence."""

    text = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)


class FlagCreate(Input):
    """A flag. Left out, the effect is suspend for a user and hide for a campaign."""

    reason = multiline(2000, load_default="", allow_none=True)
    effect = fields.Enum(Effect, by_value=True, load_default=None, allow_none=True)
    severity = fields.Enum(Severity, by_value=True, load_default=None, allow_none=True)
    evidence = fields.List(
        fields.Nested(EvidenceInput), load_default=list, validate=validate.Length(max=20)
    )


class UnflagInput(Input):
    """Which flags of the subject to lift: those with the effect, or all."""

    reason = multiline(2000, load_default=None, allow_none=True)
    effect = fields.Enum(Effect, by_value=True, load_default=None, allow_none=True)


class FlagDecisionInput(Input):
    """Whether a flag stays."""

    decision = fields.String(required=True, validate=validate.OneOf(["uphold", "lift"]))
    reason = multiline(2000, shortest=1, required=True)


class FlagSubject(Output):
    """The flagged user or campaign as it stands now."""

    type = fields.String(required=True)
    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    status = fields.String(required=True)
    hidden = fields.Boolean(required=True)
    suspended = fields.Boolean(required=True)
    money_on_hold = fields.Boolean(required=True)


class AppealRead(Output):
    """An appeal; `outcome` is empty until another admin has decided."""

    id = fields.String(required=True)
    flag_id = fields.String(required=True)
    made_by = fields.String(required=True)
    text = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    outcome = fields.Enum(FlagStatus, by_value=True, required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)


class FlagRead(Output):
    """A flag with its evidence, effect, appeal and decision."""

    id = fields.String(required=True)
    subject = fields.Nested(FlagSubject, required=True, allow_none=True)
    effect = fields.Enum(Effect, by_value=True, required=True)
    severity = fields.Enum(Severity, by_value=True, required=True)
    status = fields.Enum(FlagStatus, by_value=True, required=True)
    reason = fields.String(required=True)
    evidence = fields.List(fields.Nested(EvidenceRead), required=True)
    rule = fields.String(required=True, allow_none=True)
    raised_by = fields.String(required=True)
    raised_by_name = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    appeal_by = fields.AwareDateTime(required=True)
    appeal = fields.Nested(AppealRead, required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)


FlagPage = page_of(FlagRead)


class LiftedFlags(Output):
    """The flags that were lifted."""

    items = fields.List(fields.Nested(FlagRead), required=True)


class FlagFilters(Input):
    """Which flags."""

    status = fields.Enum(FlagStatus, by_value=True, load_default=None)
    subject_type = fields.Enum(SubjectType, by_value=True, load_default=None)
    subject_id = fields.String(load_default=None, validate=validate.Length(max=32))
    effect = fields.Enum(Effect, by_value=True, load_default=None)
    raised_by = fields.String(load_default=None, validate=validate.Length(max=32))
    undecided = fields.Boolean(load_default=None)


class FlagQuery(FlagFilters, PageQuery):
    """Which flags, and which page of them."""


class OwnFlagRead(Output):
    """A flag as the affected user sees it: what, why, until when it can be appealed."""

    id = fields.String(required=True)
    subject = fields.Nested(FlagSubject, required=True, allow_none=True)
    effect = fields.Enum(Effect, by_value=True, required=True)
    status = fields.Enum(FlagStatus, by_value=True, required=True)
    reason = fields.String(required=True)
    evidence = fields.List(fields.Nested(EvidenceRead), required=True)
    created_at = fields.AwareDateTime(required=True)
    appeal_by = fields.AwareDateTime(required=True)
    can_appeal = fields.Boolean(required=True)
    appeal = fields.Nested(AppealRead, required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decision_reason = fields.String(required=True, allow_none=True)


OwnFlagPage = page_of(OwnFlagRead)


class AppealCreate(Input):
    """The answer to a flag."""

    flag_id = public_id("flg", required=True)
    text = multiline(4000, shortest=1, required=True)


class UserDecisionInput(Input):
    """Why a user was approved or rejected; the user reads it."""

    reason = multiline(2000, load_default=None, allow_none=True)


class UserApprovalsInput(Input):
    """One decision on many pending users."""

    ids = fields.List(public_id("usr"), required=True, validate=validate.Length(min=1, max=100))
    decision = fields.String(required=True, validate=validate.OneOf(["approve", "reject"]))
    reason = multiline(2000, load_default=None, allow_none=True)


class ApprovalQuery(PageQuery):
    """Which queue."""

    kind = fields.Enum(SubjectType, by_value=True, load_default=SubjectType.USER)


class ApprovalRead(Output):
    """A user or a campaign that waits for an admin."""

    kind = fields.Enum(SubjectType, by_value=True, required=True)
    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    sponsor_id = fields.String(required=True, allow_none=True)
    sponsor_name = fields.String(required=True, allow_none=True)
    waiting_since = fields.AwareDateTime(required=True)
    waiting_seconds = fields.Integer(required=True)


class ApprovalFigure(Output):
    """How many wait in a queue, since when, and whether its switch is on."""

    count = fields.Integer(required=True)
    oldest = fields.AwareDateTime(required=True, allow_none=True)


class ApprovalCounts(Output):
    """The queues; submitted content has its own list (submissions)."""

    users = fields.Nested(ApprovalFigure, required=True)
    campaigns = fields.Nested(ApprovalFigure, required=True)
    content = fields.Nested(ApprovalFigure, required=True)


class ApprovalPage(Output):
    """A page of one queue, the longest waiting first, with the figures of all queues."""

    items = fields.List(fields.Nested(ApprovalRead), required=True)
    next = fields.String(required=True, allow_none=True)
    counts = fields.Nested(ApprovalCounts, required=True)
    switches = fields.Dict(keys=fields.String(), values=fields.Boolean(), required=True)


class SettingRead(Output):
    """One figure or switch with its bounds and what it is for."""

    name = fields.String(required=True)
    kind = fields.String(
        required=True, validate=validate.OneOf(["switch", "whole_number", "number"])
    )
    value = fields.Raw(required=True, metadata={"type": ["boolean", "number"]})
    default = fields.Raw(required=True, metadata={"type": ["boolean", "number"]})
    lowest = fields.Float(required=True, allow_none=True)
    highest = fields.Float(required=True, allow_none=True)
    unit = fields.String(required=True)
    purpose = fields.String(required=True)


class SettingList(Output):
    """All settings, by name."""

    items = fields.List(fields.Nested(SettingRead), required=True)


class SettingsUpdate(Input):
    """New values by the name of the setting; those that are left out stay."""

    values = fields.Dict(
        keys=fields.String(validate=validate.Length(min=1, max=60)),
        values=fields.Raw(allow_none=True, metadata={"type": ["boolean", "number"]}),
        required=True,
        validate=validate.Length(min=1, max=200),
    )
