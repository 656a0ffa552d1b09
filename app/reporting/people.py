"""Users as admins see them: the list, and one user with all that hangs on the account."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, exists, func, or_, select

from app.ad_requests.models import AdRequest
from app.audit.models import AuditEntry
from app.campaigns.models import Campaign
from app.core.actor import Role, UserStatus
from app.core.extensions import db
from app.core.lifecycle import history
from app.core.paging import Page, PageRequest, paginate
from app.identity import queries as identity_queries
from app.identity import service as identity
from app.identity.models import User
from app.moderation import documents
from app.moderation import queries as moderation_queries
from app.moderation.lifecycle import IN_FORCE
from app.moderation.models import Flag
from app.moderation.terms import SubjectType
from app.reporting.actors import named

RECENT = 20
NEVER = datetime(1970, 1, 1, tzinfo=UTC)

_LAST_SEEN = func.coalesce(User.last_seen_at, NEVER, type_=User.last_seen_at.type)
_SORTS: dict[str, Any] = {
    "created_at": User.created_at,
    "name": User.name,
    "last_seen_at": _LAST_SEEN,
}


def users(
    request: PageRequest,
    *,
    role: Role | None = None,
    status: UserStatus | None = None,
    q: str | None = None,
    hidden: bool | None = None,
    flagged: bool | None = None,
) -> Page[dict[str, Any]]:
    """A page of users that match every filter; `q` is the start of a name or of an e-mail."""
    statement = _filtered(identity_queries.users(), role, status, q, hidden)
    if flagged is not None:
        flag = exists().where(
            Flag.subject_type == SubjectType.USER,
            Flag.subject_id == User.id,
            Flag.status.in_(IN_FORCE),
        )
        statement = statement.where(flag if flagged else ~flag)
    page = paginate(statement, request, sorts=_SORTS, default="-created_at", id_column=User.id)
    flags = _flag_counts([user.id for user in page.items])
    return Page([summary(user, flags.get(user.id, 0)) for user in page.items], page.next)


def user(user_id: str) -> dict[str, Any]:
    """Everything an admin needs to judge one user. Raises NotFound."""
    found = identity.get_user(user_id)
    flags = list(
        db.session.scalars(
            moderation_queries.flags(subject_type=SubjectType.USER, subject_id=found.id)
            .order_by(Flag.created_at.desc(), Flag.id.desc())
            .limit(RECENT)
        )
    )
    in_force = _flag_counts([found.id]).get(found.id, 0)
    changes, entries = named(history(found.id)[-RECENT:][::-1], _recent_audit(found.id))
    return summary(found, in_force) | {
        "row": found,
        "flags": documents.flags(flags),
        "history": changes,
        "recent_audit": entries,
        "campaigns": _count_by_status(Campaign, _sponsor_id(found)),
        "ad_requests": _ad_requests(found),
    }


def summary(user: User, flags: int) -> dict[str, Any]:
    """A user in a list."""
    return {
        "id": user.id,
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "status": user.status,
        "status_reason": user.status_reason,
        "hidden": user.hidden,
        "money_on_hold": user.money_on_hold,
        "email_verified": user.email_verified_at is not None,
        "totp_enabled": user.totp_confirmed_at is not None,
        "created_at": user.created_at,
        "last_seen_at": user.last_seen_at,
        "flags_in_force": flags,
        "profile": identity.profile_of(user),
    }


def _filtered(
    statement: Select[Any],
    role: Role | None,
    status: UserStatus | None,
    q: str | None,
    hidden: bool | None,
) -> Select[Any]:
    if role is not None:
        statement = statement.where(User.role == role)
    if status is not None:
        statement = statement.where(User.status == status)
    if hidden is not None:
        statement = statement.where(User.hidden.is_(hidden))
    if q:
        statement = statement.where(
            or_(
                User.email.startswith(q.lower(), autoescape=True),
                func.lower(User.name).startswith(q.lower(), autoescape=True),
                # SQLite's lower() knows ASCII letters only.
                User.name.startswith(q, autoescape=True),
            )
        )
    return statement


def _flag_counts(ids: list[str]) -> dict[str, int]:
    if not ids:
        return {}
    rows = db.session.execute(
        select(Flag.subject_id, func.count())
        .where(
            Flag.subject_type == SubjectType.USER,
            Flag.subject_id.in_(ids),
            Flag.status.in_(IN_FORCE),
        )
        .group_by(Flag.subject_id)
    )
    return {row[0]: row[1] for row in rows}


def _recent_audit(user_id: str) -> list[AuditEntry]:
    by = select(AuditEntry).where(AuditEntry.actor == user_id)
    about = select(AuditEntry).where(AuditEntry.subject_id == user_id)
    newest = (AuditEntry.at.desc(), AuditEntry.id.desc())
    # Two index reads instead of one scan over an OR.
    found = {
        entry.id: entry
        for statement in (by, about)
        for entry in db.session.scalars(statement.order_by(*newest).limit(RECENT))
    }
    return sorted(found.values(), key=lambda entry: (entry.at, entry.id), reverse=True)[:RECENT]


def _sponsor_id(user: User) -> Any:
    return Campaign.sponsor_id == (user.membership.sponsor_id if user.membership else "")


def _ad_requests(user: User) -> dict[str, int]:
    if user.influencer is not None:
        return _count_by_status(AdRequest, AdRequest.influencer_id == user.influencer.id)
    sponsor_id = user.membership.sponsor_id if user.membership else ""
    return _count_by_status(AdRequest, AdRequest.sponsor_id == sponsor_id)


def _count_by_status(model: Any, condition: Any) -> dict[str, int]:
    rows = db.session.execute(
        select(model.status, func.count()).where(condition).group_by(model.status)
    )
    return {status.value: count for status, count in rows}
