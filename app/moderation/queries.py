"""Selects of moderation."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload

from app.ad_requests import clearance
from app.ad_requests.lifecycle import DeliverableStatus
from app.ad_requests.models import Deliverable, Submission
from app.campaigns.lifecycle import Approval
from app.campaigns.models import Campaign
from app.core.actor import Actor, Role, UserStatus
from app.identity.models import SponsorMember, User
from app.moderation.lifecycle import IN_FORCE, UNDECIDED, FlagStatus
from app.moderation.models import Flag
from app.moderation.terms import Effect, SubjectType


def flags(
    *,
    status: FlagStatus | None = None,
    subject_type: SubjectType | None = None,
    subject_id: str | None = None,
    effect: Effect | None = None,
    raised_by: str | None = None,
    undecided: bool | None = None,
) -> Select[Flag]:
    """Flags with their appeals that match every given filter."""
    statement = select(Flag).options(joinedload(Flag.appeal))
    if status is not None:
        statement = statement.where(Flag.status == status)
    if subject_type is not None:
        statement = statement.where(Flag.subject_type == subject_type)
    if subject_id is not None:
        statement = statement.where(Flag.subject_id == subject_id)
    if effect is not None:
        statement = statement.where(Flag.effect == effect)
    if raised_by is not None:
        statement = statement.where(Flag.raised_by == raised_by)
    if undecided is not None:
        waits = Flag.status.in_(UNDECIDED)
        statement = statement.where(waits if undecided else ~waits)
    return statement


def flag_for_change(flag_id: str) -> Select[Flag]:
    """A flag with its appeal, locked and read anew."""
    return (
        flags()
        .where(Flag.id == flag_id)
        .with_for_update(of=Flag)
        .execution_options(populate_existing=True)
    )


def in_force(subject_type: SubjectType, subject_id: str) -> Select[Flag]:
    """The flags of a subject whose effects hold, the oldest first."""
    return (
        flags(subject_type=subject_type, subject_id=subject_id)
        .where(Flag.status.in_(IN_FORCE))
        .order_by(Flag.created_at, Flag.id)
    )


def flags_of(actor: Actor) -> Select[Flag]:
    """The flags that affect the actor: on the own account, and on campaigns of the own sponsor."""
    own = and_(Flag.subject_type == SubjectType.USER, Flag.subject_id == actor.user_id)
    if actor.sponsor_id is None:
        return flags().where(own)
    campaigns = select(Campaign.id).where(Campaign.sponsor_id == actor.sponsor_id)
    return flags().where(
        or_(
            own,
            and_(Flag.subject_type == SubjectType.CAMPAIGN, Flag.subject_id.in_(campaigns)),
        )
    )


def active_admins() -> Select[str]:
    """The ids of admins who can act, locked in a fixed order."""
    return (
        select(User.id)
        .where(User.role == Role.ADMIN, User.status == UserStatus.ACTIVE)
        .order_by(User.id)
        .with_for_update()
    )


def role_of(user_id: str) -> Select[Role]:
    """The role of a user."""
    return select(User.role).where(User.id == user_id)


def user_lock(user_id: str) -> Select[User]:
    """A user's row, locked."""
    return select(User).where(User.id == user_id).with_for_update()


def users_named(ids: Iterable[str]) -> Select[User]:
    """The users with these ids."""
    return select(User).where(User.id.in_(set(ids)))


def campaigns_named(ids: Iterable[str]) -> Select[Campaign]:
    """The campaigns with these ids, with their sponsors."""
    return select(Campaign).where(Campaign.id.in_(set(ids))).options(joinedload(Campaign.sponsor))


def pending_users() -> Select[User]:
    """Users who wait for approval, with what they sign up for."""
    return (
        select(User)
        .where(User.status == UserStatus.PENDING)
        .options(
            joinedload(User.membership).joinedload(SponsorMember.sponsor),
            joinedload(User.influencer),
        )
    )


def waiting_campaigns() -> Select[Campaign]:
    """Campaigns that wait for approval before publication."""
    return (
        select(Campaign)
        .where(Campaign.approval == Approval.WAITING)
        .options(joinedload(Campaign.sponsor))
    )


def pending_user_figures() -> Select[int, datetime | None]:
    """How many users wait for approval, and since when the first."""
    return select(func.count(), func.min(User.created_at)).where(User.status == UserStatus.PENDING)


def waiting_campaign_figures() -> Select[int, datetime | None]:
    """How many campaigns wait for approval, and since when the first."""
    return select(func.count(), func.min(Campaign.submitted_at)).where(
        Campaign.approval == Approval.WAITING
    )


def waiting_content_figures() -> Select[int, datetime | None]:
    """How many drafts wait for an admin, and since when the first."""
    return (
        select(func.count(), func.min(Submission.created_at))
        .join(Deliverable, Deliverable.id == Submission.deliverable_id)
        .where(
            Deliverable.status == DeliverableStatus.IN_REVIEW,
            Submission.answer.is_(None),
            ~clearance.cleared_since_submission(),
        )
    )


def undecided_figures() -> Select[int, datetime | None]:
    """How many flags wait for a decision, and since when the first."""
    return select(func.count(), func.min(Flag.created_at)).where(Flag.status.in_(UNDECIDED))
