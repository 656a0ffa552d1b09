"""What is told of flags and queues, with a constant number of statements a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.campaigns.models import Campaign
from app.core.actor import UserStatus
from app.core.clock import now
from app.core.extensions import db
from app.identity.models import User
from app.moderation import queries
from app.moderation.lifecycle import FLAG, FlagEvent
from app.moderation.models import Flag
from app.moderation.terms import SubjectType


def flags(rows: Sequence[Flag]) -> list[dict[str, Any]]:
    """Flags with the names of their subjects and of who raised them."""
    users = _users(
        {flag.subject_id for flag in rows if flag.subject_type is SubjectType.USER}
        | {flag.raised_by for flag in rows}
    )
    campaigns = _campaigns(
        {flag.subject_id for flag in rows if flag.subject_type is SubjectType.CAMPAIGN}
    )
    return [_flag(flag, users, campaigns) for flag in rows]


def flag(row: Flag) -> dict[str, Any]:
    """One flag."""
    return flags([row])[0]


def can_appeal(row: Flag) -> bool:
    """Whether the affected user may still answer a flag."""
    return (
        row.appeal is None and FLAG.allows(row.status, FlagEvent.APPEAL) and now() <= row.appeal_by
    )


def _flag(row: Flag, users: dict[str, User], campaigns: dict[str, Campaign]) -> dict[str, Any]:
    raised_by = users.get(row.raised_by)
    return {
        **{
            name: getattr(row, name)
            for name in (
                "id",
                "effect",
                "severity",
                "status",
                "reason",
                "evidence",
                "rule",
                "raised_by",
                "created_at",
                "appeal_by",
                "appeal",
                "decided_by",
                "decided_at",
                "decision_reason",
            )
        },
        "raised_by_name": raised_by.name if raised_by is not None else row.raised_by,
        "subject": _subject(row, users, campaigns),
        "can_appeal": can_appeal(row),
    }


def _subject(
    row: Flag, users: dict[str, User], campaigns: dict[str, Campaign]
) -> dict[str, Any] | None:
    known: dict[str, Any] = {"type": row.subject_type.value, "id": row.subject_id, "role": None}
    if row.subject_type is SubjectType.USER and (user := users.get(row.subject_id)) is not None:
        return known | {
            "name": user.name,
            "role": user.role.value,
            "status": user.status.value,
            "hidden": user.hidden,
            "suspended": user.status is UserStatus.SUSPENDED,
            "money_on_hold": user.money_on_hold,
        }
    campaign = campaigns.get(row.subject_id)
    if campaign is None:
        return None
    return known | {
        "name": campaign.title,
        "status": campaign.status.value,
        "hidden": campaign.hidden,
        "suspended": campaign.suspended,
        "money_on_hold": False,
    }


def _users(ids: set[str]) -> dict[str, User]:
    return {user.id: user for user in db.session.scalars(queries.users_named(ids))}


def _campaigns(ids: set[str]) -> dict[str, Campaign]:
    if not ids:
        return {}
    return {row.id: row for row in db.session.scalars(queries.campaigns_named(ids))}
